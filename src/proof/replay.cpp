#include "beta/proof/replay.hpp"

#include "beta/acl/rule.hpp"
#include "beta/proof/prove.hpp"
#include "beta/yaml/document.hpp"

#include "call_text.hpp"
#include "flat_json.hpp"

#include <algorithm>

namespace beta::proof {
namespace {

using acl::Direction;
using Fields = std::map<std::string, std::string, std::less<>>;

constexpr std::string_view cut = "\u2026";  // ends a value that the log has cut short

std::string text(const Fields& fields, std::string_view key) {
    const auto found = fields.find(key);
    return found == fields.end() ? std::string() : found->second;
}

bool looks_at_headers(const acl::Policy& policy) {
    return std::ranges::any_of(policy.file().rules,
                               [](const acl::Rule& rule) { return !rule.headers.empty(); });
}

/// What the policies say on the side that wrote the line; no side when its file is not given.
std::vector<SideAnswer> decide(const Policies& policies, const Call& call, Direction side) {
    auto sides = ask(policies, call, side == Direction::egress ? At::egress : At::ingress);
    std::erase_if(sides, [](const SideAnswer& one) { return one.file.empty(); });
    return sides;
}

}  // namespace

std::string Replay::plane_of(const std::string& service) const {
    if (!own_plane_.empty())
        return own_plane_;
    if (const auto found = names_.services.find(service); found != names_.services.end())
        return found->second;
    return after_.size() == 1 ? std::string(after_.front()->plane()) : std::string();
}

bool Replay::call_of(const Fields& fields, Direction side, Call& call) const {
    const std::string service = text(fields, "beta.source");
    const std::string plane = text(fields, "beta.plane");
    call.to_name = text(fields, "beta.destination");
    call.method = text(fields, "http.request.method");
    call.tunnel = call.method == "CONNECT";
    if (!call.tunnel)
        call.path = text(fields, "url.path");
    call.from_service = service;
    call.callee_knows_service = !service.empty();
    const bool egress = side == Direction::egress;
    call.from_plane = egress ? plane_of(service) : plane;
    call.to_plane = egress ? plane : plane_of(call.to_name);
    return !(egress ? call.from_plane : call.to_plane).empty();
}

void Replay::add(std::string_view line) {
    if (const auto fields = flat_json(line))
        add_fields(*fields);
    else
        ++counts_.unreadable;
}

void Replay::add_fields(const Fields& fields) {
    const std::string direction = text(fields, "beta.direction");
    if ((direction != "egress" && direction != "ingress") ||
        std::ranges::any_of(fields, [](const auto& one) { return one.second.ends_with(cut); })) {
        ++counts_.unreadable;
        return;
    }
    const std::string decision = text(fields, "beta.decision");
    if (decision.empty()) {
        ++counts_.undecided;
        return;
    }
    const Direction side = direction == "egress" ? Direction::egress : Direction::ingress;
    Call call;
    const auto now =
        call_of(fields, side, call) ? decide(after_, call, side) : std::vector<SideAnswer>{};
    if (now.empty()) {
        ++counts_.unplaced;
        return;
    }
    const bool passed = decision == "allow" || text(fields, "beta.enforced") == "false";
    if (const auto then = decide(before_, call, side);
        !then.empty() && then.front().passes != passed)
        ++counts_.strange;
    if (const auto* policy = proof::of_plane(after_, now.front().plane);
        policy != nullptr && looks_at_headers(*policy))
        ++counts_.headers;
    if (now.front().passes == passed) {
        ++counts_.same;
        return;
    }
    ++counts_.flipped;
    const std::string was = text(fields, "beta.rule");
    Flip& flip = flips_[direction + text_of(call) + was];
    flip.direction = side;
    flip.passed = passed;
    flip.was = was;
    flip.is = now.front().rule;
    flip.call = std::move(call);
    ++flip.lines;
}

std::vector<Flip> Replay::flips() const {
    std::vector<Flip> out;
    out.reserve(flips_.size());
    for (const auto& [key, flip] : flips_)
        out.push_back(flip);
    std::ranges::sort(out, [](const Flip& one, const Flip& two) {
        return std::pair(two.lines, text_of(one.call)) < std::pair(one.lines, text_of(two.call));
    });
    return out;
}

std::string to_text(const Replay& replay) {
    constexpr std::size_t most_shown = 100;
    const Replay::Counts& counts = replay.counts();
    const auto flips = replay.flips();
    std::string out;
    for (std::size_t i = 0; i < std::min(most_shown, flips.size()); ++i) {
        const Flip& flip = flips[i];
        out += std::string(flip.passed ? "  passed, denied now: " : "  denied, passes now: ") +
               std::to_string(flip.lines) + " x " + text_of(flip.call) + "\n      by " +
               yaml::printable(flip.was) + ", now by " + flip.is + '\n';
    }
    if (flips.size() > most_shown)
        out += "  and " + std::to_string(flips.size() - most_shown) + " more\n";
    out += "replayed: " + std::to_string(counts.flipped) + " recorded decisions flip, " +
           std::to_string(counts.same) + " stay\n";
    const auto note = [&](std::size_t count, const char* words) {
        if (count > 0)
            out += "  " + std::to_string(count) + " lines: " + words + '\n';
    };
    note(counts.strange, "the old policies decide otherwise than was recorded");
    note(counts.headers, "decided without headers, which the log has not and the new policy reads");
    note(counts.undecided, "refused before any decision");
    note(counts.unplaced, "of a plane whose policy is not here; --plane says whose log it is");
    note(counts.unreadable, "no line of an access log, or cut short");
    return out;
}

}  // namespace beta::proof
