// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CSpawn.h"

#include <errno.h>
#include <fcntl.h>
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
