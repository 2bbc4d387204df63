// SPDX-License-Identifier: Apache-2.0

// Teaches the thread sanitizer the standard library's Mutex.
//
// Synchronization.Mutex takes its lock with an atomic of the caller's code, which the sanitizer sees, and under
// contention with a futex inside libswiftSynchronization.so, which it does not: it then reports races on correct
// programs. Preloaded, these functions stand in front of the library's three slow paths and say what they order.
// The symbols are those of Swift 6 (`swift demangle`): _MutexHandle._lockSlow(UInt32), _tryLockSlow(), _unlockSlow().
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

extern void __tsan_acquire(void *) __attribute__((weak));
extern void __tsan_release(void *) __attribute__((weak));

static void *next(const char *name) {
    void *symbol = dlsym(RTLD_NEXT, name);
    if (!symbol) abort();
    return symbol;
}

SWIFT void lockSlow(uint32_t thread, SELF void *handle) __asm__("$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");
SWIFT void lockSlow(uint32_t thread, SELF void *handle) {
    static SWIFT void (*real)(uint32_t, SELF void *);
    if (!real) real = (SWIFT void (*)(uint32_t, SELF void *))next("$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");
    real(thread, handle);
    if (__tsan_acquire) __tsan_acquire(handle);
}

SWIFT bool tryLockSlow(SELF void *handle) __asm__("$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF");
SWIFT bool tryLockSlow(SELF void *handle) {
    static SWIFT bool (*real)(SELF void *);
    if (!real) real = (SWIFT bool (*)(SELF void *))next("$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF");
    bool locked = real(handle);
    if (locked && __tsan_acquire) __tsan_acquire(handle);
    return locked;
}

SWIFT void unlockSlow(SELF void *handle) __asm__("$s15Synchronization12_MutexHandleV11_unlockSlowyyF");
SWIFT void unlockSlow(SELF void *handle) {
    static SWIFT void (*real)(SELF void *);
    if (!real) real = (SWIFT void (*)(SELF void *))next("$s15Synchronization12_MutexHandleV11_unlockSlowyyF");
    if (__tsan_release) __tsan_release(handle);
    real(handle);
}
