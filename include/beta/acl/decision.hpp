// Decision and Permit: the answer of the policy as a value, and the only key that opens an
// upstream.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace beta::acl {

class Policy;
struct Limit;

enum class Direction : std::uint8_t { egress, ingress };
enum class Verdict : std::uint8_t { allow, deny };

constexpr std::string_view word(Direction direction) noexcept {
    return direction == Direction::egress ? "egress" : "ingress";
}
constexpr std::string_view word(Verdict verdict) noexcept {
    return verdict == Verdict::allow ? "allow" : "deny";
}

/// Who asks. An empty service means "only the plane is known" (ingress by plane listener): it
/// satisfies no allow that names services, and every deny that names services of that plane.
struct Source {
    std::string_view plane;
    std::string_view service;
};

/// Whom for. `id` says where the way leads (upstream::destination_id); it travels through the
/// Permit to the pool.
struct Destination {
    std::string_view plane;  // empty for an external host
    std::string_view name;   // service, or the name of the external host
    bool external = false;
    std::uint32_t id = 0;
};

/// The header fields of a request, looked at one by one where they lie. Empty by default.
struct HeaderLines {
    struct Line {
        std::string_view name;  // as received
        std::string_view value;
    };
    const void* fields = nullptr;
    std::size_t count = 0;
    Line (*at)(const void* fields, std::size_t index) noexcept = nullptr;
};

/// What is asked. All views must outlive the call only. `path` is canonical and has no query.
struct Request {
    Direction direction = Direction::egress;
    Source from;
    Destination to;
    std::string_view method;
    std::string_view path;
    HeaderLines headers = {};
    /// CONNECT: only an allow with `tunnel: true` answers it, and such an allow answers nothing
    /// else. `path` is empty then.
    bool tunnel = false;
};

/// Proof that the policy allowed a call to one destination. Made by evaluate() alone; without one
/// there is no way to reach upstream::Pool.
class Permit {
  public:
    std::uint32_t destination_id() const noexcept { return destination_id_; }
    Direction direction() const noexcept { return direction_; }

  private:
    friend struct Verdicts;  // src/acl/evaluate.cpp
    Permit(std::uint32_t destination_id, Direction direction) noexcept
        : destination_id_(destination_id), direction_(direction) {}
    std::uint32_t destination_id_;
    Direction direction_;
};

/// Views point into the Policy that decided and live as long as it does.
struct Decision {
    Verdict verdict = Verdict::deny;
    std::string_view rule;    // the rule that decided; "default-deny" when none allowed
    std::string_view reason;  // the rule's own words, or ours
    /// 0 is default-deny; stable within one Policy, < Policy::rule_count()
    std::uint32_t rule_id = 0;
    std::optional<Permit> permit;  // present exactly when traffic may pass
    /// False for a denial that `mode: report` lets pass: decision=deny enforced=false.
    bool enforced = true;
    /// Of the allow that lets the request pass, which still has to pass it. Lives as long as the
    /// Policy.
    const Limit* limit = nullptr;
    std::uint64_t limit_key = 0;   // of the limit, for who asks or whom for: Limiter::take()
    std::uint32_t limited_by = 0;  // the rule that has it
    /// Of a denial by default: an allow in mode report that matches, and would allow it. Else 0.
    std::uint32_t would_allow = 0;

    bool allowed() const noexcept { return permit.has_value(); }
};

/// Decides one request by one plane's file: any deny that matches, else any allow that matches,
/// else deny. Allocates nothing; its cost does not grow with the number of rules. Thread: any (the
/// policy is immutable).
Decision evaluate(const Policy& policy, const Request& request) noexcept;

}  // namespace beta::acl
