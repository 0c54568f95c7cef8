#include "beta/runtime/notify.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <system_error>

namespace beta::runtime {
namespace {

constexpr timeval patience{.tv_sec = 5, .tv_usec = 0};  // a manager that does not read holds nobody

std::string_view value_of(const config::Environment& environment, std::string_view name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string_view{} : std::string_view(found->second);
}

/// 0 for what is no number, as systemd has it: the one who set it is to be asked, not to be
/// trusted.
std::int64_t number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() && value > 0 ? value : 0;
}

std::string one_line(std::string_view words) {
    std::string line(words);
    std::ranges::replace_if(line, [](unsigned char byte) { return byte < ' '; }, ' ');
    return line;
}

/// systemd knows by it which of two reloads this was.
std::int64_t monotonic_microseconds() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();  // CLOCK_MONOTONIC
    return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

std::string reason(std::string_view call) {
    return std::string(call) + ": " + std::generic_category().message(errno);
}

}  // namespace

ManagerTerms ManagerTerms::of(const config::Environment& environment, long own_pid) {
    ManagerTerms terms{.socket = std::string(value_of(environment, "NOTIFY_SOCKET"))};
    const auto pid = value_of(environment, "WATCHDOG_PID");
    if (!terms.socket.empty() && (pid.empty() || number(pid) == own_pid))
        terms.watchdog = std::chrono::microseconds(number(value_of(environment, "WATCHDOG_USEC")));
    return terms;
}

std::expected<Notify, std::string> Notify::connect(const std::string& address) {
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    if (address.size() < 2 || (address[0] != '/' && address[0] != '@'))
        return std::unexpected("it must be a path, or @ and a name");
    if (address.size() >= sizeof to.sun_path)
        return std::unexpected("it is too long");
    std::ranges::copy(address, to.sun_path);
    if (address[0] == '@')
        to.sun_path[0] = '\0';  // Linux's abstract names: not in the file system
    Notify notify(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (notify.socket_ < 0)
        return std::unexpected(reason("socket"));
    ::setsockopt(notify.socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size());
    if (::connect(notify.socket_, reinterpret_cast<const sockaddr*>(&to), size) != 0)
        return std::unexpected(reason("connect"));
    return notify;
}

Notify& Notify::operator=(Notify&& other) noexcept {
    std::swap(socket_, other.socket_);
    return *this;
}

Notify::~Notify() {
    if (socket_ >= 0)
        ::close(socket_);
}

bool Notify::ready(std::string_view status) const {
    return send("READY=1\nSTATUS=" + one_line(status));
}

bool Notify::reloading() const {
    return send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(monotonic_microseconds()) +
                "\nSTATUS=reloading");
}

bool Notify::stopping(std::string_view status) const {
    return send("STOPPING=1\nSTATUS=" + one_line(status));
}

bool Notify::ping() const {
    return send("WATCHDOG=1");
}

bool Notify::send(std::string_view lines) const {
    if (socket_ < 0)
        return true;
    const auto sent = ::send(socket_, lines.data(), lines.size(), MSG_NOSIGNAL);
    return sent == static_cast<ssize_t>(lines.size());
}

}  // namespace beta::runtime
