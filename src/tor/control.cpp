#include "beta/tor/control.hpp"

#include "beta/tor/backoff.hpp"
#include "beta/tor/control_record.hpp"

#include "control_session.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <pthread.h>

#include <exception>
#include <mutex>
#include <random>
#include <thread>
#include <utility>
#include <vector>

namespace beta::tor {
namespace {

namespace asio = boost::asio;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

}  // namespace

struct Control::Parts {
    Parts(ControlSettings given, telemetry::EventLog& log)
        : settings(std::move(given)),
          events(log),
          record(settings.limits.circuits, settings.limits.published) {}

    asio::awaitable<void> run();
    asio::awaitable<void> hold_connection();
    ControlSession::Events session_events();
    void ended(const std::string& why);
    void stop();
    template <class Change>
    void change(Change change);

    const ControlSettings settings;
    telemetry::EventLog& events;
    std::vector<Hooks> hooks;

    mutable std::mutex mutex;  // guards `record`
    ControlRecord record;

    // The control thread's own
    asio::io_context context{1};
    asio::steady_timer pause{context};
    Backoff backoff{settings.limits.first_pause, settings.limits.longest_pause};
    std::minstd_rand chances{std::random_device{}()};
    std::shared_ptr<ControlSession> session;
    bool stopping = false;
    bool was_ready = false;  // this connection, hooks were told
    ControlState::Phase phase = ControlState::Phase::starting;
    std::string last_why;
    std::thread thread;
};

/// Changes the record, and tells the log when that makes tor ready or no longer so.
template <class Change>
void Control::Parts::change(Change change) {
    ControlState::Phase now{};
    std::string words;
    {
        const std::scoped_lock lock(mutex);
        change(record);
        now = record.state().phase();
        if (now != phase && record.state().authenticated)  // else ended() says why
            words = record.state().words();
    }
    phase = now;
    if (words.empty())
        return;
    if (now == ControlState::Phase::degraded)
        events.warn("tor is not well", {{"tor", words}});
    else
        events.info("tor has changed", {{"tor", words}});
}

asio::awaitable<void> Control::Parts::run() {
    while (!stopping) {
        co_await hold_connection();
        if (stopping)
            break;
        pause.expires_after(backoff.next(std::uniform_real_distribution{}(chances)));
        co_await pause.async_wait(as_result);
    }
}

asio::awaitable<void> Control::Parts::hold_connection() {
    session = std::make_shared<ControlSession>(context, settings, session_events());
    const auto why = co_await session->run();
    ended(why);
}

ControlSession::Events Control::Parts::session_events() {
    return {
        .connected = [this] { change([](auto& known) { known.connected(); }); },
        .authenticated =
            [this](const torctl::ProtocolInfo& info) {
                backoff.reset();
                last_why.clear();
                change([&](auto& known) { known.authenticated(info.version); });
            },
        .heard =
            [this](const torctl::Event& event) {
                change([&](auto& known) { known.heard(event); });
                for (const auto& hook : hooks) {
                    if (hook.event)
                        hook.event(event);
                }
            },
        .told =
            [this](const torctl::Reply& reply) { change([&](auto& known) { known.told(reply); }); },
        .ready =
            [this] {
                was_ready = true;
                for (const auto& hook : hooks) {
                    if (hook.ready)
                        hook.ready();
                }
            }};
}

void Control::Parts::ended(const std::string& why) {
    const auto over = std::exchange(session, nullptr);
    change([&](auto& known) { known.lost(why); });
    if (!stopping && std::exchange(last_why, why) != why)
        events.warn("tor's control port cannot be used", {{"why", why}});
    if (std::exchange(was_ready, false)) {
        for (const auto& hook : hooks) {
            if (hook.lost)
                hook.lost();
        }
    }
    over->give_up(why);
}

void Control::Parts::stop() {
    stopping = true;
    pause.cancel();
    if (session)
        session->end("the sidecar stops");
}

Control::Control(ControlSettings settings, telemetry::EventLog& events)
    : parts_(std::make_unique<Parts>(std::move(settings), events)) {}

Control::~Control() {
    stop();
}

void Control::observe(Hooks hooks) {
    parts_->hooks.push_back(std::move(hooks));
}

void Control::start() {
    auto& parts = *parts_;
    asio::co_spawn(parts.context, parts.run(), [](const std::exception_ptr& error) {
        if (error)
            std::rethrow_exception(error);  // out of memory: nothing else throws here
    });
    parts.thread = std::thread([&parts] {
        ::pthread_setname_np(::pthread_self(), "tor-control");
        parts.context.run();
    });
}

/// Everything that is under way ends by itself: no frame is left when the thread ends. Who asked
/// meanwhile is answered here.
void Control::stop() {
    if (!parts_->thread.joinable())
        return;
    asio::post(parts_->context, [parts = parts_.get()] { parts->stop(); });
    parts_->thread.join();
    parts_->context.restart();
    parts_->context.poll();
}

void Control::ask(torctl::Command command, Answer answer) {
    asio::post(parts_->context, [parts = parts_.get(), command = std::move(command),
                                 answer = std::move(answer)]() mutable {
        if (parts->session)
            return parts->session->ask(std::move(command), std::move(answer));
        answer(std::unexpected("tor's control port is not connected"));
    });
}

std::shared_ptr<const ControlState> Control::state() const {
    const std::scoped_lock lock(parts_->mutex);
    return std::make_shared<const ControlState>(parts_->record.state());
}

}  // namespace beta::tor
