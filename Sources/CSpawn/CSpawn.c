// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CSpawn.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Moves a descriptor out of 0-2 (they are free when the service was started with them closed).
static int above_standard(int *fd) {
    if (*fd > 2) return 0;
    int moved = fcntl(*fd, F_DUPFD_CLOEXEC, 3);
    if (moved < 0) return errno;
    close(*fd);
    *fd = moved;
    return 0;
}

int jarvis_pipe(int *read_end, int *write_end) {
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) != 0) return errno;
    int error = above_standard(&fds[0]);
    if (error == 0) error = above_standard(&fds[1]);
    if (error != 0) {
        close(fds[0]);
        close(fds[1]);
        return error;
    }
    *read_end = fds[0];
    *write_end = fds[1];
    return 0;
}

int jarvis_event(int *event) {
    *event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return *event < 0 ? errno : above_standard(event);
}

int jarvis_pidfd(pid_t pid, int *pidfd) {
    // The kernel makes pidfds close-on-exec. Called by number because older C libraries lack a wrapper.
    *pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    return *pidfd < 0 ? errno : 0;
}

int jarvis_pidfd_signal(int pidfd, int signal) {
    return syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0) != 0 ? errno : 0;
}

static int standard_descriptors(posix_spawn_file_actions_t *actions, int in, int out, int err) {
    int error = posix_spawn_file_actions_adddup2(actions, in, 0);
    if (error == 0) error = posix_spawn_file_actions_adddup2(actions, out, 1);
    if (error == 0) error = posix_spawn_file_actions_adddup2(actions, err, 2);
    if (error == 0) error = posix_spawn_file_actions_addclosefrom_np(actions, 3);
    if (error == 0) error = posix_spawn_file_actions_addchdir_np(actions, "/");
    return error;
}

static int clean_attributes(posix_spawnattr_t *attributes) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int error = posix_spawnattr_setsigmask(attributes, &none);
    if (error == 0) error = posix_spawnattr_setsigdefault(attributes, &all);
    short flags = POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    if (error == 0) error = posix_spawnattr_setflags(attributes, flags);
    return error;
}

int jarvis_spawn(const char *path, char *const argv[], char *const envp[], int in, int out, int err, pid_t *pid,
                 int *pidfd) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0) return error;
    error = posix_spawnattr_init(&attributes);
    if (error == 0) {
        error = standard_descriptors(&actions, in, out, err);
        if (error == 0) error = clean_attributes(&attributes);
        if (error == 0) error = posix_spawn(pid, path, &actions, &attributes, argv, envp);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) return error;
    // No race: until it is reaped, and only we reap it, the number can't belong to another process.
    error = jarvis_pidfd(*pid, pidfd);
    if (error != 0) {
        kill(-*pid, SIGKILL);
        while (waitpid(*pid, NULL, 0) < 0 && errno == EINTR) {}
    }
    return error;
}

int jarvis_reap(int pidfd, int block, struct jarvis_ending *ending) {
    siginfo_t info;
    info.si_pid = 0;
    int result;
    do {
        // 3 is P_PIDFD, which older headers do not name.
        result = waitid((idtype_t)3, (id_t)pidfd, &info, WEXITED | (block ? 0 : WNOHANG));
    } while (result != 0 && errno == EINTR);
    if (result != 0) return errno;
    if (info.si_pid == 0) return EAGAIN;
    ending->signalled = info.si_code != CLD_EXITED;
    ending->number = info.si_status;
    return 0;
}

// The rest runs between fork and exec, where only async-signal-safe calls are allowed.

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
