#include "beta/upstream/retry.hpp"

#include <catch2/catch.hpp>

namespace beta::upstream {
namespace {

using namespace std::chrono_literals;
using model::Failure;

constexpr RetryLimits usual{.first_try = 4s, .in_all = 20s, .tries = 3};

TEST_CASE("a late circuit is left early, and the last try has all the time that is left") {
    Retry retry(usual);
    CHECK(retry.time_limit(0s) == 4s);
    CHECK(retry.failed(Failure::connect_timeout, 4s) == 0ms);
    CHECK(retry.time_limit(4s) == 8s);
    CHECK(retry.failed(Failure::connect_timeout, 12s) == 0ms);
    CHECK(retry.time_limit(12s) == 8s);
    CHECK_FALSE(retry.failed(Failure::connect_timeout, 20s));
}

TEST_CASE("what was refused is tried again after a pause that grows") {
    Retry retry(usual);
    CHECK(retry.failed(Failure::descriptor_not_found, 300ms) == 200ms);
    CHECK(retry.time_limit(500ms) == 8s);
    CHECK(retry.failed(Failure::introduction_failed, 3s) == 400ms);
    CHECK_FALSE(retry.failed(Failure::introduction_failed, 4s));
}

TEST_CASE("nothing begins, and nothing lasts, beyond the time for all tries") {
    Retry retry(usual);
    CHECK(retry.time_limit(18s) == 2s);
    CHECK(retry.time_limit(25s) == 0s);
    CHECK_FALSE(retry.failed(Failure::introduction_failed, 19'800ms));
    CHECK_FALSE(Retry(usual).failed(Failure::connect_timeout, 20s));
}

TEST_CASE("a single try has all the time and no successor") {
    Retry retry({.first_try = 4s, .in_all = 20s, .tries = 1});
    CHECK(retry.time_limit(0s) == 20s);
    CHECK_FALSE(retry.failed(Failure::connect_timeout, 1s));
}

TEST_CASE("a time for one try that is longer than that for all is cut") {
    CHECK(Retry({.first_try = 4s, .in_all = 500ms, .tries = 3}).time_limit(0s) == 500ms);
}

TEST_CASE("only what is safe to try again, and may go better on another circuit, is tried again") {
    using F = Failure;
    for (const auto failure :
         {F::descriptor_not_found, F::descriptor_invalid, F::introduction_failed,
          F::introduction_timeout, F::rendezvous_failed, F::socks_general, F::socks_unreachable,
          F::socks_refused, F::socks_ttl, F::connect_timeout}) {
        CAPTURE(model::facts(failure).name);
        CHECK(Retry(usual).failed(failure, 1s));
    }
    for (const auto failure :
         {F::client_auth_missing, F::client_auth_wrong, F::onion_address_bad, F::socks_ruleset,
          F::tor_unreachable, F::app_unreachable, F::upstream_closed, F::internal}) {
        CAPTURE(model::facts(failure).name);
        CHECK_FALSE(Retry(usual).failed(failure, 1s));
    }
}

}  // namespace
}  // namespace beta::upstream
