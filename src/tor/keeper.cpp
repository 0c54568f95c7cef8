#include "keeper.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <system_error>
#include <utility>

namespace beta::tor {
namespace {

constexpr std::size_t most_words = 4096;  // of one message; a sentence fits
constexpr char start_it = 's', end_it = 'e', reap_it = 'r';
constexpr char started = 'k', failed = 'f';

struct Message {
    std::string words;
    net::Descriptor output;
    net::Descriptor ended;
};

union Attached {  // two descriptors (cmsg(3))
    cmsghdr head;
    std::array<char, CMSG_SPACE(2 * sizeof(int))> room;
};

void send_started(int socket, const Child& child) {
    std::string words = started + std::to_string(child.pid());
    iovec part{.iov_base = words.data(), .iov_len = words.size()};
    Attached attached{};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = &attached;
    message.msg_controllen = sizeof attached.room;
    attached.head = {
        .cmsg_len = CMSG_LEN(2 * sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    const std::array<int, 2> fds{child.output(), child.ended()};
    std::memcpy(CMSG_DATA(&attached.head), fds.data(), sizeof fds);
    ::sendmsg(socket, &message, MSG_NOSIGNAL);
}

void send_words(int socket, std::string_view words) {
    words = words.substr(0, most_words);
    ::send(socket, words.data(), words.size(), MSG_NOSIGNAL);
}

/// Nothing when the other end is gone.
std::optional<Message> receive(int socket) {
    Message got{.words = std::string(most_words, '\0'), .output = {}, .ended = {}};
    iovec part{.iov_base = got.words.data(), .iov_len = got.words.size()};
    Attached attached{};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = &attached;
    message.msg_controllen = sizeof attached.room;
    ssize_t size = 0;
    do {
        size = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    } while (size < 0 && errno == EINTR);
    if (size <= 0)
        return std::nullopt;
    got.words.resize(static_cast<std::size_t>(size));
    if (message.msg_controllen >= CMSG_LEN(2 * sizeof(int)) &&
        attached.head.cmsg_type == SCM_RIGHTS) {
        std::array<int, 2> fds{};
        std::memcpy(fds.data(), CMSG_DATA(&attached.head), sizeof fds);
        got.output = net::Descriptor(fds[0]);
        got.ended = net::Descriptor(fds[1]);
    }
    return got;
}

/// The keeper has no listener, no log and no signal of the sidecar's: it ends with the socket, or
/// with the thread that made it.
int settle(int socket, pid_t parent) {
    constexpr int own = 3;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (::getppid() != parent || ::setpgid(0, 0) != 0)
        ::_exit(1);
    for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGPIPE})
        std::signal(number, SIG_IGN);
    const int nothing = ::open("/dev/null", O_RDWR);
    if (nothing < 0)
        ::_exit(1);
    for (const int standard : {0, 1, 2})
        ::dup2(nothing, standard);
    if (socket != own)
        ::dup3(socket, own, O_CLOEXEC);
    ::syscall(SYS_close_range, own + 1U, ~0U, 0U);
    return own;
}

void answer(int socket, const std::string& request, std::optional<Child>& child,
            const Keeper::Start& start) {
    if (request.front() == start_it) {
        child.reset();
        auto made = start();
        if (!made)
            return send_words(socket, failed + made.error());
        child.emplace(std::move(*made));
        return send_started(socket, *child);
    }
    if (!child)
        return send_words(socket, "nothing was started");
    if (request.front() == end_it) {
        child->end(std::chrono::milliseconds(std::atoi(request.c_str() + 1)));
        return send_words(socket, "ended");
    }
    const auto how = child->reap();
    child.reset();
    send_words(socket, how);
}

[[noreturn]] void keep(int given, pid_t parent, const Keeper::Start& start) {
    const int socket = settle(given, parent);
    {
        std::optional<Child> child;
        while (const auto request = receive(socket))
            answer(socket, request->words, child, start);
    }
    ::_exit(0);
}

}  // namespace

std::expected<Keeper, std::string> Keeper::fork(const Start& start) {
    int ends[2];
    const auto fault = [] {
        return std::unexpected("cannot make a keeper for tor: " +
                               std::generic_category().message(errno));
    };
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return fault();
    net::Descriptor ours(ends[0]);
    const net::Descriptor theirs(ends[1]);
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid == 0)
        keep(theirs.get(), parent, start);
    if (pid < 0)
        return fault();
    return Keeper(std::move(ours));
}

std::string Keeper::ask(const std::string& request) const {
    send_words(socket_.get(), request);
    const auto got = receive(socket_.get());
    return got ? got->words : "the process that keeps tor is gone";
}

std::expected<Keeper::Kept, std::string> Keeper::start() const {
    send_words(socket_.get(), std::string(1, start_it));
    auto got = receive(socket_.get());
    if (!got)
        return std::unexpected("the process that keeps tor is gone");
    if (got->words.front() != started || !got->output || !got->ended)
        return std::unexpected(got->words.substr(1));
    return Kept(*this, std::atoi(got->words.c_str() + 1), std::move(got->output),
                std::move(got->ended));
}

void Keeper::Kept::end(std::chrono::milliseconds patience) const {
    keeper_->ask(end_it + std::to_string(patience.count()));
}

std::string Keeper::Kept::reap() const {
    return keeper_->ask(std::string(1, reap_it));
}

}  // namespace beta::tor
