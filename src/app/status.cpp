#include "beta/app/status.hpp"

#include "beta/acl/explain.hpp"
#include "beta/acl/reach.hpp"
#include "beta/telemetry/process_stats.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace beta::app {
namespace {

using admin::Status;
using std::chrono::system_clock;

std::optional<std::chrono::seconds> uptime(system_clock::time_point now) {
    const auto process = telemetry::read_process();
    if (!process)
        return std::nullopt;
    const auto began = system_clock::time_point(
        std::chrono::seconds(static_cast<std::int64_t>(process->start_time_seconds)));
    return std::max(std::chrono::floor<std::chrono::seconds>(now - began), std::chrono::seconds(0));
}

std::vector<std::string> names_of_planes(const config::Config& config, const Loaded& loaded) {
    std::vector<std::string> names{config.plane.str()};
    const auto add = [&](const std::string& name) {
        if (!name.empty() && std::ranges::find(names, name) == names.end())
            names.push_back(name);
    };
    for (const auto& listener : config.ingress)
        add(listener.plane.str());
    for (const auto& entry : loaded.directory->entries())
        add(entry.plane);
    for (const auto& rule : loaded.policy->file().rules) {
        add(rule.from.plane);
        add(rule.to.plane);
    }
    std::ranges::sort(names.begin() + 1, names.end());
    return names;
}

/// By the policy in force, which may be another than the one that denied.
std::string reason_of(const acl::PolicyFile& file, const telemetry::Denial& denial) {
    const auto found = std::ranges::find(file.rules, denial.rule, &acl::Rule::name);
    if (found == file.rules.end())
        return denial.rule == "default-deny" ? "no rule allows it" : "";
    const auto& limit = found->limit;
    if (denial.limited)
        return limit ? "beyond " + acl::to_text(*limit) : "";
    return found->reason;
}

using ByName = std::unordered_map<std::string_view, Status::Destination*>;

Status::Destination* find(const ByName& destinations, std::string_view name) {
    const auto found = destinations.find(name);
    return found == destinations.end() ? nullptr : found->second;
}

void add_request(Status& status, const ByName& destinations,
                 const telemetry::Shard::RequestSeries& series, std::uint64_t count) {
    const bool egress = series.direction == acl::Direction::egress;
    const auto add = [&](auto& to) {
        to.denied += series.verdict == "deny" ? count : 0;
        to.failed += series.code.starts_with('5') ? count : 0;
    };
    auto& traffic = egress ? status.egress : status.ingress;
    traffic.requests += count;
    add(traffic);
    if (auto* const one = egress ? find(destinations, series.destination) : nullptr) {
        one->calls += count;
        add(*one);
    }
}

void add_seen(const ByName& destinations, const upstream::Seen& seen) {
    auto* const one = find(destinations, seen.name);
    if (one == nullptr)
        return;
    one->circuits += seen.circuits;
    one->idle += seen.idle;
    one->busy += seen.busy;
    one->left_alone |= seen.left_alone;
    one->usual = std::max(one->usual, seen.usual);  // the slower worker's: one calls for a look
    one->slowest = std::max(one->slowest, seen.slowest);
}

}  // namespace

std::vector<Status::Plane> planes_of(const config::Config& config, const Loaded& loaded) {
    const auto& file = loaded.policy->file();
    const auto known_by = config.identity == config::Identity::certificate
                              ? model::KnownBy::certificate
                              : model::KnownBy::listener;
    const auto reach = [&](acl::Direction direction, std::string_view plane) {
        return acl::reach(file, {.direction = direction,
                                 .plane = plane,
                                 .service = config.service.view(),
                                 .known_by = known_by});
    };
    std::vector<Status::Plane> planes;
    const auto add = [&](const std::string& name) {
        auto& plane = planes.emplace_back(Status::Plane{.name = name, .in = {}, .out = {}});
        const auto listens = [&](const config::IngressListener& listener) {
            return listener.plane.view() == name;
        };
        if (std::ranges::any_of(config.ingress, listens))
            plane.in = reach(acl::Direction::ingress, name);
        if (config.egress)
            plane.out = reach(acl::Direction::egress, name);
    };
    for (const auto& name : names_of_planes(config, loaded))
        add(name);
    if (std::ranges::any_of(loaded.directory->entries(), &directory::Entry::is_external))
        add("");
    return planes;
}

Status status_of(const config::Config& config, const InForce::State& state) {
    const auto& loaded = *state.loaded;
    Status status;
    status.now = system_clock::now();
    status.up = uptime(status.now);
    status.service = config.service.str();
    status.plane = config.plane.str();
    if (const auto& ours = loaded.credentials)
        status.certificate = {.id = ours->id(),
                              .until = ours->until(),
                              .ends_soon = ours->until() - status.now <= config.tls.warn_before};
    status.policy = {.digest = std::string(loaded.policy->digest()),
                     .reports = loaded.policy->file().mode == acl::Mode::report,
                     .rules = loaded.policy->rule_count(),
                     .directory_digest = loaded.directory->digest(),
                     .reloads_ok = state.reloads_ok,
                     .reloads_failed = state.reloads_failed,
                     .last_failed = state.last_failed};
    status.planes = planes_of(config, loaded);
    for (const auto& entry : loaded.directory->entries()) {
        if (entry.name == status.service)
            continue;
        const auto& onion = entry.onion;
        status.destinations.push_back(
            {.name = entry.name,
             .plane = entry.plane,
             .has_route = !onion || onion->for_caller(config.plane.view()) != nullptr,
             .usual = {},
             .slowest = {}});
    }
    return status;
}

Status::Tor tor_of(const config::Config& config, const tor::ControlState* tor) {
    Status::Tor seen{.managed = config.tor_mode == config::TorMode::managed,
                     .has_control = tor != nullptr,
                     .version = {}};
    if (tor == nullptr)
        return seen;
    seen.connected = tor->authenticated;
    seen.version = tor->version;
    seen.bootstrap_percent = tor->bootstrap_percent;
    seen.circuits = tor->circuits;
    return seen;
}

void add_views(Status& status, const acl::PolicyFile& file, std::span<const LaneView> views) {
    ByName destinations;
    for (auto& destination : status.destinations)
        destinations.emplace(destination.name, &destination);
    for (const auto& view : views) {
        view.shard.for_each_request([&](const auto& series, std::uint64_t count) {
            add_request(status, destinations, series, count);
        });
        for (const auto& seen : view.destinations)
            add_seen(destinations, seen);
        for (const auto& denial : view.denials)
            status.denials.push_back({.what = denial, .reason = reason_of(file, denial)});
    }
}

}  // namespace beta::app
