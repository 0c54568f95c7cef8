// Record: what is known of one finished request; feeds metrics, access log and audit alike.
#pragma once

#include "beta/acl/decision.hpp"
#include "beta/model/failure.hpp"

#include <chrono>
#include <cstdint>
#include <string_view>

namespace beta::telemetry {

/// All views are valid during the call that takes the record, no longer. Bytes may be anything: the
/// log escapes them.
struct Record {
    acl::Direction direction = acl::Direction::egress;
    std::string_view source_service;  // empty when only the plane is known
    std::string_view source_plane;
    std::string_view destination;  // from the directory, never from traffic; empty when unknown
    std::string_view destination_plane;
    std::string_view method;  // as received
    std::string_view path;    // without query, as received
    std::string_view user_agent;
    std::string_view request_id;
    std::string_view caller_id;  // what a peer calls this request: nobody's word; empty: no other
    std::string_view trace_id;   // of a request that is recorded; else empty
    std::string_view span_id;
    std::string_view rule;  // of the Policy; empty when nothing was decided
    std::uint32_t rule_id = 0;
    acl::Verdict verdict = acl::Verdict::deny;
    bool decided = false;  // false: refused before the policy was asked
    bool enforced = true;
    bool limited = false;  // the denial is of the rule's limit: the rule itself allows
    model::Failure failure = model::Failure::none;
    std::uint16_t status = 0;         // sent downstream; 499 when it had gone
    std::uint8_t attempts = 0;        // upstream streams tried
    std::uint64_t request_bytes = 0;  // body
    std::uint64_t response_bytes = 0;
    std::chrono::nanoseconds duration{0};
    bool http10 = false;

    /// By the policy, whether or not that is enforced.
    bool is_denied() const noexcept { return decided && verdict == acl::Verdict::deny; }
    /// By the policy, or before it was asked. What beta.internal answers is neither.
    bool is_refused() const noexcept {
        return is_denied() || (!decided && failure != model::Failure::none);
    }
};

}  // namespace beta::telemetry
