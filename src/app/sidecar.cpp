#include "beta/app/sidecar.hpp"

#include "beta/app/app_health.hpp"
#include "beta/app/audit.hpp"
#include "beta/app/calendar.hpp"
#include "beta/app/doorplates.hpp"
#include "beta/app/in_force.hpp"
#include "beta/app/lane.hpp"
#include "beta/app/loaded.hpp"
#include "beta/app/managed_tor.hpp"
#include "beta/app/onions.hpp"
#include "beta/app/reload.hpp"
#include "beta/app/sandbox.hpp"
#include "beta/app/self_probe.hpp"
#include "beta/app/trace_export.hpp"
#include "beta/app/watch.hpp"
#include "beta/proxy/sides.hpp"
#include "beta/runtime/file_watch.hpp"
#include "beta/tor/control.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace beta::app {
namespace {

std::uint32_t worker_count(const config::Config& config) {
    if (config.workers != 0)
        return config.workers;
    return std::max(1u, std::thread::hardware_concurrency());
}

std::unique_ptr<tor::Control> make_control(const config::Config& config,
                                           telemetry::EventLog& events) {
    if (!config.tor_control)
        return nullptr;
    return std::make_unique<tor::Control>(
        tor::ControlSettings{.address = *config.tor_control,
                             .password_file = config.tor_control_password_file,
                             .cookie_file = config.tor_control_cookie_file},
        events);
}

}  // namespace

struct Sidecar::Parts {
    Parts(config::Config given, Loaded files, runtime::Fingerprints seen)
        : config(std::move(given)),
          warnings(files.warnings),
          in_force(std::make_shared<const Loaded>(std::move(files))),
          watch(config, in_force),
          audit(config, watch.events()),
          control(make_control(config, watch.events())),
          calendar([this] { return certificate_until(); }, config.tls.warn_before, watch.events()),
          file_watch(
              [this] { return watched_files(config); }, std::move(seen),
              {.changed = [this] { reload(Cause::files); },
               .trouble = [this](const std::string& words) { watch.events().warn(words); }}) {}

    void make_lanes();
    Writers writers(telemetry::SpanQueue* to) {
        return {watch.access_log(), watch.events(), app_log, audit.writer(), to};
    }
    model::Diagnostics bind_all();
    model::Diagnostics bind(Doorplate& plate);
    bool reload(Cause cause);  // any thread but those of lanes
    model::Diagnostics own_tor();
    model::Diagnostics own_onions();
    model::Diagnostics own_probe();
    std::vector<admin::Status::Listener> doors() const;
    void own_tracing();
    void own_health();
    void lane_drained();
    std::optional<Calendar::Clock::time_point> certificate_until() const;

    config::Config config;
    model::Diagnostics warnings;  // of the start
    InForce in_force;
    std::mutex reloading;
    acl::Limiter limiter;
    tor::Isolation isolation;
    Watch watch;  // logs, metrics and the admin endpoint
    telemetry::AppLog app_log{watch.log(), config.limits.app_log_rate};
    Audit audit;                            // outlives the lanes, and ends with the last record
    std::unique_ptr<tor::Control> control;  // null without `tor.control`
    Calendar calendar;
    std::vector<Doorplate> plates;
    std::unique_ptr<telemetry::SpanQueue> spans;  // with `tracing.collector`
    std::vector<std::unique_ptr<Lane>> lanes;     // and one for `tracing`, the last
    std::unique_ptr<TraceExport> tracing;
    std::unique_ptr<tor::Managed> managed;  // a tor of our own, or none
    std::unique_ptr<Onions> onions;         // where there is a control port
    std::unique_ptr<SelfProbe> self_probe;  // with `tor.probe`
    std::unique_ptr<AppHealth> app_health;  // where there is an app to check
    runtime::Sandbox sandbox;               // after lock()

    std::mutex mutex;
    std::condition_variable changed;
    bool draining = false;
    bool stopped = false;
    std::size_t drained = 0;  // lanes
    bool spans_are_out = false;
    std::chrono::steady_clock::time_point deadline;

    runtime::FileWatch file_watch;
};

void Sidecar::Parts::make_lanes() {
    const auto loaded = in_force.get().loaded;
    plates = doorplates(config, upstream::own_app);
    config.workers = worker_count(config);
    if (!config.tracing.collector.empty())
        spans = std::make_unique<telemetry::SpanQueue>(terms_of(config.tracing));
    for (std::size_t i = 0; i < config.workers; ++i)
        lanes.push_back(
            std::make_unique<Lane>(config, isolation, *loaded, limiter, writers(spans.get())));
}

model::Diagnostics Sidecar::Parts::bind_all() {
    model::Diagnostics problems;
    for (auto& plate : plates) {
        for (auto& problem : bind(plate))
            problems.push_back(std::move(problem));
    }
    if (auto bound = watch.bind(); !bound)
        problems.push_back({.file = {}, .message = "admin: " + bound.error(), .code = "LISTEN"});
    return problems;
}

/// One socket a lane. The first takes the port; the others share it, also where 0 asked for any.
model::Diagnostics Sidecar::Parts::bind(Doorplate& plate) {
    auto sockets = bind_shared(plate.address, lanes.size());
    if (!sockets)
        return {{.file = {}, .message = plate.name + ": " + sockets.error(), .code = "LISTEN"}};
    plate.bound = net::bound_address(sockets->front());
    for (std::size_t i = 0; i < lanes.size(); ++i)
        lanes[i]->add(std::move((*sockets)[i]), *plate.side);
    return {};
}

std::optional<Calendar::Clock::time_point> Sidecar::Parts::certificate_until() const {
    const auto loaded = in_force.get().loaded;
    if (!loaded->credentials)
        return std::nullopt;
    return loaded->credentials->until();
}

bool Sidecar::Parts::reload(Cause cause) {
    const std::scoped_lock lock(reloading);
    if (!app::reload(config, in_force, lanes, watch.events(), audit, cause))
        return false;
    calendar.look_again();
    const auto directory = in_force.get().loaded->directory;
    if (onions)
        onions->adopt(*directory);
    if (self_probe) {
        if (auto targets = self_targets(config, *in_force.get().loaded))
            self_probe->adopt(std::move(*targets));
    }
    if (managed && reaches_exits(*directory) && !managed->reaches_exits())
        watch.events().warn(
            "the directory has its first host outside: the managed tor refuses it until a restart");
    return true;
}

model::Diagnostics Sidecar::Parts::own_tor() {
    auto made = managed_tor(config, *in_force.get().loaded->directory, watch.events());
    if (!made)
        return std::move(made.error());
    managed = std::move(*made);
    if (managed)
        watch.show(shown(*managed));
    return {};
}

model::Diagnostics Sidecar::Parts::own_onions() {
    if (!control)
        return {};
    auto built =
        Onions::build(config, *in_force.get().loaded->directory, plates, *control, watch.events());
    if (!built)
        return std::move(built.error());
    onions = std::move(*built);
    watch.show(onions->shown());
    return {};
}

model::Diagnostics Sidecar::Parts::own_probe() {
    if (config.tor_probe.count() == 0)
        return {};
    auto targets = self_targets(config, *in_force.get().loaded);
    if (!targets)
        return {{.file = {}, .message = std::move(targets.error()), .code = "ONION_KEY"}};
    if (targets->empty())
        watch.events().warn("tor.probe has nothing to call: the directory has no onion of ours");
    self_probe = std::make_unique<SelfProbe>(
        config.tor_probe, std::move(*targets), isolation,
        SelfProbe::Hooks{
            .heal = [this](const auto& onion) { return onions && onions->publish_again(onion); },
            .callers = [this](const auto& plane) { return callers_of(plates, plane); }},
        watch.events());
    watch.show(self_probe->shown());
    return {};
}

std::vector<admin::Status::Listener> Sidecar::Parts::doors() const {
    std::vector<admin::Status::Listener> list;
    list.reserve(plates.size());
    for (const auto& plate : plates)
        list.push_back({.name = plate.name, .address = plate.bound});
    return list;
}

/// After the listeners are bound: its lane has none.
void Sidecar::Parts::own_tracing() {
    spans_are_out = !spans;
    if (!spans)
        return;
    lanes.push_back(std::make_unique<Lane>(config, isolation, *in_force.get().loaded, limiter,
                                           writers(nullptr)));
    tracing = std::make_unique<TraceExport>(config, *spans, *lanes.back());
    watch.show(shown(*spans));
}

void Sidecar::Parts::own_health() {
    if (config.ingress.empty() || !config.app || config.app_health.every.count() == 0)
        return;
    app_health = std::make_unique<AppHealth>(config, *config.app, watch.events());
    watch.show(app_health->shown());
}

/// The last spans are those of the last requests.
void Sidecar::Parts::lane_drained() {
    const std::scoped_lock lock(mutex);
    ++drained;
    changed.notify_all();
    if (drained < lanes.size() || !tracing)
        return;
    const auto now = std::chrono::steady_clock::now();
    deadline = std::min(deadline, now + config.limits.last_spans_time);
    tracing->send_rest([this] {
        const std::scoped_lock finished(mutex);
        spans_are_out = true;
        changed.notify_all();
    });
}

Sidecar::Sidecar(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Sidecar::~Sidecar() {
    parts_->file_watch.stop();  // its reload waits for the lanes
    parts_->calendar.stop();
    parts_->watch.stop();  // before the lanes that its scrapes ask
    if (parts_->app_health)
        parts_->app_health->stop();
    if (parts_->self_probe)
        parts_->self_probe->stop();  // it heals by the onions
    if (parts_->onions)
        parts_->onions->stop();
    if (parts_->control)
        parts_->control->stop();  // and tor drops the onions
    for (auto& lane : parts_->lanes)
        lane->stop();
    if (parts_->managed)
        parts_->managed->stop();  // last: what was under way used it
}

std::expected<std::unique_ptr<Sidecar>, model::Diagnostics> Sidecar::build(config::Config config) {
    auto seen = runtime::fingerprints_of(watched_files(config));
    auto loaded = load(config);
    if (!loaded)
        return std::unexpected(std::move(loaded.error()));
    auto parts = std::make_unique<Parts>(std::move(config), std::move(*loaded), std::move(seen));
    if (auto problems = parts->audit.open(); !problems.empty())
        return std::unexpected(std::move(problems));
    if (auto opened = parts->watch.open_access_log(); !opened)
        return std::unexpected(model::Diagnostics{{.file = parts->config.log.file,
                                                   .message = std::move(opened.error()),
                                                   .code = "LOG_FILE"}});
    parts->make_lanes();
    if (auto problems = parts->bind_all(); !problems.empty())
        return std::unexpected(std::move(problems));
    parts->own_tracing();
    if (auto problems = parts->own_tor(); !problems.empty())
        return std::unexpected(std::move(problems));
    if (auto problems = parts->own_onions(); !problems.empty())
        return std::unexpected(std::move(problems));
    if (auto problems = parts->own_probe(); !problems.empty())
        return std::unexpected(std::move(problems));
    parts->own_health();
    return std::unique_ptr<Sidecar>(new Sidecar(std::move(parts)));
}

std::vector<std::string> Sidecar::listening() const {
    std::vector<std::string> lines;
    for (const auto& plate : parts_->plates)
        lines.push_back(plate.name + " " + plate.bound);
    if (const auto admin = parts_->watch.address(); !admin.empty())
        lines.push_back("admin " + admin);
    return lines;
}

std::string Sidecar::address_of(const std::string& listener) const {
    if (listener == "admin")
        return parts_->watch.address();
    const auto found = std::ranges::find(parts_->plates, listener, &Doorplate::name);
    return found == parts_->plates.end() ? std::string{} : found->bound;
}

const model::Diagnostics& Sidecar::warnings() const noexcept {
    return parts_->warnings;
}

telemetry::EventLog& Sidecar::events() noexcept {
    return parts_->watch.events();
}

model::Diagnostics Sidecar::lock() {
    if (parts_->managed && parts_->config.sandbox != config::Sandbox::off) {
        if (auto kept = parts_->managed->leave_to_keeper(); !kept)
            return {{.file = {}, .message = std::move(kept.error()), .code = "SANDBOX"}};
    }
    auto confined = confine(parts_->config, parts_->watch.events());
    if (!confined)
        return std::move(confined.error());
    parts_->sandbox = std::move(*confined);
    parts_->watch.show(shown(parts_->sandbox));
    return {};
}

void Sidecar::start() {
    parts_->watch.start_logs();
    if (parts_->audit.writer() != nullptr)
        parts_->watch.show(parts_->audit.shown());
    parts_->audit.start(*parts_->in_force.get().loaded);
    if (parts_->managed)
        parts_->managed->start();
    for (auto& lane : parts_->lanes)
        lane->start();
    if (parts_->control) {
        parts_->watch.set_tor(*parts_->control);
        parts_->onions->start();
        parts_->control->start();
    }
    if (parts_->self_probe)
        parts_->self_probe->start();
    parts_->watch.show(parts_->doors());
    if (parts_->app_health)
        parts_->app_health->start();
    parts_->watch.start(parts_->lanes);
    if (parts_->config.identity == config::Identity::certificate)
        parts_->calendar.start();
    parts_->file_watch.start();
    parts_->sandbox.close_doors();
}

bool Sidecar::reload() {
    return parts_->reload(Cause::signal);
}

void Sidecar::reopen_logs() {
    const bool has_access_log = parts_->watch.reopen_access_log();
    const bool has_audit_log = parts_->audit.reopen();
    if (!has_access_log && !has_audit_log)
        events().warn("SIGUSR1 has nothing to do: there is neither log.file nor audit.file");
}

std::shared_ptr<Rollcall> Sidecar::call_roll() {
    auto rollcall = std::make_shared<Rollcall>(parts_->lanes.size());
    for (auto& lane : parts_->lanes)
        lane->worker().post([rollcall] { rollcall->arrive(); });
    return rollcall;
}

void Sidecar::drain() {
    const std::scoped_lock lock(parts_->mutex);
    if (std::exchange(parts_->draining, true))
        return;
    parts_->deadline = std::chrono::steady_clock::now() + parts_->config.drain_timeout;
    parts_->watch.set_draining();
    parts_->audit.draining();
    for (auto& lane : parts_->lanes)
        lane->drain([parts = parts_.get()] { parts->lane_drained(); });
    parts_->changed.notify_all();
}

void Sidecar::stop() {
    const std::scoped_lock lock(parts_->mutex);
    parts_->stopped = true;
    parts_->changed.notify_all();
}

bool Sidecar::wait() {
    auto& parts = *parts_;
    std::unique_lock lock(parts.mutex);
    parts.changed.wait(lock, [&] { return parts.stopped || parts.draining; });
    const auto over = [&] { return parts.stopped || parts.drained == parts.lanes.size(); };
    parts.changed.wait_until(lock, parts.deadline, over);
    const bool is_clean = parts.drained == parts.lanes.size();
    const auto told = [&] { return parts.stopped || parts.spans_are_out; };
    if (is_clean)
        parts.changed.wait_until(lock, parts.deadline, told);
    parts.audit.ended(is_clean);
    return is_clean;
}

}  // namespace beta::app
