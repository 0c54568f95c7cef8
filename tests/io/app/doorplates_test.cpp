#include "beta/app/doorplates.hpp"

#include "beta/config/config.hpp"

#include <catch2/catch.hpp>

using namespace beta;

TEST_CASE("callers are counted by the listener that they got through to, and together") {
    const auto config = config::parse(
        "service: tron-payment\nplane: wallet\napp: 127.0.0.1:1\nacl: a.yaml\nservices: s.yaml\n"
        "identity: listener\nadmin: { address: off }\ntor: { socks: '127.0.0.1:9050' }\n"
        "egress: { address: '127.0.0.1:0' }\ningress:\n"
        "  - { plane: ops, address: '127.0.0.1:0' }\n"
        "  - { plane: chain, address: '127.0.0.1:0' }\n",
        "/etc/beta/sidecar.yaml", {});
    REQUIRE(config);
    const auto plates = app::doorplates(*config, 0);
    REQUIRE(plates.size() == 3);
    for (const auto& plate : plates)
        plate.side->arrived();  // at egress it is the app: nobody's caller
    plates.back().side->arrived();
    CHECK(app::callers_of(plates, "ops") == 1);
    CHECK(app::callers_of(plates, "chain") == 2);
    CHECK(app::callers_of(plates, "any") == 3);
    CHECK(app::callers_of(plates, "wallet") == 0);
}
