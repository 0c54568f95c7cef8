#include "beta/runtime/sandbox.hpp"

#include "beta/runtime/hardening.hpp"

#include "support/files.hpp"
#include "support/old_kernel.hpp"
#include "support/socket.hpp"

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>

namespace beta::runtime {
namespace {

using testing::Files;

/// What `act` says in a process of its own, which ends with it.
std::string in_a_process(const std::function<std::string()>& act) {
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        std::string words;
        try {
            words = act();
        } catch (const std::exception& thrown) {
            words = thrown.what();
        }
        [[maybe_unused]] const auto sent = ::write(ends[1], words.data(), words.size());
        ::_exit(0);
    }
    ::close(ends[1]);
    std::string words;
    std::array<char, 4096> room{};
    for (ssize_t got = 0; (got = ::read(ends[0], room.data(), room.size())) > 0;)
        words.append(room.data(), static_cast<std::size_t>(got));
    ::close(ends[0]);
    ::waitpid(child, nullptr, 0);
    return words;
}

Sandbox entered(const config::Needs& needs) {
    hide_memory();
    return Sandbox::enter(needs);
}

std::string in_a_sandbox(const config::Needs& needs, const std::function<std::string()>& act) {
    return in_a_process([&] {
        const auto sandbox = entered(needs);
        return act();
    });
}

/// False, and said: built with a sanitizer, or a kernel before 6.12.
bool can_be_whole() {
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
    WARN("nothing to test: sanitizers and the sandbox exclude each other");
    return false;
#else
    constexpr unsigned ask_version = 1;
    if (::syscall(SYS_landlock_create_ruleset, nullptr, 0, ask_version) < 6) {
        WARN("nothing to test: the kernel lacks a piece");
        return false;
    }
    REQUIRE(in_a_process([] { return entered({}).lacks(); }).empty());
    return true;
#endif
}

/// How a call ended.
std::string end_of(long result) {
    return result >= 0 ? "done" : ::strerrorname_np(errno);
}

std::string opened(const std::string& path, int flags = O_RDONLY) {
    return end_of(::open(path.c_str(), flags | O_CLOEXEC, 0600));
}

std::string called(std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return end_of(::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to));
}

struct Forbidden {
    const char* name;
    std::function<long()> call;
};

const std::vector<Forbidden>& forbidden_calls() {
    static const auto raw = [](long number, long a = 0, long b = 0, long c = 0, long d = 0) {
        return [=] { return ::syscall(number, a, b, c, d); };
    };
    static const std::vector<Forbidden> all{
        {"execve", [] { return ::execl("/bin/true", "true", nullptr); }},
        {"execveat", raw(SYS_execveat)},
        {"fork", [] { return ::fork(); }},
        {"unshare", raw(SYS_unshare)},
        {"setns", raw(SYS_setns)},
        {"ptrace", [] { return ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr); }},
        {"process_vm_readv", raw(SYS_process_vm_readv)},
        {"process_vm_writev", raw(SYS_process_vm_writev)},
        {"kill", [] { return ::kill(::getppid(), 0); }},
        {"tgkill", [] { return ::syscall(SYS_tgkill, ::getppid(), ::getppid(), 0); }},
        {"pidfd_open", raw(SYS_pidfd_open, 1)},
        {"netlink", [] { return ::socket(AF_NETLINK, SOCK_RAW, 0); }},
        {"packet", [] { return ::socket(AF_PACKET, SOCK_RAW, 0); }},
        {"vsock", [] { return ::socket(AF_VSOCK, SOCK_STREAM, 0); }},
        {"alg", [] { return ::socket(AF_ALG, SOCK_SEQPACKET, 0); }},
        {"udp", [] { return ::socket(AF_INET, SOCK_DGRAM, 0); }},
        {"raw", [] { return ::socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6); }},
        {"mptcp", [] { return ::socket(AF_INET, SOCK_STREAM, 262); }},
        {"unix datagrams", [] { return ::socket(AF_UNIX, SOCK_DGRAM, 0); }},
        {"socketpair", raw(SYS_socketpair, AF_UNIX, SOCK_STREAM)},
        {"bind", raw(SYS_bind)},
        {"fast open", [] { return ::syscall(SYS_sendmsg, 0, nullptr, MSG_FASTOPEN); }},
        {"a filter of a socket's",
         [] { return ::setsockopt(0, SOL_SOCKET, SO_ATTACH_FILTER, nullptr, 0); }},
        {"ip options", [] { return ::setsockopt(0, IPPROTO_IP, IP_TRANSPARENT, nullptr, 0); }},
        {"memory that can be run",
         [] {
             return ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                           0) == MAP_FAILED
                        ? -1
                        : 0;
         }},
        {"mprotect",
         [] {
             void* const page =
                 ::mmap(nullptr, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
             return ::mprotect(page, 4096, PROT_READ | PROT_EXEC);
         }},
        {"memfd_create", raw(SYS_memfd_create)},
        {"bpf", raw(SYS_bpf)},
        {"keyctl", raw(SYS_keyctl)},
        {"mount", raw(SYS_mount)},
        {"chroot", raw(SYS_chroot)},
        {"io_uring_setup", raw(SYS_io_uring_setup)},
        {"userfaultfd", raw(SYS_userfaultfd)},
        {"perf_event_open", raw(SYS_perf_event_open)},
        {"init_module", raw(SYS_init_module)},
        {"unlink", [] { return ::unlink("/nothing"); }},
        {"rename", [] { return ::rename("/nothing", "/nothing"); }},
        {"chmod", [] { return ::chmod("/nothing", 0); }},
        {"setuid", raw(SYS_setuid)},
        {"prctl", raw(SYS_prctl, PR_SET_DUMPABLE, 1)},
        {"terminal input", [] { return ::ioctl(0, TIOCSTI, "x"); }},
        {"setrlimit", raw(SYS_prlimit64, 0, 0, 1)},
        {"fcntl", [] { return ::fcntl(0, F_SETOWN, 1); }},
    };
    return all;
}

}  // namespace

TEST_CASE("what takes over a sandboxed process can make no call that a sidecar does not") {
    if (!can_be_whole())
        return;
    for (const auto& [name, call] : forbidden_calls()) {
        CAPTURE(name);
        CHECK(in_a_sandbox({}, [&] { return end_of(call()); }) == "EPERM");
    }
    CHECK(in_a_sandbox({}, [] {
              return end_of(::syscall(SYS_sendto, 0, "", 0, 0, "address", 16));
          }) == "EPERM");
}

TEST_CASE("files are closed but those that are named, those beside them, and what metrics read") {
    if (!can_be_whole())
        return;
    const Files files;
    files.write("ours/policy", "a");
    files.write("ours/beside", "b");
    files.write("other/file", "c");
    files.write("keys/key", "d");
    const auto at = [&](const char* name) { return (files.root() / name).string(); };
    const config::Needs needs{
        .files = {at("ours/policy")}, .folders = {at("keys")}, .logs = {}, .ports = {}};
    const auto ends = [&](const std::string& path, int flags = O_RDONLY) {
        return in_a_sandbox(needs, [&] { return opened(path, flags); });
    };
    CHECK(ends(at("ours/policy")) == "done");
    CHECK(ends(at("ours/beside")) == "done");
    CHECK(ends(at("keys/key")) == "done");
    CHECK(ends("/proc/self/stat") == "done");
    CHECK(ends("/proc/1/stat") == "done");
    CHECK(ends("/proc/uptime") == "done");
    CHECK(ends(at("other/file")) == "EACCES");
    CHECK(ends(at("ours/policy"), O_WRONLY) == "EACCES");
    CHECK(ends(at("ours/new"), O_WRONLY | O_CREAT) == "EACCES");
    CHECK(ends("/etc/passwd") == "EACCES");
    CHECK(ends("/etc/passwd", O_WRONLY) == "EACCES");
    CHECK(ends("/etc/resolv.conf") == "EACCES");
    CHECK(ends("/etc/hosts") == "EACCES");
    CHECK(ends("/proc/1/environ") == "EACCES");
    CHECK(ends("/proc/self/comm", O_WRONLY) == "EACCES");
    CHECK(ends("/dev/null", O_RDWR) == "EACCES");
}

TEST_CASE("a file that stands in a folder of the whole system is allowed alone") {
    if (!can_be_whole())
        return;
    const config::Needs needs{.files = {"/etc/hostname"}, .folders = {}, .logs = {}, .ports = {}};
    CHECK(in_a_sandbox(needs, [] { return opened("/etc/hostname"); }) != "EACCES");
    CHECK(in_a_sandbox(needs, [] { return opened("/etc/passwd"); }) == "EACCES");
}

TEST_CASE("a log is written, and made anew in its folder, and nothing there is removed") {
    if (!can_be_whole())
        return;
    const Files files;
    files.write("logs/audit", "a");
    const auto at = [&](const char* name) { return (files.root() / name).string(); };
    const config::Needs needs{.files = {}, .folders = {}, .logs = {at("logs/audit")}, .ports = {}};
    constexpr int append = O_WRONLY | O_APPEND | O_CREAT;
    CHECK(in_a_sandbox(needs, [&] { return opened(at("logs/audit"), append); }) == "done");
    CHECK(in_a_sandbox(needs, [&] { return opened(at("logs/audit")); }) == "done");
    CHECK(in_a_sandbox(needs, [&] { return opened(at("logs/audit"), O_WRONLY | O_TRUNC); }) ==
          "EACCES");
    CHECK(in_a_sandbox(needs, [&] { return opened(at("logs/new"), append); }) == "done");
    CHECK(in_a_sandbox(needs, [&] { return end_of(::unlink(at("logs/audit").c_str())); }) ==
          "EPERM");
}

TEST_CASE("TCP goes to the named ports alone, from every thread") {
    if (!can_be_whole())
        return;
    const testing::Listener ours;
    const testing::Listener other;
    const config::Needs needs{.files = {}, .folders = {}, .logs = {}, .ports = {ours.port()}};
    CHECK(in_a_sandbox(needs, [&] { return called(ours.port()); }) == "done");
    CHECK(in_a_sandbox(needs, [&] { return called(other.port()); }) == "EACCES");
    CHECK(in_a_sandbox(needs, [&] {
              std::string end;
              std::thread([&] { end = called(other.port()); }).join();
              return end;
          }) == "EACCES");
}

TEST_CASE("abstract unix sockets outside are out of reach") {
    if (!can_be_whole())
        return;
    const int outside = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    REQUIRE(::bind(outside, reinterpret_cast<sockaddr*>(&address), sizeof(sa_family_t)) == 0);
    socklen_t size = sizeof address;
    REQUIRE(::getsockname(outside, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    REQUIRE(::listen(outside, 1) == 0);
    const auto call = [&] {
        const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        return end_of(::connect(fd, reinterpret_cast<const sockaddr*>(&address), size));
    };
    CHECK(in_a_process(call) == "done");
    CHECK(in_a_sandbox({}, call) == "EPERM");
    ::close(outside);
}

TEST_CASE("who listens goes on, and nobody begins to once the doors are closed") {
    if (!can_be_whole())
        return;
    const auto listen = [] {
        return end_of(::listen(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), 1));
    };
    CHECK(in_a_process([&] {
              const auto sandbox = entered({});
              const auto before = listen();
              sandbox.close_doors();
              return before + " then " + listen();
          }) == "done then EPERM");
}

TEST_CASE("a sandbox that would leave a thread outside is none") {
    if (!can_be_whole())
        return;
    CHECK(in_a_process([] {
              std::thread waits([] { ::pause(); });
              waits.detach();
              return entered({}).lacks();
          }) == "the sandbox comes before the second thread");
}

TEST_CASE("a kernel without Landlock has the other pieces, and says which it lacks") {
    if (!can_be_whole())
        return;
    CHECK(in_a_process([] {
              if (!testing::forget_landlock())
                  return std::string("no filter");
              const auto sandbox = entered({});
              return (sandbox.is_whole() ? "whole: " : "not whole: ") + sandbox.lacks() + "; " +
                     end_of(::socket(AF_NETLINK, SOCK_RAW, 0));
          }) ==
          "not whole: files (no Landlock: Function not implemented), ports (no Landlock: "
          "Function not implemented), scope (no Landlock: Function not implemented); EPERM");
}

TEST_CASE("no sandbox is one without any piece") {
    const Sandbox none;
    CHECK_FALSE(none.is_whole());
    CHECK(none.lacks().starts_with("privileges (off), memory (off)"));
}

}  // namespace beta::runtime
