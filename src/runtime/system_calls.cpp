#include "system_calls.hpp"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <system_error>
#include <vector>

namespace beta::runtime {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t machine = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t machine = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t machine = 0;  // without a filter, and said so
#endif

/// What any argument may be. Each with the reason why a running sidecar makes it.
constexpr int plain[] = {
    // the data path
    SYS_read,
    SYS_write,
    SYS_readv,
    SYS_writev,
    SYS_recvfrom,
    SYS_recvmsg,
    SYS_accept4,
    SYS_accept,
    SYS_connect,
    SYS_shutdown,
    SYS_close,
    SYS_getsockopt,
    SYS_getsockname,
    SYS_getpeername,
    SYS_epoll_pwait,
    SYS_epoll_ctl,
    SYS_epoll_create1,
    SYS_ppoll,
    SYS_eventfd2,
    SYS_timerfd_create,
    SYS_timerfd_settime,
    SYS_listen,  // until every listener listens
    // files that are read anew, logs; which ones is a matter of Landlock
    SYS_openat,
    SYS_fstat,
    SYS_newfstatat,
    SYS_statx,
    SYS_lseek,
    SYS_pread64,
    SYS_getdents64,
    SYS_readlinkat,
    SYS_faccessat,
    SYS_faccessat2,
    SYS_fsync,
    SYS_fdatasync,
    SYS_flock,
    SYS_inotify_init1,
    SYS_inotify_add_watch,
    SYS_inotify_rm_watch,
    SYS_dup,
    SYS_pipe2,
    // memory; none that could be run
    SYS_brk,
    SYS_munmap,
    SYS_mremap,
    SYS_madvise,
    SYS_mlock,
    SYS_mlock2,
    SYS_munlock,
    // threads, time, signals, randomness
    SYS_futex,
    SYS_set_robust_list,
    SYS_rseq,
    SYS_sched_yield,
    SYS_sched_getaffinity,
    SYS_getcpu,
    SYS_set_tid_address,
    SYS_membarrier,
    SYS_exit,
    SYS_exit_group,
    SYS_clock_gettime,
    SYS_clock_getres,
    SYS_clock_nanosleep,
    SYS_nanosleep,
    SYS_gettimeofday,
    SYS_rt_sigaction,
    SYS_rt_sigprocmask,
    SYS_rt_sigreturn,
    SYS_sigaltstack,
    SYS_restart_syscall,
    SYS_getrandom,
    // who am I
    SYS_getpid,
    SYS_gettid,
    SYS_getppid,
    SYS_getuid,
    SYS_geteuid,
    SYS_getgid,
    SYS_getegid,
    SYS_uname,
    SYS_sysinfo,
    SYS_getcwd,
    SYS_getrusage,
    SYS_times,
    // for the last filter, that of end_listening()
    SYS_seccomp,
#if defined(__x86_64__)
    // older names of the above
    SYS_poll,
    SYS_pipe,
    SYS_epoll_wait,
    SYS_stat,
    SYS_lstat,
    SYS_readlink,
    SYS_access,
    SYS_time,
#endif
};

/// (argument & mask) == value.
struct Check {
    unsigned argument;
    std::uint32_t mask;
    std::uint32_t value;
    unsigned half = 0;  // 1: of its upper 32 bits
};

/// Possible when all checks hold; another row of the same call is another way.
struct Checked {
    int call;
    std::initializer_list<Check> checks;
};

constexpr std::uint32_t every = 0xffff'ffff;
constexpr std::uint32_t kind_of_socket = 0xf;  // the rest are SOCK_NONBLOCK and SOCK_CLOEXEC
constexpr std::uint32_t new_namespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS |
                                         CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;

const Checked checked[] = {
    // No address, so that what Landlock says of connect(2) is not gone round (TCP Fast Open).
    {SYS_sendto, {{3, MSG_FASTOPEN, 0}, {4, every, 0}, {4, every, 0, 1}}},
    {SYS_sendmsg, {{2, MSG_FASTOPEN, 0}}},
    // TCP itself: no datagrams, no raw sockets, and no MPTCP, which Landlock does not know.
    {SYS_socket, {{0, every, AF_INET}, {1, kind_of_socket, SOCK_STREAM}, {2, every, 0}}},
    {SYS_socket, {{0, every, AF_INET}, {1, kind_of_socket, SOCK_STREAM}, {2, every, IPPROTO_TCP}}},
    {SYS_socket, {{0, every, AF_INET6}, {1, kind_of_socket, SOCK_STREAM}, {2, every, 0}}},
    {SYS_socket, {{0, every, AF_INET6}, {1, kind_of_socket, SOCK_STREAM}, {2, every, IPPROTO_TCP}}},
    {SYS_socket, {{0, every, AF_UNIX}, {1, kind_of_socket, SOCK_STREAM}, {2, every, 0}}},
    {SYS_setsockopt, {{1, every, SOL_SOCKET}, {2, every, SO_LINGER}}},
    {SYS_setsockopt, {{1, every, IPPROTO_TCP}, {2, every, TCP_NODELAY}}},
    // No memory that is run: what is executable was so at the start.
    {SYS_mmap, {{2, PROT_EXEC, 0}}},
    {SYS_mprotect, {{2, PROT_EXEC, 0}}},
    // Threads, and no processes. clone3 cannot be looked into: glibc takes clone where it is
    // absent.
    {SYS_clone, {{0, CLONE_VM | CLONE_THREAD | new_namespaces, CLONE_VM | CLONE_THREAD}}},
    {SYS_prctl, {{0, every, PR_SET_NAME}}},
    {SYS_ioctl, {{1, every, FIONBIO}}},
    {SYS_ioctl, {{1, every, FIONREAD}}},
    {SYS_ioctl, {{1, every, SIOCOUTQ}}},
    {SYS_ioctl, {{1, every, TCGETS}}},
    {SYS_fcntl, {{1, every, F_DUPFD_CLOEXEC}}},
    {SYS_fcntl, {{1, every, F_GETFD}}},
    {SYS_fcntl, {{1, every, F_SETFD}}},
    {SYS_fcntl, {{1, every, F_GETFL}}},
    {SYS_fcntl, {{1, every, F_SETFL}}},
    // Limits are read, and not set.
    {SYS_prlimit64, {{0, every, 0}, {2, every, 0}, {2, every, 0, 1}}},
};

class Filter {
  public:
    /// A call by the numbers of another machine is one that no list here speaks of.
    Filter() {
        add(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch));
        unless_equal(machine, 1);
        jump_over(1);
        answer(SECCOMP_RET_KILL_PROCESS);
    }

    void answer_call(int call, std::uint32_t action) {
        load_call();
        unless_equal(static_cast<std::uint32_t>(call), 1);
        answer(action);
    }
    void allow(const Checked& row) {
        std::vector<sock_filter> checks;
        std::swap(checks, code_);
        for (const auto& check : row.checks)
            require(check);
        answer(SECCOMP_RET_ALLOW);
        std::swap(checks, code_);
        // Each check that fails leads behind the row.
        for (std::size_t i = 0; i < checks.size(); ++i) {
            if (BPF_CLASS(checks[i].code) == BPF_JMP)
                checks[i].jf = static_cast<std::uint8_t>(checks.size() - i - 1);
        }
        load_call();
        unless_equal(static_cast<std::uint32_t>(row.call), checks.size());
        code_.insert(code_.end(), checks.begin(), checks.end());
    }
    void allow(std::span<const int> calls) {
        load_call();
        for (const int call : calls) {
            unless_equal(static_cast<std::uint32_t>(call), 1);
            answer(SECCOMP_RET_ALLOW);
        }
    }
    void answer(std::uint32_t action) { add(BPF_RET | BPF_K, action); }

    /// TSYNC: of all threads, or of none. What is refused is in the kernel's audit log.
    bool install() {
        const sock_fprog program{.len = static_cast<std::uint16_t>(code_.size()),
                                 .filter = code_.data()};
        return ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                         SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_LOG |
                             SECCOMP_FILTER_FLAG_SPEC_ALLOW,
                         &program) == 0;
    }

  private:
    void add(unsigned code, std::uint32_t k, std::size_t yes = 0, std::size_t no = 0) {
        code_.push_back({static_cast<std::uint16_t>(code), static_cast<std::uint8_t>(yes),
                         static_cast<std::uint8_t>(no), k});
    }
    void load_call() { add(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)); }
    void unless_equal(std::uint32_t value, std::size_t over) {
        add(BPF_JMP | BPF_JEQ | BPF_K, value, 0, over);
    }
    void jump_over(std::uint32_t count) { add(BPF_JMP | BPF_JA, count); }
    void require(const Check& check) {
        add(BPF_LD | BPF_W | BPF_ABS,
            static_cast<std::uint32_t>(offsetof(seccomp_data, args) + 8UZ * check.argument +
                                       4UZ * check.half));  // little endian, as both machines
        add(BPF_ALU | BPF_AND | BPF_K, check.mask);
        unless_equal(check.value, 0);
    }

    std::vector<sock_filter> code_;
};

constexpr std::uint32_t refuse_with(int error) {
    return SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(error);
}

}  // namespace

/// EPERM and not the end of the process: a call that some library begins to make fails alone, and
/// no payment with it; who has taken the process over gains by neither.
std::string limit_system_calls() {
    if (machine == 0)
        return "no list of calls for this machine";
    Filter filter;
    for (const auto& row : checked)
        filter.allow(row);
    // abort(3), and no signal to anybody else.
    filter.allow({SYS_tgkill, {{0, every, static_cast<std::uint32_t>(::getpid())}}});
    filter.answer_call(SYS_clone3, refuse_with(ENOSYS));
    filter.allow(plain);
    filter.answer(refuse_with(EPERM));
    return filter.install() ? "" : "seccomp refuses: " + std::generic_category().message(errno);
}

void end_listening() noexcept {
    Filter filter;
    filter.answer_call(SYS_listen, refuse_with(EPERM));
    filter.answer_call(SYS_seccomp, refuse_with(EPERM));
    filter.answer(SECCOMP_RET_ALLOW);
    filter.install();
}

}  // namespace beta::runtime
