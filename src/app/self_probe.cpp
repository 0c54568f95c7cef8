#include "beta/app/self_probe.hpp"

#include "beta/tor/connector.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace beta::app {

using model::Failure;

namespace {

constexpr std::string_view answer = "HTTP/1.1 204 ";

}  // namespace

/// The tries of one onion, one after the other.
class SelfProbe::Beat final : private runtime::Timer, private net::StreamOwner {
  public:
    Beat(SelfProbe& home, SelfTarget target)
        : home_(home), target_(std::move(target)), pulse_(home.every_) {
        wait();
    }
    ~Beat() override {
        if (!connector_)
            return;
        connector_->abandon();
        home_.worker_.poller().retire(std::move(connector_));
    }

    const std::string& plane() const noexcept { return target_.plane; }
    const probe::Pulse& pulse() const noexcept { return pulse_; }
    std::uint64_t healed() const noexcept { return healed_; }
    /// For tries that begin from now on.
    void adopt(SelfTarget target) { next_ = std::move(target); }

  private:
    void wait() { home_.worker_.wheel().arm(*this, pulse_.next(home_.chance())); }
    void expired() override;
    void begin();
    void connected(std::expected<net::StreamHandle, Failure> outcome);
    void stream_ready() override;
    void tried(Failure failure);
    void tell(bool succeeded_before);

    SelfProbe& home_;
    SelfTarget target_;
    std::optional<SelfTarget> next_;
    probe::Pulse pulse_;
    std::chrono::steady_clock::time_point began_;
    std::unique_ptr<tor::Connector> connector_;
    net::StreamHandle stream_;  // while an answer is waited for
    std::string heard_;
    std::uint64_t healed_ = 0;
};

void SelfProbe::Beat::expired() {
    stream_ ? tried(Failure::upstream_timeout) : begin();
}

/// Names of services have no colon: no call of the app's shares these credentials.
void SelfProbe::Beat::begin() {
    if (next_)
        target_ = std::move(*next_);
    next_.reset();
    auto& route = target_.route;
    auto [user, password] =
        home_.isolation_.credentials({.plane = route.plane,
                                      .service = route.service,
                                      .destination = "self:" + target_.plane,
                                      .epoch = {.fresh = home_.isolation_.fresh()}});
    route.user = std::move(user);
    route.password = std::move(password);
    began_ = std::chrono::steady_clock::now();
    connector_ = std::make_unique<tor::Connector>(home_.worker_, home_.shard_, route);
    connector_->start([this](auto outcome) { connected(std::move(outcome)); }, pulse_.time_limit());
}

void SelfProbe::Beat::connected(std::expected<net::StreamHandle, Failure> outcome) {
    home_.worker_.poller().retire(std::move(connector_));
    if (!outcome || !target_.answers)
        return tried(outcome ? Failure::none : outcome.error());
    stream_ = std::move(*outcome);
    stream_->set_owner(this);
    heard_.clear();
    const auto request = "GET " + home_.isolation_.self_path() +
                         " HTTP/1.1\r\nHost: " + target_.route.name + "\r\n\r\n";
    if (stream_->write(request).bytes != request.size())  // into an empty buffer
        return tried(Failure::upstream_closed);
    home_.worker_.wheel().arm(*this, pulse_.time_limit());
    stream_ready();
}

void SelfProbe::Beat::stream_ready() {
    std::array<char, 256> bytes;  // NOLINT: filled by the kernel
    while (stream_ && heard_.size() < answer.size()) {
        const auto result = stream_->read(bytes);
        if (result.state == net::IoState::would_block)
            return;
        if (result.state != net::IoState::ok)
            return tried(Failure::upstream_closed);
        heard_.append(bytes.data(), result.bytes);
    }
    if (stream_)
        tried(heard_.starts_with(answer) ? Failure::none : Failure::misdirected);
}

void SelfProbe::Beat::tried(Failure failure) {
    stream_.reset();
    const auto now = std::chrono::steady_clock::now();
    const auto took = std::chrono::duration_cast<probe::Pulse::Duration>(now - began_);
    const bool succeeded_before = pulse_.succeeds() || !pulse_.has_result();
    const bool is_stale = pulse_.heard(
        {.failure = failure, .took = took, .callers = home_.hooks_.callers(target_.plane)}, now);
    tell(succeeded_before);
    if (is_stale && home_.hooks_.heal(target_.onion)) {
        pulse_.healed(now);
        ++healed_;
        home_.events_.warn("own onion is published again", {{"plane", target_.plane}});
    }
    home_.show(*this);
    wait();
}

void SelfProbe::Beat::tell(bool succeeded_before) {
    const auto words = pulse_.words();
    const telemetry::EventLog::Fields fields{{"plane", target_.plane}, {"probe", words}};
    if (pulse_.succeeds() && !succeeded_before)
        home_.events_.info("own onion is reached again", fields);
    else if (!pulse_.succeeds() && succeeded_before)
        home_.events_.warn("own onion is not reached", fields);
}

SelfProbe::SelfProbe(std::chrono::milliseconds every, std::vector<SelfTarget> targets,
                     const tor::Isolation& isolation, Hooks hooks, telemetry::EventLog& events)
    : every_(every), isolation_(isolation), hooks_(std::move(hooks)), events_(events) {
    replace(std::move(targets));
}

SelfProbe::~SelfProbe() {
    stop();
    beats_.clear();
    worker_.poller().bury();
}

void SelfProbe::start() {
    worker_.start();
}

void SelfProbe::stop() {
    worker_.stop();
}

void SelfProbe::adopt(std::vector<SelfTarget> targets) {
    worker_.post([this, targets = std::move(targets)]() mutable { replace(std::move(targets)); });
}

void SelfProbe::replace(std::vector<SelfTarget> targets) {
    std::vector<std::unique_ptr<Beat>> beats;
    for (auto& target : targets) {
        const auto same = std::ranges::find_if(
            beats_, [&](const auto& beat) { return beat && beat->plane() == target.plane; });
        if (same == beats_.end()) {
            beats.push_back(std::make_unique<Beat>(*this, std::move(target)));
            continue;
        }
        (*same)->adopt(std::move(target));
        beats.push_back(std::move(*same));
    }
    beats_ = std::move(beats);
    const std::scoped_lock lock(mutex_);
    std::erase_if(seen_, [this](const Seen& seen) {
        return std::ranges::none_of(beats_,
                                    [&](const auto& beat) { return beat->plane() == seen.plane; });
    });
}

void SelfProbe::show(const Beat& beat) {
    const auto& pulse = beat.pulse();
    Seen now{.plane = beat.plane(),
             .succeeds = pulse.succeeds(),
             .latency = pulse.latency(),
             .words = pulse.words(),
             .healed = beat.healed()};
    const std::scoped_lock lock(mutex_);
    const auto old = std::ranges::find(seen_, now.plane, &Seen::plane);
    if (old == seen_.end())
        seen_.push_back(std::move(now));
    else
        *old = std::move(now);
}

std::vector<SelfProbe::Seen> SelfProbe::seen() const {
    const std::scoped_lock lock(mutex_);
    return seen_;
}

/// A try that failed says little of whether requests pass: readiness does not fall by it.
Watch::Also SelfProbe::shown() const {
    return {
        .checks =
            [this](std::vector<admin::Check>& checks) {
                for (auto& one : seen())
                    checks.push_back(
                        {.name = "probe:" + one.plane, .ok = true, .words = std::move(one.words)});
            },
        .facts =
            [this](telemetry::Facts& facts) {
                for (const auto& one : seen()) {
                    telemetry::ProbeFacts probe{.plane = one.plane,
                                                .succeeds = one.succeeds,
                                                .seconds = {},
                                                .healed = one.healed};
                    if (one.latency)
                        probe.seconds = std::chrono::duration<double>(*one.latency).count();
                    facts.probes.push_back(std::move(probe));
                }
            }};
}

}  // namespace beta::app
