#include "child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

namespace beta::tor {
namespace {

std::unexpected<std::string> fault(const std::string& what) {
    return std::unexpected(what + ": " + std::generic_category().message(errno));
}

/// In the child, between fork and exec: other threads may have held any lock, so system calls only
/// (signal-safety(7)).
[[noreturn]] void become(char* const* words, int output, pid_t parent) noexcept {
    char* const environment[] = {nullptr};
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    // A group of its own: Ctrl-C in a terminal is for the sidecar, which drains first.
    if (::getppid() != parent || ::setpgid(0, 0) != 0)
        ::_exit(127);
    const int nothing = ::open("/dev/null", O_RDONLY);
    if (nothing < 0 || ::dup2(nothing, 0) < 0 || ::dup2(output, 1) < 0 || ::dup2(output, 2) < 0)
        ::_exit(127);
    ::syscall(SYS_close_range, 3U, ~0U, 0U);
    struct sigaction usual{};
    usual.sa_handler = SIG_DFL;
    for (int number = 1; number < NSIG; ++number)
        ::sigaction(number, &usual, nullptr);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::execve(words[0], words, environment);
    ::_exit(127);
}

/// No signal comes to the child while it has our handlers: they would act as if it had come to us.
pid_t fork_and_become(char* const* words, int output) noexcept {
    const pid_t parent = ::getpid();
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    const pid_t pid = ::fork();
    if (pid == 0)
        become(words, output, parent);
    const int error = errno;
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    errno = error;
    return pid;
}

}  // namespace

std::expected<Child, std::string> Child::spawn(const std::vector<std::string>& command) {
    std::vector<char*> words;
    words.reserve(command.size() + 1);
    for (const auto& word : command)
        words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        return fault("cannot make a pipe");
    net::Descriptor output(ends[0]);
    const net::Descriptor input(ends[1]);
    ::fcntl(input.get(), F_SETFL, 0);  // the child's end may block
    const pid_t pid = fork_and_become(words.data(), input.get());
    if (pid < 0)
        return fault("cannot start " + command.front());
    net::Descriptor pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U)));
    const bool watched = static_cast<bool>(pidfd);
    Child child(pid, std::move(output), std::move(pidfd));
    if (!watched)
        return fault("cannot watch " + command.front());
    return child;
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)),
      output_(std::move(other.output_)),
      pidfd_(std::move(other.pidfd_)) {}

Child::~Child() {
    if (pid_ == 0)
        return;
    ::kill(pid_, SIGKILL);
    reap();
}

void Child::end(std::chrono::milliseconds patience) {
    ::kill(pid_, SIGTERM);
    const auto deadline = std::chrono::steady_clock::now() + patience;
    pollfd watch{.fd = ended(), .events = POLLIN, .revents = 0};
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0)
            break;
        if (::poll(&watch, 1, static_cast<int>(left.count())) > 0)
            return;
    }
    ::kill(pid_, SIGKILL);
}

std::string Child::reap() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = 0;
    return WIFSIGNALED(status) ? "signal " + std::to_string(WTERMSIG(status))
                               : "exit code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace beta::tor
