// The decision. Everything here runs on every request: no allocation, no loop over rules.
#include "beta/acl/decision.hpp"

#include "index.hpp"
#include "match.hpp"
#include "request_facts.hpp"
#include "request_path.hpp"

#include <array>

namespace beta::acl {

/// The one maker of permits.
struct Verdicts {
    const Policy::Index& index;
    const Request& request;

    Decision allow(const Rule& rule) const noexcept {
        Decision made = by(rule, Verdict::allow);
        made.permit = Permit(request.to.id, request.direction);
        limit(made, rule);
        return made;
    }
    Decision deny(const Rule& rule) const noexcept { return by(rule, Verdict::deny); }
    static Decision deny(std::string_view reason) noexcept {
        Decision made;
        made.rule = "default-deny";
        made.reason = reason;
        return made;
    }
    /// A denial that the mode lets pass; by the allow behind it, if there is one.
    Decision report(Decision denial, const Rule* allow) const noexcept {
        denial.permit = Permit(request.to.id, request.direction);
        denial.enforced = false;
        if (allow != nullptr)
            limit(denial, *allow);
        return denial;
    }

  private:
    static Decision by(const Rule& rule, Verdict verdict) noexcept {
        Decision made;
        made.verdict = verdict;
        made.rule = rule.name;
        made.reason = rule.reason;
        made.rule_id = rule.id;
        return made;
    }

    /// Within a plane one file decides at both ends; the callee's sidecar counts.
    void limit(Decision& made, const Rule& rule) const noexcept {
        const bool counted_there = request.direction == Direction::egress && !request.to.external &&
                                   request.to.plane == request.from.plane;
        if (!rule.limit || counted_there)
            return;
        made.limit = &*rule.limit;
        made.limited_by = rule.id;
        made.limit_key = index.rules[rule.id].limit_seed;
        if (rule.limit->per == Limit::Per::source)
            made.limit_key = of(made.limit_key, request.from.plane, request.from.service);
        if (rule.limit->per == Limit::Per::destination)
            made.limit_key = of(made.limit_key, request.to.plane, request.to.name);
    }

    static std::uint64_t of(std::uint64_t seed, std::string_view plane,
                            std::string_view name) noexcept {
        return mix(mix(seed ^ hash(plane)) ^ hash(name));
    }
};

namespace {

/// A request's path, method and headers in the numbers of one index.
class Walk {
  public:
    Walk(const Policy::Index& index, const RequestPath& path, const Request& request) noexcept
        : index_(index), request_(request), count_(path.count), longer_(path.longer) {
        for (std::size_t i = 0; i < count_; ++i) {
            const RequestPath::Segment& segment = path.segments[i];
            segments_[i] = segment.text.empty() ? empty_segment : 0;
            segments_[i] |=
                segment.escaped ? number_decoded(segment.text) : index.segments.find(segment.text);
        }
        const std::uint32_t known = index.methods.find(request.method);
        method_bit_ = known == 0 ? 0 : 1ull << (known - 1);
    }

    /// Gathers what ends along every way that the path can take from `root`.
    void from(std::uint32_t root) noexcept {
        std::array<Turn, PathPattern::most_segments + 1>
            turns;  // a star not yet followed, by depth
        std::size_t open = 0;
        turns[open++] = {.node = root, .depth = 0};
        while (open > 0) {
            Turn at = turns[--open];
            while (at.node != 0) {
                const PathNode& node = index_.nodes[at.node];
                take(node.deep);
                if (at.depth == count_) {
                    if (!longer_)
                        take(node.exact);
                    break;
                }
                const std::uint32_t segment = segments_[at.depth++];
                if (node.star != 0 && (segment & empty_segment) == 0)
                    turns[open++] = {.node = node.star, .depth = at.depth};
                const std::uint32_t number = segment & ~empty_segment;
                at.node = number == 0 ? 0 : index_.edges.find(pair_key(at.node, number));
            }
        }
    }

    const Outcome& found() const noexcept { return found_; }
    /// The headers say more than can be told apart, so that nothing is known of what they meet.
    bool lost() const noexcept { return lost_; }

  private:
    struct Turn {
        std::uint32_t node;
        std::uint32_t depth;
    };
    static constexpr std::uint32_t empty_segment = 1u << 31;

    std::uint32_t number_decoded(std::string_view segment) const noexcept {
        std::array<char, PathPattern::longest_segment> room;
        const std::string_view text = decoded(segment, room);
        return text.empty() ? 0 : index_.segments.find(text);  // too long for any literal
    }

    void take(std::uint32_t number) noexcept {
        if (number == 0)
            return;
        const Accept& accept = index_.accepts[number];
        if (accept.guard != 0)
            take_guarded(accept.guard);
        if ((accept.methods & method_bit_) == 0) {
            found_.take(accept.other);
            return;
        }
        const int before = std::popcount(accept.methods & (method_bit_ - 1));
        found_.take(index_.outcomes[accept.first + static_cast<std::uint32_t>(before)]);
    }

    /// Rules with header conditions, found by the values that the request has.
    void take_guarded(std::uint32_t guard) noexcept {
        if (!facts_read_) {
            facts_read_ = true;
            lost_ = !facts_.read(index_, request_.headers);
        }
        for (const RequestFacts::Fact& fact : facts_.all()) {
            const std::uint32_t place = index_.guarded.find(pair_key(guard, fact.number));
            const Range range = place == 0 ? Range{} : index_.guarded_ranges[place];
            for (std::uint32_t i = 0; i < range.count; ++i)
                take_if_met(index_.guarded_rules[range.first + i]);
        }
    }

    void take_if_met(const Guarded& guarded) noexcept {
        if (guarded.methods != 0 && (guarded.methods & method_bit_) == 0)
            return;
        const RuleFacts& rule = index_.rules[guarded.rule];
        std::uint32_t& first = found_.*rule.kind;
        if (guarded.rule < first && facts_.meet(index_, rule))
            first = guarded.rule;
    }

    const Policy::Index& index_;
    const Request& request_;
    std::array<std::uint32_t, PathPattern::most_segments> segments_;
    std::size_t count_;
    bool longer_;
    std::uint64_t method_bit_ = 0;
    Outcome found_;
    RequestFacts facts_;
    bool facts_read_ = false;
    bool lost_ = false;
};

/// One or two numbers under which to ask: that of the name, and that of rules that name none.
struct Choice {
    std::array<std::uint32_t, 2> numbers;
    std::size_t count;

    Choice(std::uint32_t none, std::uint32_t named) noexcept
        : numbers{none, named}, count(none == named ? 1 : 2) {}
    const std::uint32_t* begin() const noexcept { return numbers.data(); }
    const std::uint32_t* end() const noexcept { return numbers.data() + count; }
};

std::uint32_t source_class(const Policy::Index& index, std::string_view service) noexcept {
    return service.empty() ? unknown_service
                           : index.classes[index.services.find(service)].as_source;
}

std::uint32_t destination_class(const Policy::Index& index, const Destination& to) noexcept {
    return to.external ? index.external_classes[index.externals.find(to.name)]
                       : index.classes[index.services.find(to.name)].as_destination;
}

/// Asks under each key that the request fits: own service or every one, peer plane or every one,
/// peer service or every one. A host outside is of no plane.
void look_up(const Policy::Index& index, const Request& request, Walk& walk) noexcept {
    const bool egress = request.direction == Direction::egress;
    const std::uint32_t source = source_class(index, request.from.service);
    const std::uint32_t destination = destination_class(index, request.to);
    const Choice owns(every_service, egress ? source : destination);
    const Choice peers(every_service, egress ? destination : source);
    const Choice planes = request.to.external
                              ? Choice(outside, outside)
                              : Choice(every_plane, index.planes.find(egress ? request.to.plane
                                                                             : request.from.plane));
    for (const std::uint32_t own : owns) {
        for (const std::uint32_t plane : planes) {
            for (const std::uint32_t peer : peers) {
                const Key key{.direction = request.direction,
                              .tunnel = request.tunnel,
                              .own = own,
                              .peer_plane = plane,
                              .peer = peer};
                if ((index.shapes & key.shape()) == 0)
                    continue;  // no rule names just this much
                if (const std::uint32_t root = index.roots.find(key.packed()); root != 0)
                    walk.from(root);
            }
        }
    }
}

/// What the rules that match amount to. A rule in mode report changes nothing for the request: its
/// denial lets pass what an allow lets pass, and its allow opens nothing.
Decision decide(const Verdicts& verdicts, const Outcome& found) noexcept {
    const PolicyFile& file = verdicts.index.file;
    const auto rule = [&file](std::uint32_t id) {
        return id == no_rule ? nullptr : &file.rules[id - 1];
    };
    const Rule* const allow = rule(found.allow);
    const Rule* const reported = rule(found.reported_deny);
    if (const Rule* const deny = rule(found.deny); deny != nullptr)
        return verdicts.deny(*deny);
    if (allow != nullptr && reported == nullptr)
        return verdicts.allow(*allow);
    Decision denial = Verdicts::deny("no rule allows it");
    if (allow != nullptr || file.mode == Mode::report)
        return verdicts.report(reported == nullptr ? denial : verdicts.deny(*reported), allow);
    if (reported == nullptr && found.reported_allow != no_rule)
        denial.would_allow = found.reported_allow;
    return denial;
}

}  // namespace

Decision evaluate(const Policy& policy, const Request& request) noexcept {
    const Policy::Index& index = policy.index();
    if (const std::string_view why = unanswerable(index.file, request); !why.empty())
        return Verdicts::deny(why);
    RequestPath path;
    if (request.tunnel)
        path.count = 0, path.longer = false;
    else if (!path.split(request.path))
        return Verdicts::deny("the path is not canonical");
    Walk walk(index, path, request);
    look_up(index, request, walk);
    if (walk.lost())
        return Verdicts::deny("more header values than this policy tells apart");
    return decide({.index = index, .request = request}, walk.found());
}

}  // namespace beta::acl
