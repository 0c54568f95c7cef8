#include "beta/app/app_health.hpp"

#include "beta/app/routes.hpp"
#include "beta/telemetry/build_info.hpp"

#include <array>
#include <chrono>
#include <string_view>
#include <utility>

namespace beta::app {
namespace {

using model::Failure;
using probe::Checkup;
using std::chrono::milliseconds;

/// The app knows itself by this name: callers' requests come with it too.
std::string request_of(const config::Config& config) {
    const auto& path = config.app_health.path;
    if (path.empty())
        return {};
    return "GET " + path + " HTTP/1.1\r\nHost: " + config.service.str() +
           "\r\nUser-Agent: beta-sidecar/" + std::string(telemetry::build_info().version) +
           " (health)\r\nAccept: */*\r\nConnection: close\r\n\r\n";
}

}  // namespace

AppHealth::AppHealth(const config::Config& config, const model::Endpoint& app,
                     telemetry::EventLog& events)
    : settings_(config.app_health),
      events_(events),
      request_(request_of(config)),
      health_({.failures = settings_.failures, .successes = settings_.successes}),
      seen_{.is_up = {}, .words = health_.words()},
      route_(to_app(app)) {
    worker_.wheel().arm(*this, milliseconds{0});
}

AppHealth::~AppHealth() {
    stop();
    cancel();
    stream_.reset();
    if (connector_) {
        connector_->abandon();
        worker_.poller().retire(std::move(connector_));
    }
    worker_.poller().bury();
}

void AppHealth::start() {
    worker_.start();
}

void AppHealth::stop() {
    worker_.stop();
}

void AppHealth::expired() {
    stream_ ? checked({.result = Checkup::Result::too_slow}) : begin();
}

void AppHealth::begin() {
    began_ = std::chrono::steady_clock::now();
    connector_ = std::make_unique<tor::Connector>(worker_, shard_, route_);
    connector_->start([this](auto outcome) { connected(std::move(outcome)); }, settings_.timeout);
}

void AppHealth::connected(std::expected<net::StreamHandle, Failure> outcome) {
    worker_.poller().retire(std::move(connector_));
    if (!outcome)
        return checked({.result = outcome.error() == Failure::connect_timeout
                                      ? Checkup::Result::too_slow
                                      : Checkup::Result::refused});
    if (request_.empty())
        return checked({});
    stream_ = std::move(*outcome);
    stream_->set_owner(this);
    heard_.clear();
    if (stream_->write(request_).bytes != request_.size())  // into an empty buffer
        return checked({.result = Checkup::Result::closed});
    const auto took = std::chrono::steady_clock::now() - began_;
    worker_.wheel().arm(*this, std::chrono::ceil<milliseconds>(settings_.timeout - took));
    stream_ready();
}

void AppHealth::stream_ready() {
    std::array<char, 256> bytes;  // NOLINT: filled by the kernel
    while (stream_) {
        const auto result = stream_->read(bytes);
        if (result.state == net::IoState::would_block)
            return;
        if (result.state != net::IoState::ok)
            return checked({.result = Checkup::Result::closed});
        heard_.append(bytes.data(), result.bytes);
        if (const auto checkup = probe::checkup_of(heard_))
            return checked(*checkup);
    }
}

void AppHealth::checked(const Checkup& checkup) {
    stream_.reset();
    const auto before = health_.is_up();
    const auto app = route_.dial.str();
    if (health_.heard(checkup)) {
        if (health_.is_up() == false)
            events_.warn("the app is down", {{"app", app}, {"why", health_.words()}});
        else
            events_.info(before ? "the app is up again" : "the app is up", {{"app", app}});
    }
    show();
    worker_.wheel().arm(*this, settings_.every);
}

void AppHealth::show() {
    const std::scoped_lock lock(mutex_);
    seen_ = Seen{.is_up = health_.is_up(), .words = health_.words()};
}

/// An app that is down makes the sidecar no less ready: its calls go out, callers get a 502 that
/// says why, and an app may wait for its sidecar before it starts.
Watch::Also AppHealth::shown() const {
    return {.checks =
                [this](std::vector<admin::Check>& checks) {
                    const std::scoped_lock lock(mutex_);
                    checks.push_back({.name = "app",
                                      .ok = seen_.is_up != false,
                                      .words = seen_.words,
                                      .needed = false});
                },
            .facts =
                [this](telemetry::Facts& facts) {
                    const std::scoped_lock lock(mutex_);
                    facts.app_up = seen_.is_up;
                }};
}

}  // namespace beta::app
