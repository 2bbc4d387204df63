// SPDX-License-Identifier: Apache-2.0

// Files whose disk fails, for tests. Linked into a program or preloaded, disk-faults.c stands in front of the C
// library's calls that write and sync.
//
// A file named "disk-fault" says what fails for all files of the directory that it lies in, as long as it is there:
//   sync ERRNO     fsync and fdatasync fail, and, as on Linux, what was to be synced is clean afterwards: never written
//   write ERRNO    pwrite and ftruncate fail
// A name after it limits that to one file.
#ifndef DISK_FAULTS_H
#define DISK_FAULTS_H

// Keeps what a power cut would leave of a directory's files in its folder ".disk": only what was synced, and of the
// rest any part. Files that are there already count as synced; a copy of them in ".disk" is the caller's affair.
void disk_watch(const char *directory, unsigned seed);

// Ends that, and lets any part of what was not synced reach ".disk", as a power cut does.
void disk_cut(const char *directory);

#endif
