// SPDX-License-Identifier: Apache-2.0
//
// Starting and awaiting processes without races. Every function returns 0 or an errno value; nothing here allocates,
// logs or retries. Needs Linux 5.9 (pidfd_open, close_range).
#ifndef CSpawn_H
#define CSpawn_H

#include <sys/types.h>

/// How a process ended.
struct jarvis_ending {
    int signalled; // 1: ended by a signal, 0: it called exit
    int number;    // the exit status, or the signal
};

/// A pipe whose two ends are close-on-exec and numbered 3 or higher, so that dup2 onto 0-2 can't clobber one.
int jarvis_pipe(int *read_end, int *write_end);

/// An eventfd that is close-on-exec and non-blocking.
int jarvis_event(int *event);

/// Starts a program in a session of its own (so pid = process group = session).
///
/// It inherits exactly the three given descriptors, the given environment, default signal handlers, an empty signal
/// mask and the root directory. A failing exec is returned as its errno; no process is left then.
/// On success the caller owns `pidfd` and must reap with jarvis_reap.
int jarvis_spawn(const char *path, char *const argv[], char *const envp[], int in, int out, int err, pid_t *pid,
                 int *pidfd);

/// Collects a child whose pidfd is readable, or waits for it when `block` is not 0.
///
/// EAGAIN: it still runs.
int jarvis_reap(int pidfd, int block, struct jarvis_ending *ending);

/// A close-on-exec descriptor that names this process and never another one that gets its number later.
int jarvis_pidfd(pid_t pid, int *pidfd);

/// Sends a signal to the process that the descriptor names.
int jarvis_pidfd_signal(int pidfd, int signal);

/// Prepares a daemon: forked twice, so that init is its parent and it never becomes our zombie; leader of its own
/// session; standard input /dev/null, both outputs `log`; nothing else inherited.
///
/// It waits before exec until jarvis_detached_release is called, so that its pid can be made durable first. When the
/// caller dies before that, the waiting process ends by itself and nothing was started.
int jarvis_detached_prepare(const char *path, char *const argv[], char *const envp[], int log, pid_t *pid, int *gate,
                            int *report);

/// Lets a prepared daemon go on to exec and closes both descriptors; returns the errno of a failed exec.
int jarvis_detached_release(int gate, int report);

#endif
