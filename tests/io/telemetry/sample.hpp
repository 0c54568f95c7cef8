// A record of an ordinary allowed request, to vary.
#pragma once

#include "beta/telemetry/record.hpp"

namespace beta::testing {

inline telemetry::Record sample_record() {
    telemetry::Record record;
    record.direction = acl::Direction::egress;
    record.source_service = "api-gateway";
    record.source_plane = "ops";
    record.destination = "tron-payment";
    record.destination_plane = "wallet";
    record.method = "POST";
    record.path = "/api/v1/payouts";
    record.user_agent = "curl/8.0";
    record.request_id = "0123456789abcdef";
    record.rule = "gateway-pays";
    record.rule_id = 1;
    record.verdict = acl::Verdict::allow;
    record.decided = true;
    record.status = 201;
    record.attempts = 1;
    record.request_bytes = 17;
    record.response_bytes = 42;
    record.duration = std::chrono::microseconds{12'345};
    return record;
}

inline telemetry::Record denied_record() {
    auto record = sample_record();
    record.direction = acl::Direction::ingress;
    record.source_service = {};
    record.source_plane = "chain";
    record.rule = "chain-stays-out";
    record.verdict = acl::Verdict::deny;
    record.failure = model::Failure::denied;
    record.status = 403;
    record.attempts = 0;
    return record;
}

inline telemetry::Record limited_record() {
    auto record = sample_record();
    record.verdict = acl::Verdict::deny;
    record.limited = true;
    record.destination = "blockchain-core";
    record.destination_plane = "chain";
    record.failure = model::Failure::rate_limited;
    record.status = 429;
    record.attempts = 0;
    return record;
}

inline telemetry::Record rejected_record() {
    telemetry::Record record;
    record.direction = acl::Direction::ingress;
    record.source_plane = "ops";
    record.failure = model::Failure::malformed;
    record.status = 400;
    return record;
}

}  // namespace beta::testing
