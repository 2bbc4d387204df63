// SPDX-License-Identifier: Apache-2.0

// Lets the wall clock of a running program jump, and leaves every other clock alone, as setting the clock does.
//
// Preloaded, it adds the seconds in the file CLOCK_JUMP_FILE (one int64_t, mapped, so that a write counts at once) to
// what the program is told of the wall clock. Timers that the kernel keeps are not moved: Jarvis has none by it.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static int (*realClock)(clockid_t, struct timespec *);
static volatile const int64_t *jump;

__attribute__((constructor)) static void prepare(void) {
    realClock = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    const char *path = getenv("CLOCK_JUMP_FILE");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    void *bytes = file < 0 ? MAP_FAILED : mmap(NULL, sizeof *jump, PROT_READ, MAP_SHARED, file, 0);
    if (!realClock || bytes == MAP_FAILED) abort();
    close(file);
    jump = bytes;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    // Others may ask before this is prepared.
    if (!realClock) realClock = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int status = realClock(clock, time);
    if (status == 0 && jump && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) time->tv_sec += *jump;
    return status;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    (void)zone;
    struct timespec now;
    int status = clock_gettime(CLOCK_REALTIME, &now);
    if (status == 0) *time = (struct timeval){.tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1000};
    return status;
}

time_t time(time_t *out) {
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
    if (out) *out = now.tv_sec;
    return now.tv_sec;
}
