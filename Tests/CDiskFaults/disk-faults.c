// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "disk_faults.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PAGE = 4096, PATH = 4096 };

struct file {
    struct file *next;
    char *name;
    unsigned char *dirty; // one byte for each page
    size_t pages;
};

struct directory {
    struct directory *next;
    char *path;
    unsigned chance;
    struct file *files;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct directory *directories;

// The directory of an open file in `path`, cut off there; its name, or NULL for what is no file.
static const char *split(int descriptor, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, PATH - 1);
    if (length <= 0 || path[0] != '/') return NULL;
    path[length] = 0;
    char *slash = strrchr(path, '/');
    *slash = 0;
    return slash + 1;
}

// The error that a call on a file is to fail with; 0: none.
static int fault(const char *directory, const char *name, const char *call) {
    char path[PATH + 16], text[96] = {0}, kind[16] = {0}, only[64] = {0};
    int code = 0;
    snprintf(path, sizeof path, "%s/disk-fault", directory);
    int marker = open(path, O_RDONLY | O_CLOEXEC);
    if (marker < 0) return 0;
    if (read(marker, text, sizeof text - 1) < 0) text[0] = 0;
    close(marker);
    int fields = sscanf(text, "%15s %d %63s", kind, &code, only);
    return fields >= 2 && strcmp(kind, call) == 0 && (fields < 3 || strcmp(only, name) == 0) ? code : 0;
}

static struct directory *watched(const char *path) {
    for (struct directory *each = directories; each; each = each->next)
        if (strcmp(each->path, path) == 0) return each;
    return NULL;
}

static struct file *known(struct directory *directory, const char *name) {
    for (struct file *each = directory->files; each; each = each->next)
        if (strcmp(each->name, name) == 0) return each;
    struct file *fresh = calloc(1, sizeof *fresh);
    fresh->name = strdup(name);
    fresh->next = directory->files;
    return directory->files = fresh;
}

static int chance(struct directory *directory) { return rand_r(&directory->chance) & 1; }

static void soil(int descriptor, off_t from, size_t count) {
    char path[PATH];
    const char *name = split(descriptor, path);
    pthread_mutex_lock(&lock);
    struct directory *directory = name ? watched(path) : NULL;
    if (directory && count) {
        struct file *file = known(directory, name);
        size_t last = (size_t)(from + (off_t)count - 1) / PAGE;
        if (last >= file->pages) {
            file->dirty = realloc(file->dirty, last + 1);
            memset(file->dirty + file->pages, 0, last + 1 - file->pages);
            file->pages = last + 1;
        }
        for (size_t page = (size_t)from / PAGE; page <= last; page++) file->dirty[page] = 1;
    }
    pthread_mutex_unlock(&lock);
}

// Brings dirty pages of a file to the disk: all, or any of them. They are clean then, whatever became of them.
static void settle(struct directory *directory, struct file *file, int all) {
    char path[2 * PATH];
    snprintf(path, sizeof path, "%s/%s", directory->path, file->name);
    int source = open(path, O_RDONLY | O_CLOEXEC);
    snprintf(path, sizeof path, "%s/.disk/%s", directory->path, file->name);
    int disk = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    struct stat status;
    if (source >= 0 && disk >= 0 && fstat(source, &status) == 0) {
        if (all && syscall(SYS_ftruncate, disk, status.st_size) != 0) abort();
        for (size_t page = 0; page < file->pages; page++) {
            char bytes[PAGE];
            if (!file->dirty[page] || !(all || chance(directory))) continue;
            ssize_t count = pread(source, bytes, PAGE, (off_t)page * PAGE);
            if (count > 0 && syscall(SYS_pwrite64, disk, bytes, (size_t)count, (off_t)page * PAGE) != count) abort();
        }
    }
    if (file->pages) memset(file->dirty, 0, file->pages);
    if (source >= 0) close(source);
    if (disk >= 0) close(disk);
}

void disk_watch(const char *path, unsigned seed) {
    pthread_mutex_lock(&lock);
    struct directory *directory = calloc(1, sizeof *directory);
    directory->path = realpath(path, NULL);
    if (!directory->path) abort();
    directory->chance = seed;
    directory->next = directories;
    directories = directory;
    pthread_mutex_unlock(&lock);
}

void disk_cut(const char *directory_path) {
    char *path = realpath(directory_path, NULL);
    if (!path) return;
    pthread_mutex_lock(&lock);
    for (struct directory **each = &directories; *each; each = &(*each)->next) {
        struct directory *directory = *each;
        if (strcmp(directory->path, path) != 0) continue;
        *each = directory->next;
        for (struct file *file = directory->files; file;) {
            struct file *next = file->next;
            settle(directory, file, 0);
            free(file->name);
            free(file->dirty);
            free(file);
            file = next;
        }
        free(directory->path);
        free(directory);
        break;
    }
    pthread_mutex_unlock(&lock);
    free(path);
}

static int sync_or_fail(int descriptor, long number) {
    char path[PATH];
    const char *name = split(descriptor, path);
    int code = name ? fault(path, name, "sync") : 0;
    int result = code ? -1 : (int)syscall(number, descriptor);
    if (name) {
        pthread_mutex_lock(&lock);
        struct directory *directory = watched(path);
        if (directory) settle(directory, known(directory, name), result == 0);
        pthread_mutex_unlock(&lock);
    }
    if (code) errno = code;
    return result;
}

static int may_write(int descriptor) {
    char path[PATH];
    const char *name = split(descriptor, path);
    int code = name && strcmp(name, "disk-fault") != 0 ? fault(path, name, "write") : 0;
    if (code) errno = code;
    return code == 0;
}

int fsync(int descriptor) { return sync_or_fail(descriptor, SYS_fsync); }

int fdatasync(int descriptor) { return sync_or_fail(descriptor, SYS_fdatasync); }

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
    if (!may_write(descriptor)) return -1;
    ssize_t written = syscall(SYS_pwrite64, descriptor, bytes, count, offset);
    if (written > 0) soil(descriptor, offset, (size_t)written);
    return written;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    return pwrite64(descriptor, bytes, count, offset);
}

int ftruncate64(int descriptor, off64_t size) {
    if (!may_write(descriptor)) return -1;
    int result = (int)syscall(SYS_ftruncate, descriptor, size);
    char path[PATH];
    const char *name = result == 0 ? split(descriptor, path) : NULL;
    if (!name) return result;
    pthread_mutex_lock(&lock);
    struct directory *directory = watched(path);
    if (directory) {
        struct file *file = known(directory, name);
        for (size_t page = ((size_t)size + PAGE - 1) / PAGE; page < file->pages; page++) file->dirty[page] = 0;
        // Nothing says when a new length reaches the disk, before the next sync.
        if (chance(directory)) {
            char shadow[2 * PATH];
            snprintf(shadow, sizeof shadow, "%s/.disk/%s", path, name);
            if (truncate(shadow, size) != 0 && errno != ENOENT) abort();
        }
    }
    pthread_mutex_unlock(&lock);
    return result;
}

int ftruncate(int descriptor, off_t size) { return ftruncate64(descriptor, size); }

int unlink(const char *path) {
    int result = (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    const char *slash = result == 0 ? strrchr(path, '/') : NULL;
    if (!slash || slash - path >= PATH) return result;
    char folder[PATH];
    memcpy(folder, path, (size_t)(slash - path));
    folder[slash - path] = 0;
    pthread_mutex_lock(&lock);
    struct directory *directory = watched(folder);
    if (directory) {
        struct file *file = known(directory, slash + 1);
        if (file->pages) memset(file->dirty, 0, file->pages);
        char shadow[2 * PATH];
        snprintf(shadow, sizeof shadow, "%s/.disk/%s", folder, slash + 1);
        syscall(SYS_unlinkat, AT_FDCWD, shadow, 0);
    }
    pthread_mutex_unlock(&lock);
    return result;
}
