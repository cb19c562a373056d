// SPDX-License-Identifier: Apache-2.0
//
// Sources: seccomp(2), prctl(2), landlock(7), setrlimit(2), close_range(2); Linux 5.13 or later for
// all of it, and what an older kernel lacks is named below.

#define _GNU_SOURCE
#include "lockin.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define THIS_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define THIS_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "name the audit architecture of this processor"
#endif

// A receipt takes some 20 ms. A statement of twenty pages takes a fifth of a second.
#define PROCESSOR_SECONDS_MAX 2
// The libraries alone map 60 MB; a receipt with pictures needs 20 MB more.
#define ADDRESS_SPACE_BYTES_MAX (192UL << 20)

static int limit(int resource, rlim_t most) {
    struct rlimit wanted = {.rlim_cur = most, .rlim_max = most};
    struct rlimit now;
    if (getrlimit(resource, &now) != 0) return -1;
    if (now.rlim_max < most) wanted.rlim_cur = wanted.rlim_max = now.rlim_max;
    return setrlimit(resource, &wanted);
}

static int limit_resources(void) {
    if (limit(RLIMIT_CPU, PROCESSOR_SECONDS_MAX) != 0) return -1;
    if (limit(RLIMIT_AS, ADDRESS_SPACE_BYTES_MAX) != 0) return -1;
    if (limit(RLIMIT_FSIZE, 0) != 0) return -1;
    if (limit(RLIMIT_CORE, 0) != 0) return -1;
    if (limit(RLIMIT_NPROC, 0) != 0) return -1;
    // Descriptors 0, 1 and 2 stay; no number is left for a further one.
    return limit(RLIMIT_NOFILE, 3);
}

// The file system, for kernels that can (5.13): all of it is closed. What the filter below lets
// through to no effect would fail here too.
static void close_file_system(void) {
#ifdef SYS_landlock_create_ruleset
    struct landlock_ruleset_attr all = {
        .handled_access_fs = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1};
    int rules = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
    if (rules < 0) return;
    syscall(SYS_landlock_restrict_self, rules, 0);
    close(rules);
#endif
}

#define ARGUMENT(n) ((uint32_t)(offsetof(struct seccomp_data, args) + (n) * sizeof(uint64_t)))
#define LOAD(place) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (place))
#define RETURN(what) BPF_STMT(BPF_RET | BPF_K, (what))
#define IF_EQUAL(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), (yes), (no))
#define IF_ANY_BIT(bits, yes, no) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (bits), (yes), (no))

#define ALLOW(call) IF_EQUAL(SYS_##call, 0, 1), RETURN(SECCOMP_RET_ALLOW)
#define REFUSE(call, error) IF_EQUAL(SYS_##call, 0, 1), RETURN(SECCOMP_RET_ERRNO | (error))
// Allowed unless one of the bits is set in an argument; then the end.
#define ALLOW_WITHOUT(call, argument, bits)                                                      \
    IF_EQUAL(SYS_##call, 0, 4), LOAD(ARGUMENT(argument)), IF_ANY_BIT((bits), 0, 1),              \
        RETURN(SECCOMP_RET_KILL_PROCESS), RETURN(SECCOMP_RET_ALLOW)
// Refused, since libraries look for their tables; with one of the bits set, the end.
#define REFUSE_WITHOUT(call, argument, bits)                                                     \
    IF_EQUAL(SYS_##call, 0, 4), LOAD(ARGUMENT(argument)), IF_ANY_BIT((bits), 0, 1),              \
        RETURN(SECCOMP_RET_KILL_PROCESS), RETURN(SECCOMP_RET_ERRNO | EACCES)

#define WRITING (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND)

static const struct sock_filter calls[] = {
    LOAD(offsetof(struct seccomp_data, arch)),
    IF_EQUAL(THIS_ARCHITECTURE, 1, 0),
    RETURN(SECCOMP_RET_KILL_PROCESS),
    LOAD(offsetof(struct seccomp_data, nr)),

    ALLOW(read),
    ALLOW(write),
    ALLOW(close),
    ALLOW(exit),
    ALLOW(exit_group),
    // Memory, never to be run.
    ALLOW(brk),
    ALLOW(munmap),
    ALLOW(mremap),
    ALLOW(madvise),
    ALLOW_WITHOUT(mmap, 2, PROT_EXEC),
    ALLOW_WITHOUT(mprotect, 2, PROT_EXEC),
    // What the C library asks for by itself.
    ALLOW(futex),
    ALLOW(rt_sigaction),
    ALLOW(rt_sigprocmask),
    ALLOW(rt_sigreturn),
    ALLOW(clock_gettime),
    ALLOW(gettimeofday),
    ALLOW(getrandom),
    ALLOW(sysinfo),
    ALLOW(sched_yield),
    ALLOW(lseek),
    ALLOW(fstat),
    ALLOW(getpid),
    ALLOW(gettid),
    // No signals: tgkill would reach every process of the user, the agent too. abort() asks for it
    // and is ended here instead.
    // Looked for and not found: character maps, time zones, the name of a terminal.
    REFUSE(ioctl, ENOTTY),
    REFUSE(newfstatat, EACCES),
    REFUSE(readlinkat, EACCES),
    REFUSE(faccessat, EACCES),
    REFUSE_WITHOUT(openat, 2, WRITING),
#ifdef SYS_open
    REFUSE_WITHOUT(open, 1, WRITING),
    REFUSE(stat, EACCES),
    REFUSE(lstat, EACCES),
    REFUSE(access, EACCES),
    REFUSE(readlink, EACCES),
#endif

    RETURN(SECCOMP_RET_KILL_PROCESS),
};

static int filter_calls(void) {
    struct sock_fprog program = {
        .len = sizeof calls / sizeof calls[0], .filter = (struct sock_filter *)calls};
    // By prctl, which service managers leave to their services more often than seccomp(2).
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}

// When memory gets short, this process goes and not the one that started it.
static void offer_to_die(void) {
    int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (file < 0) return;
    if (write(file, "1000", 4) != 4) { /* Then the kernel chooses by itself. */ }
    close(file);
}

int lock_in(void) {
    offer_to_die();
    // Whoever started this is gone: nobody waits for the text.
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return -1;
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return -1;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
    if (syscall(SYS_close_range, 3U, ~0U, 0U) != 0) return -1;
    close_file_system();
    if (limit_resources() != 0) return -1;
    return filter_calls();
}
