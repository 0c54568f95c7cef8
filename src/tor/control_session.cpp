#include "control_session.hpp"

#include "beta/net/listener.hpp"

#include "small_file.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <fcntl.h>
#include <sys/random.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace beta::tor {
namespace {

namespace asio = boost::asio;
using Action = torctl::Authentication::Action;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t more_than_a_cookie = 33;  // shows that a file is longer than 32 bytes

/// Not streams: there may be thousands a second, and our own we know.
constexpr torctl::EventKind wanted[] = {torctl::EventKind::status_client,
                                        torctl::EventKind::circuit, torctl::EventKind::descriptor,
                                        torctl::EventKind::liveness};

std::optional<torctl::Nonce> fresh_nonce() {
    torctl::Nonce nonce{};
    const auto got = ::getrandom(nonce.data(), nonce.size(), 0);
    return got == static_cast<ssize_t>(nonce.size()) ? std::optional(nonce) : std::nullopt;
}

int family_of(const model::Endpoint& address) noexcept {
    switch (address.kind()) {
        case model::Endpoint::Kind::ipv4:
            return AF_INET;
        case model::Endpoint::Kind::ipv6:
            return AF_INET6;
        case model::Endpoint::Kind::unix_path:
            break;
    }
    return AF_UNIX;
}

}  // namespace

ControlSession::ControlSession(asio::io_context& context, const ControlSettings& settings,
                               Events events)
    : settings_(settings),
      events_(std::move(events)),
      socket_(context),
      limit_(context),
      pause_(context),
      reader_(settings.limits.reply) {}

asio::awaitable<std::string> ControlSession::run() {
    const auto self = shared_from_this();
    authentication_ = new_authentication();
    if (authentication_ && co_await connect()) {
        events_.connected();
        act(authentication_->start());
    }
    std::array<char, 16uz * 1024> room;  // NOLINT: filled by the kernel
    while (end_.empty()) {
        const auto [error, size] = co_await socket_.async_read_some(asio::buffer(room), as_result);
        if (error)
            end("tor closed its control connection");
        else
            reader_.receive({room.data(), size});
        while (end_.empty()) {
            const auto reply = reader_.next();
            if (!reply)
                end(std::string(sentence(reply.error())));
            if (!reply || !*reply)
                break;
            take(**reply);
        }
    }
    co_return end_;
}

asio::awaitable<bool> ControlSession::connect() {
    expect("a connection");
    const auto failed = [this](int error) {
        end("cannot connect to tor's control port " + settings_.address.str() + ": " +
            std::generic_category().message(error));
        return false;
    };
    auto fd = net::connect_local(settings_.address);
    if (!fd)
        co_return failed(fd.error());
    const int own = ::fcntl(fd->get(), F_DUPFD_CLOEXEC, 0);
    if (own < 0)
        co_return failed(errno);
    socket_.assign(asio::generic::stream_protocol(family_of(settings_.address), 0), own);
    const auto [error] = co_await socket_.async_wait(socket_.wait_write, as_result);
    int problem = 0;
    socklen_t size = sizeof problem;
    if (!error && ::getsockopt(own, SOL_SOCKET, SO_ERROR, &problem, &size) != 0)
        problem = errno;
    if (problem != 0)
        co_return failed(problem);
    co_return !error && end_.empty();
}

/// The password's file is read each time, like tor's cookie: both may change while we run.
std::optional<torctl::Authentication> ControlSession::new_authentication() {
    const auto nonce = fresh_nonce();
    std::optional<std::string> password;
    if (!settings_.password_file.empty()) {
        const auto most = settings_.limits.password;
        password = read_small_file(settings_.password_file, most + 1);
        if (!password || password->size() > most)
            end("the file of tor.control_password_file cannot be read, or is no password");
        else if (password->ends_with('\n'))
            password->pop_back();
    }
    if (!nonce)
        end("the kernel has no randomness");
    return end_.empty()
               ? std::optional<torctl::Authentication>(std::in_place, *nonce, std::move(password))
               : std::nullopt;
}

void ControlSession::take(const torctl::Reply& reply) {
    if (reply.is_event()) {
        if (is_authenticated_)
            events_.heard(torctl::read_event(reply));
    } else if (!is_authenticated_) {
        nothing_is_due();
        act(authentication_->receive(reply));
    } else if (asked_.empty()) {
        end("tor answered what nobody had asked");
    } else {
        const auto answer = std::move(asked_.front().answer);
        asked_.pop_front();
        if (asked_.empty())
            nothing_is_due();
        else
            expect(asked_.front().verb);
        if (answer)
            answer(reply);
    }
}

void ControlSession::act(Action action) {
    switch (action.kind) {
        case Action::Kind::send:
            expect(std::string(action.command->verb()));
            return send(action.command->bytes());
        case Action::Kind::read_cookie: {
            const auto& named = settings_.cookie_file.empty() ? action.path : settings_.cookie_file;
            const auto cookie = read_small_file(named, more_than_a_cookie);
            return act(authentication_->cookie(cookie));
        }
        case Action::Kind::done:
            return begin();
        case Action::Kind::failed:
            return end(std::string(sentence(action.fault)));
    }
}

void ControlSession::begin() {
    is_authenticated_ = true;
    events_.authenticated(authentication_->info());
    authentication_.reset();
    ask(torctl::Command::set_events(wanted),
        [this](const std::expected<torctl::Reply, std::string>& reply) {
            if (reply && !reply->is_ok())
                end("tor tells of no events: " + reply->summary());
        });
    look();
}

void ControlSession::look() {
    auto command =
        is_ready_
            ? torctl::Command::get_info(
                  {"status/bootstrap-phase", "status/circuit-established", "network-liveness"})
            : torctl::Command::get_info({"status/bootstrap-phase", "status/circuit-established",
                                         "network-liveness", "circuit-status"});
    ask(std::move(*command), [this](std::expected<torctl::Reply, std::string> reply) {
        if (reply)
            told(std::move(reply));
    });
}

void ControlSession::told(std::expected<torctl::Reply, std::string> reply) {
    if (!end_.empty())
        return;
    events_.told(*reply);
    if (!std::exchange(is_ready_, true))
        events_.ready();
    look_again_later();
}

void ControlSession::look_again_later() {
    pause_.expires_after(settings_.limits.poll_time);
    pause_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
        if (!error && self->end_.empty())
            self->look();
    });
}

void ControlSession::ask(torctl::Command command, Control::Answer answer) {
    if (!is_authenticated_ || !end_.empty())
        return answer(std::unexpected("tor's control port is not connected"));
    if (asked_.size() == settings_.limits.waiting)
        return answer(std::unexpected("too many commands wait for tor's control port"));
    if (asked_.empty())
        expect(std::string(command.verb()));
    asked_.push_back({.verb = std::string(command.verb()), .answer = std::move(answer)});
    send(command.bytes());
}

void ControlSession::end(std::string why) {
    if (!end_.empty())
        return;
    end_ = std::move(why);
    nothing_is_due();
    pause_.cancel();
    boost::system::error_code ignored;
    socket_.close(ignored);
}

void ControlSession::give_up(const std::string& why) {
    for (auto asked = std::exchange(asked_, {}); auto& one : asked) {
        if (one.answer)
            one.answer(std::unexpected(why));
    }
}

void ControlSession::send(std::string_view bytes) {
    to_send_ += bytes;
    if (sending_.empty())
        write();
}

void ControlSession::write() {
    sending_ = std::exchange(to_send_, {});
    asio::async_write(socket_, asio::buffer(sending_),
                      [self = shared_from_this()](const boost::system::error_code& error, auto) {
                          self->sending_.clear();
                          if (!error && !self->to_send_.empty())  // an error: read sees it too
                              self->write();
                      });
}

/// One limit is enough: replies come in the order of the commands.
void ControlSession::expect(std::string what) {
    limit_.expires_after(settings_.limits.reply_time);
    limit_.async_wait([self = shared_from_this(),
                       what = std::move(what)](const boost::system::error_code& error) {
        // A reply that came in the same moment has moved the limit.
        if (!error && self->limit_.expiry() <= std::chrono::steady_clock::now())
            self->end("tor's control port is silent, " + what + " is due");
    });
}

void ControlSession::nothing_is_due() {
    limit_.expires_at(std::chrono::steady_clock::time_point::max());
}

}  // namespace beta::tor
