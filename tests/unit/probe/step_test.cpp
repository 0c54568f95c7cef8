#include "beta/probe/step.hpp"

#include <catch2/catch.hpp>

using namespace beta;
using model::Failure;
using probe::Step;

TEST_CASE("each of tor's answers is of one step") {
    const auto [failure, step] = GENERATE(table<Failure, Step>({
        {Failure::tor_unreachable, Step::tor},
        {Failure::socks_ruleset, Step::tor},
        {Failure::descriptor_not_found, Step::descriptor},
        {Failure::descriptor_invalid, Step::descriptor},
        {Failure::client_auth_missing, Step::descriptor},
        {Failure::client_auth_wrong, Step::descriptor},
        {Failure::onion_address_bad, Step::descriptor},
        {Failure::introduction_failed, Step::introduction},
        {Failure::introduction_timeout, Step::introduction},
        {Failure::rendezvous_failed, Step::rendezvous},
        {Failure::socks_general, Step::port},
        {Failure::socks_refused, Step::port},
    }));
    CAPTURE(model::facts(failure).name);
    CHECK(probe::failed_at(failure, false) == step);
    CHECK_FALSE(probe::remedy(failure).empty());
}

TEST_CASE("a time that ran out is of the first step that it may have been") {
    CHECK(probe::failed_at(Failure::connect_timeout, false) == Step::descriptor);
    CHECK(probe::failed_at(Failure::connect_timeout, true) == Step::tls);
}

TEST_CASE("what fails once there is a stream is TLS") {
    for (const auto failure :
         {Failure::peer_untrusted, Failure::certificate_refused, Failure::tls_failed}) {
        CHECK(probe::failed_at(failure, true) == Step::tls);
        CHECK_FALSE(probe::remedy(failure).empty());
    }
}
