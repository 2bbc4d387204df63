// SPDX-License-Identifier: Apache-2.0

// Lets the disk of a running program be slow: whoever waits for a sync waits longer, and for everything else nothing
// changes.
//
// Preloaded, it adds the microseconds in the file SLOW_DISK_FILE (one int64_t, mapped, so that a write counts at once)
// to every sync, before it is done.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static volatile const int64_t *delay;

__attribute__((constructor)) static void prepare(void) {
    const char *path = getenv("SLOW_DISK_FILE");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    void *bytes = file < 0 ? MAP_FAILED : mmap(NULL, sizeof *delay, PROT_READ, MAP_SHARED, file, 0);
    // Programs that this one starts may have neither.
    if (bytes != MAP_FAILED) delay = bytes;
    if (file >= 0) close(file);
}

static int late(long number, int descriptor) {
    int64_t left = delay ? *delay : 0;
    struct timespec pause = {.tv_sec = left / 1000000, .tv_nsec = left % 1000000 * 1000};
    while (left > 0 && nanosleep(&pause, &pause) != 0) {}
    return (int)syscall(number, descriptor);
}

int fsync(int descriptor) { return late(SYS_fsync, descriptor); }

int fdatasync(int descriptor) { return late(SYS_fdatasync, descriptor); }
