// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CSpawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Between fork and exec only async-signal-safe calls are allowed, which is all that the first functions here make.

static void default_signals(void) {
    struct sigaction action = {.sa_handler = SIG_DFL};
    for (int number = 1; number < NSIG; number++) sigaction(number, &action, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

// Closes everything from 3 on but two descriptors. A daemon that waits must not hold the ends of other children's
// pipes or of another waiting daemon's gate: they would never see the end of them.
static int keep_only(int one, int other) {
    unsigned low = (unsigned)(one < other ? one : other), high = (unsigned)(one < other ? other : one);
    if (low > 3 && syscall(SYS_close_range, 3U, low - 1, 0) != 0) return -1;
    if (high > low + 1 && syscall(SYS_close_range, low + 1, high - 1, 0) != 0) return -1;
    return (int)syscall(SYS_close_range, high + 1, ~0U, 0);
}

static void become_daemon(const char *path, char *const argv[], char *const envp[], int log, int gate, int report) {
    char go;
    ssize_t got;
    setsid();
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    int ready = null >= 0 && dup2(log, 1) == 1 && dup2(log, 2) == 2 && dup2(null, 0) == 0 && chdir("/") == 0 &&
                keep_only(gate, report) == 0; // gate and report are close-on-exec
    int error = errno;
    do got = read(gate, &go, 1);
    while (got < 0 && errno == EINTR);
    if (got != 1) _exit(1); // our parent is gone: nobody has noted this pid, so nothing may start
    if (ready) {
        default_signals();
        execve(path, argv, envp);
        error = errno;
    }
    if (write(report, &error, sizeof error) < 0) _exit(126);
    _exit(127);
}

int jarvis_detached_prepare(const char *path, char *const argv[], char *const envp[], int log, pid_t *pid, int *gate,
                            int *report) {
    int gate_read, gate_write, report_read, report_write, pids[2];
    int error = jarvis_pipe(&gate_read, &gate_write);
    if (error != 0) return error;
    error = jarvis_pipe(&report_read, &report_write);
    if (error != 0) {
        close(gate_read);
        close(gate_write);
        return error;
    }
    error = jarvis_pipe(&pids[0], &pids[1]);
    if (error != 0) {
        close(gate_read);
        close(gate_write);
        close(report_read);
        close(report_write);
        return error;
    }
    pid_t middle = fork();
    if (middle == 0) {
        pid_t daemon = fork();
        if (daemon == 0) become_daemon(path, argv, envp, log, gate_read, report_write);
        int failed = daemon < 0 || write(pids[1], &daemon, sizeof daemon) != (ssize_t)sizeof daemon;
        _exit(failed);
    }
    error = middle < 0 ? errno : 0;
    close(gate_read);
    close(report_write);
    close(pids[1]);
    if (error == 0) {
        ssize_t got;
        do got = read(pids[0], pid, sizeof *pid);
        while (got < 0 && errno == EINTR);
        if (got != (ssize_t)sizeof *pid) error = EAGAIN; // the second fork failed: too many processes
        while (waitpid(middle, NULL, 0) < 0 && errno == EINTR) {}
    }
    close(pids[0]);
    if (error != 0) {
        close(gate_write);
        close(report_read);
        return error;
    }
    *gate = gate_write;
    *report = report_read;
    return 0;
}

int jarvis_detached_release(int gate, int report) {
    int error = 0;
    ssize_t got;
    char go = 1;
    // A prepared daemon that somebody killed has closed the gate; the caller runs with SIGPIPE blocked or ignored.
    if (write(gate, &go, 1) != 1) error = errno;
    close(gate);
    if (error == 0) {
        int failure;
        do got = read(report, &failure, sizeof failure);
        while (got < 0 && errno == EINTR);
        if (got == (ssize_t)sizeof failure) error = failure;
    }
    close(report);
    return error;
}
