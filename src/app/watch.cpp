#include "beta/app/watch.hpp"

#include "beta/admin/server.hpp"
#include "beta/app/status.hpp"
#include "beta/net/listener.hpp"
#include "beta/net/reachable.hpp"
#include "beta/telemetry/gather.hpp"
#include "beta/telemetry/render.hpp"
#include "beta/telemetry/text_line.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace beta::app {
namespace {

/// A probe may wait this long for an answer of a SOCKS port that is not on this machine.
constexpr std::chrono::milliseconds tor_patience{200};

admin::Check identity_of(const Loaded& loaded) {
    const auto& ours = loaded.credentials;
    if (!ours)
        return {.name = "identity", .ok = true, .words = "by listener: callers prove nothing"};
    const auto left = ours->until() - std::chrono::system_clock::now();
    const auto days = std::chrono::floor<std::chrono::days>(left).count();
    if (left <= left.zero())
        return {.name = "identity", .ok = false, .words = "our certificate has expired"};
    return {.name = "identity",
            .ok = true,
            .words = ours->id() + ", " + std::to_string(days) + " whole days left"};
}

telemetry::LogLook look_on_stdout(config::LogFormat format) {
    using telemetry::LogLook;
    if (format == config::LogFormat::json)
        return LogLook::json;
    return telemetry::shows_colour(STDOUT_FILENO) ? LogLook::text_in_colour : LogLook::text;
}

template <class Kind, class Counters>
std::vector<telemetry::TorFacts::Count> counts_of(const Counters& counters) {
    std::vector<telemetry::TorFacts::Count> counts;
    counts.reserve(counters.size());
    for (std::size_t i = 0; i < counters.size(); ++i)
        counts.push_back({torctl::label(static_cast<Kind>(i)), counters[i]});
    return counts;
}

telemetry::TorFacts tor_facts(const tor::ControlState& state) {
    constexpr double whole = 100;
    return {.connected = state.authenticated,
            .bootstrap_ratio = state.bootstrap_percent / whole,
            .circuits = counts_of<torctl::Circuit::Status>(state.circuit_events),
            .descriptors = counts_of<torctl::Descriptor::Action>(state.descriptor_events)};
}

}  // namespace

struct Watch::Endpoint {
    net::Descriptor socket;  // until start()
    std::unique_ptr<admin::Server> server;
};

Watch::Watch(const config::Config& config, const InForce& in_force)
    : config_(config),
      in_force_(in_force),
      log_({.lines = config.log.queue_lines}, look_on_stdout(config.log.format),
           telemetry::LogWriter::Begin::later),
      events_(log_, config.log.level) {}

Watch::~Watch() {
    stop();
}

std::expected<void, std::string> Watch::open_access_log() {
    const auto& log = config_.log;
    if (log.file.empty())
        return {};
    using telemetry::LogLook;
    const auto look = log.format == config::LogFormat::text ? LogLook::text : LogLook::json;
    auto opened = telemetry::LogWriter::to_file(log.file, events_, {.lines = log.queue_lines}, look,
                                                telemetry::LogWriter::Begin::later);
    if (!opened)
        return std::unexpected("the access log cannot be written: " + opened.error());
    access_file_ = std::move(*opened);
    return {};
}

void Watch::start_logs() {
    log_.start();
    if (access_file_)
        access_file_->start();
}

bool Watch::reopen_access_log() {
    if (!access_file_)
        return false;
    events_.info("access log: its file is opened anew", {{"file", config_.log.file}});
    access_file_->reopen();
    return true;
}

std::expected<void, std::string> Watch::bind() {
    if (!config_.admin)
        return {};
    auto socket = net::bind_listener(*config_.admin, false);
    if (!socket)
        return std::unexpected(socket.error());
    address_ = net::bound_address(*socket);
    endpoint_ = std::make_unique<Endpoint>();
    endpoint_->socket = std::move(*socket);
    return {};
}

void Watch::start(const std::vector<std::unique_ptr<Lane>>& lanes) {
    if (!endpoint_)
        return;
    admin::Hooks hooks{
        .metrics = [this, &lanes](auto answer) { collect(lanes, std::move(answer)); },
        .ready = [this] { return readiness(); },
        .live = [] { return true; }};
    if (config_.admin_page) {
        hooks.status = [this, &lanes](auto answer) { look(lanes, std::move(answer)); };
        hooks.status_without_workers = [this] {
            auto status = this->status({});
            status.workers_answer = false;
            return status;
        };
    }
    endpoint_->server =
        std::make_unique<admin::Server>(std::move(endpoint_->socket), std::move(hooks));
    endpoint_->server->start();
}

void Watch::stop() {
    if (endpoint_ && endpoint_->server)
        endpoint_->server->stop();
}

/// Each lane copies its numbers between two batches; the copies are merged on the admin thread.
void Watch::collect(const std::vector<std::unique_ptr<Lane>>& lanes,
                    std::function<void(admin::Hooks::MakeText)> answer) const {
    auto whole = [this, answer = std::move(answer)](std::vector<telemetry::Shard> shards) {
        answer([this, shards = std::move(shards)] {
            auto facts = telemetry::Facts::now();
            const auto state = in_force_.get();
            facts.policy_digest = state.loaded->policy->digest();
            facts.directory_digest = state.loaded->directory->digest();
            facts.reloads_ok = state.reloads_ok;
            facts.reloads_failed = state.reloads_failed;
            facts.last_reload_ok = !state.last_failed;
            if (const auto& ours = state.loaded->credentials)
                facts.certificate_until =
                    static_cast<double>(std::chrono::system_clock::to_time_t(ours->until()));
            facts.log_dropped = log_.dropped() + (access_file_ ? access_file_->dropped() : 0);
            if (tor_ != nullptr)
                facts.tor = tor_facts(*tor_->state());
            for (const auto& also : also_)
                also.facts(facts);
            return telemetry::render(shards, facts);
        });
    };
    auto gather =
        std::make_shared<telemetry::Gather<telemetry::Shard>>(lanes.size(), std::move(whole));
    for (const auto& lane : lanes)
        lane->collect([gather](telemetry::Shard shard) { gather->add(std::move(shard)); });
}

admin::Status Watch::status(std::span<const LaneView> views) const {
    const auto state = in_force_.get();
    auto status = status_of(config_, state);
    status.listeners = listeners_;
    status.readiness = readiness();
    status.draining = draining_;
    status.tor = tor_of(config_, tor_ == nullptr ? nullptr : tor_->state().get());
    add_views(status, state.loaded->policy->file(), views);
    return status;
}

void Watch::look(const std::vector<std::unique_ptr<Lane>>& lanes,
                 std::function<void(admin::Hooks::MakeStatus)> answer) const {
    auto whole = [this, answer = std::move(answer)](std::vector<LaneView> views) {
        answer([this, views = std::move(views)] { return status(views); });
    };
    auto gather = std::make_shared<telemetry::Gather<LaneView>>(lanes.size(), std::move(whole));
    for (const auto& lane : lanes)
        lane->look([gather](LaneView view) { gather->add(std::move(view)); });
}

/// The SOCKS port is what carries requests; the control port knows whether it leads anywhere.
admin::Check Watch::tor_check() const {
    const bool reachable = net::is_reachable(config_.tor_socks, tor_patience);
    std::string words = reachable ? "the SOCKS port accepts connections"
                                  : "the SOCKS port (tor.socks) does not accept connections";
    if (tor_ == nullptr)
        return {.name = "tor", .ok = reachable, .words = std::move(words)};
    const auto state = tor_->state();
    if (reachable)
        words = state->words();
    const bool ready = state->phase() == tor::ControlState::Phase::ready;
    return {.name = "tor", .ok = reachable && ready, .words = std::move(words)};
}

admin::Readiness Watch::readiness() const {
    const auto tor = tor_check();
    const bool serving = !draining_;
    const auto loaded = in_force_.get().loaded;
    const auto identity = identity_of(*loaded);
    std::vector<admin::Check> checks{
        identity,
        {.name = "policy", .ok = true, .words = std::string(loaded->policy->digest())},
        {.name = "directory", .ok = true, .words = loaded->directory->digest()},
        tor};
    for (const auto& also : also_)
        also.checks(checks);
    checks.push_back({.name = "serving",
                      .ok = serving,
                      .words = serving ? "accepting requests" : "draining: finishing what began"});
    return {.ready = std::ranges::all_of(checks, &admin::Check::lets_in),
            .checks = std::move(checks)};
}

}  // namespace beta::app
