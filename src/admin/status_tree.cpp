#include "status_tree.hpp"

#include "beta/model/onion_address.hpp"
#include "beta/telemetry/build_info.hpp"
#include "beta/telemetry/json_text.hpp"

#include "verdict.hpp"

#include <algorithm>
#include <functional>
#include <ranges>
#include <tuple>
#include <utility>

namespace beta::admin {
namespace {

using Clock = std::chrono::system_clock;
using Fields = Tree::Fields;
constexpr std::size_t enough = 12;  // hexadecimal digits of a digest, to know it again

std::string time_of(Clock::time_point time) {
    constexpr std::size_t to_seconds = 19;
    telemetry::Timestamp timestamp;
    return std::string(timestamp.of(time).substr(0, to_seconds)) + 'Z';
}

std::string duration_of(std::chrono::seconds up) {
    using namespace std::chrono;
    const auto two = [](auto large, const char* one, auto small, const char* other) {
        return std::to_string(large) + ' ' + one + ' ' + std::to_string(small) + ' ' + other;
    };
    const auto day = floor<days>(up);
    const auto hour = floor<hours>(up - day);
    const auto minute = floor<minutes>(up - day - hour);
    if (day.count() > 0)
        return two(day.count(), "d", hour.count(), "h");
    if (hour.count() > 0)
        return two(hour.count(), "h", minute.count(), "min");
    return two(minute.count(), "min", (up - minute).count(), "s");
}

Tree milliseconds(const std::optional<std::chrono::microseconds>& time) {
    return time ? Tree(std::chrono::ceil<std::chrono::milliseconds>(*time).count()) : Tree();
}

std::string party(const std::string& plane, const std::string& name) {
    if (plane.empty())
        return name.empty() ? "unknown" : "outside/" + name;
    return name.empty() ? plane : plane + '/' + name;
}

/// One Status, and the bounds within which it is told.
class Teller {
  public:
    Teller(const Status& status, const StatusLimits& limits) : status_(status), limits_(limits) {}

    Tree tell() const {
        const auto verdict = judge(status_);
        Tree::List reasons;
        for (const auto& reason : verdict.reasons)
            reasons.emplace_back(Fields{{"text", text(reason)}});
        return Fields{
            {"time", time_of(status_.now)},
            {"state", text(verdict.state)},
            {"sentence", text(verdict.sentence)},
            {"reasons", std::move(reasons)},
            {"self", self()},
            {"listeners", listeners()},
            {"checks", checks()},
            {"tor", tor()},
            {"certificate", certificate()},
            {"policy", policy()},
            {"planes", planes()},
            {"planes_left_out", left_out(status_.planes, limits_.planes)},
            {"traffic", traffic()},
            {"denials", denials()},
            {"denials_most", limits_.denials},
            {"destinations", destinations()},
            {"destinations_left_out", left_out(status_.destinations, limits_.destinations)}};
    }

  private:
    Tree text(std::string_view words) const {
        const auto safe = model::redact_onions(words);
        const auto cut = telemetry::clip(safe, limits_.text_bytes);
        return std::string(cut) + (cut.size() < safe.size() ? "…" : "");
    }

    static Tree left_out(const auto& list, std::size_t most) {
        return list.size() - std::min(list.size(), most);
    }

    Tree self() const {
        return Fields{{"service", text(status_.service)},
                      {"plane", text(status_.plane)},
                      {"version", text(telemetry::build_info().version)},
                      {"up", status_.up ? Tree(duration_of(*status_.up)) : Tree()}};
    }

    Tree listeners() const {
        Tree::List list;
        for (const auto& one : status_.listeners | std::views::take(limits_.listeners))
            list.emplace_back(Fields{{"name", text(one.name)}, {"address", text(one.address)}});
        return list;
    }

    /// Of a digest its beginning: to tell two apart.
    Tree words_of(const Check& check) const {
        const bool digest =
            check.words == status_.policy.digest || check.words == status_.policy.directory_digest;
        return text(digest ? check.words.substr(0, enough) : check.words);
    }

    Tree checks() const {
        Tree::List list;
        for (const auto& check : status_.readiness.checks | std::views::take(limits_.checks))
            list.emplace_back(Fields{{"name", text(check.name)},
                                     {"state", check.ok ? "ok" : "failed"},
                                     {"words", words_of(check)}});
        return list;
    }

    Tree tor() const {
        const auto& tor = status_.tor;
        const auto check = std::ranges::find(status_.readiness.checks, "tor", &Check::name);
        const auto known = [&](auto value) { return tor.connected ? Tree(value) : Tree(); };
        const char* control = tor.connected ? "connected" : "not connected";
        return Fields{
            {"words", check == status_.readiness.checks.end() ? Tree() : text(check->words)},
            {"mode", tor.managed ? "managed" : "external"},
            {"control", tor.has_control ? control : "off"},
            {"version", tor.version.empty() ? Tree() : text(tor.version)},
            {"bootstrap_percent", known(tor.bootstrap_percent)},
            {"circuits", known(tor.circuits)}};
    }

    Tree certificate() const {
        const auto& ours = status_.certificate;
        if (!ours)
            return Fields{{"state", "none"},
                          {"words", "none: callers are known by the listener they come by"},
                          {"identity", {}},
                          {"until", {}},
                          {"days_left", {}}};
        const auto left = ours->until - status_.now;
        const bool over = left <= left.zero();
        const auto days = over ? 0 : whole_days(left);
        return Fields{{"state", over              ? "expired"
                                : ours->ends_soon ? "ends soon"
                                                  : "fine"},
                      {"words", (over ? "expired: " : std::to_string(days) + " days left: ") +
                                    time_of(ours->until)},
                      {"identity", text(ours->id)},
                      {"until", time_of(ours->until)},
                      {"days_left", days}};
    }

    Tree policy() const {
        const auto& policy = status_.policy;
        return Fields{{"words", policy.reports ? "mode report: nothing is blocked"
                                               : std::to_string(policy.rules) + " rules, enforced"},
                      {"mode", policy.reports ? "report" : "enforce"},
                      {"rules", policy.rules},
                      {"short", policy.digest.substr(0, enough)},
                      {"digest", policy.digest},
                      {"directory", policy.directory_digest},
                      {"reloads_ok", policy.reloads_ok},
                      {"reloads_failed", policy.reloads_failed},
                      {"last_reload", policy.last_failed ? "refused" : "taken"}};
    }

    Tree rules(const std::optional<acl::Reach>& reach) const {
        if (!reach || status_.policy.reports)
            return "";
        if (reach->rules.empty())
            return "default-deny";
        std::string list;
        for (const auto& rule : reach->rules | std::views::take(limits_.rules))
            list += (list.empty() ? "" : ", ") + rule;
        return text(reach->rules.size() > limits_.rules ? list + ", …" : list);
    }

    Tree planes() const {
        Tree::List list;
        for (const auto& plane : status_.planes | std::views::take(limits_.planes)) {
            const bool outside = plane.name.empty();
            list.emplace_back(Fields{{"plane", outside ? "outside" : text(plane.name)},
                                     {"calls_us", text(admin::word(plane.in))},
                                     {"calls_us_rules", rules(plane.in)},
                                     {"we_call", text(admin::word(plane.out))},
                                     {"we_call_rules", rules(plane.out)}});
        }
        return list;
    }

    Tree traffic() const {
        const auto of = [&](const char* direction, const Status::Traffic& traffic) {
            const auto known = [&](std::uint64_t count) {
                return status_.workers_answer ? Tree(count) : Tree();
            };
            return Fields{{"direction", direction},
                          {"requests", known(traffic.requests)},
                          {"denied", known(traffic.denied)},
                          {"failed", known(traffic.failed)}};
        };
        return Tree::List{of("egress", status_.egress), of("ingress", status_.ingress)};
    }

    Tree denials() const {
        auto latest = status_.denials;
        std::ranges::sort(latest, std::greater<>(),
                          [](const auto& denial) { return denial.what.time; });
        Tree::List list;
        for (const auto& [what, reason] : latest | std::views::take(limits_.denials)) {
            const char* effect = what.limited ? "limited" : "denied";
            list.emplace_back(Fields{{"time", time_of(what.time)},
                                     {"effect", what.enforced ? effect : "reported"},
                                     {"direction", text(word(what.direction))},
                                     {"from", text(party(what.source_plane, what.source))},
                                     {"to", text(party(what.destination_plane, what.destination))},
                                     {"method", text(what.method)},
                                     {"path", text(what.path)},
                                     {"rule", text(what.rule)},
                                     {"reason", text(reason)},
                                     {"status", what.status}});
        }
        return list;
    }

    std::string_view state_of(const Status::Destination& destination) const {
        if (!destination.has_route)
            return "no onion for our plane";
        if (destination.left_alone)
            return "left alone";
        if (destination.circuits > 0)
            return "circuit open";
        return destination.calls > 0 ? "no circuit open" : "not called yet";
    }

    Tree destinations() const {
        auto all = status_.destinations;
        std::ranges::sort(all, [](const auto& one, const auto& other) {
            return std::tuple(other.failed, other.calls, std::string_view(one.name)) <
                   std::tuple(one.failed, one.calls, std::string_view(other.name));
        });
        Tree::List list;
        for (const auto& one : all | std::views::take(limits_.destinations))
            list.emplace_back(
                Fields{{"name", text(one.name)},
                       {"plane", one.plane.empty() ? Tree("outside") : text(one.plane)},
                       {"state", status_.workers_answer ? text(state_of(one)) : Tree()},
                       {"usual_ms", milliseconds(one.usual)},
                       {"slowest_ms", milliseconds(one.slowest)},
                       {"circuits", one.circuits},
                       {"idle", one.idle},
                       {"busy", one.busy},
                       {"calls", one.calls},
                       {"denied", one.denied},
                       {"failed", one.failed}});
        return list;
    }

    const Status& status_;
    const StatusLimits& limits_;
};

}  // namespace

Tree tree_of(const Status& status, const StatusLimits& limits) {
    return Teller(status, limits).tell();
}

std::string_view word(const std::optional<acl::Reach>& reach) noexcept {
    return reach ? acl::word(reach->opening) : "off";
}

}  // namespace beta::admin
