#include "configuration.hpp"

namespace beta::config {
namespace {

using Catch::Contains;

std::string ingress(const std::string& first, const std::string& second = {}) {
    std::string text =
        needed + "app: 127.0.0.1:8080\ningress:\n  - { plane: wallet, address: '" + first + "' }\n";
    if (!second.empty())
        text += "  - { plane: chain, address: '" + second + "' }\n";
    return text;
}

TEST_CASE("an ingress listener needs an application to hand requests to") {
    CHECK_THAT(error_of(needed + "ingress:\n  - { plane: a, address: 127.0.0.1:1 }\n"),
               Contains("sidecar.yaml:7:3: error: there is an ingress listener but no \"app\"") &&
                   Contains("[CONFIG_APP_NEEDED]"));
}

TEST_CASE("an application that is wrong is not missing too") {
    CHECK_THAT(error_of(needed + "app: x\ningress: [{ plane: a, address: 127.0.0.1:1 }]\n"),
               Contains("app must be an address"));
}

TEST_CASE("a plane has one listener") {
    CHECK_THAT(error_of(needed + "app: 127.0.0.1:80\ningress:\n"
                                 "  - { plane: a, address: 127.0.0.1:1 }\n"
                                 "  - { plane: a, address: 127.0.0.1:2 }\n"),
               Contains("sidecar.yaml:9:5:") && Contains("one listener a plane"));
}

TEST_CASE("a listener needs plane and address") {
    const auto errors = errors_of(needed +
                                  "app: 127.0.0.1:80\ningress:\n  - { plane: a }\n"
                                  "  - { address: 127.0.0.1:1 }\n  - x\n");
    REQUIRE(errors.size() == 3);
    CHECK_THAT(errors[0], Contains("lacks the key \"address\""));
    CHECK_THAT(errors[1], Contains("lacks the key \"plane\""));
    CHECK_THAT(errors[2], Contains("[CONFIG_EXPECTED_MAP]"));
}

TEST_CASE("each listener has an address of its own") {
    CHECK_THAT(error_of(ingress("127.0.0.1:1", "127.0.0.1:1")),
               Contains("sidecar.yaml:9:30: error: ingress.chain and ingress.wallet are both "
                        "127.0.0.1:1") &&
                   Contains("[CONFIG_SAME_ADDRESS]"));
    CHECK_THAT(error_of(ingress("127.0.0.1:15001")), Contains("[CONFIG_SAME_ADDRESS]"));
    CHECK_THAT(error_of(ingress("unix:/a", "unix:/a")), Contains("[CONFIG_SAME_ADDRESS]"));
    CHECK_THAT(error_of(needed + "admin: { address: 127.0.0.1:15001 }\n"),
               Contains("[CONFIG_SAME_ADDRESS]"));
    CHECK_THAT(error_of(needed + "admin: { address: 0.0.0.0:15001 }\n"),
               Contains("[CONFIG_SAME_ADDRESS]"));
    CHECK(parsed(ingress("127.0.0.1:1", "127.0.0.2:1")).ingress.size() == 2);
    CHECK(parsed(ingress("127.0.0.1:0", "127.0.0.1:0")).ingress.size() == 2);
    CHECK(parsed(ingress("unix:/a", "unix:/b")).ingress.size() == 2);
}

TEST_CASE("the sidecar does not call itself") {
    CHECK_THAT(error_of(needed + "app: 127.0.0.1:15001\n"),
               Contains("sidecar.yaml:6:6: error: app is the sidecar's own egress.address") &&
                   Contains("[CONFIG_CALLS_ITSELF]"));
    CHECK_THAT(error_of(needed + "tor: { socks: 127.0.0.1:9090 }\n"),
               Contains("[CONFIG_CALLS_ITSELF]"));
    CHECK_THAT(error_of(needed + "tor: { control: 127.0.0.1:15001 }\n"),
               Contains("tor.control is the sidecar's own egress.address"));
    CHECK_THAT(error_of(ingress("127.0.0.1:8080")), Contains("[CONFIG_CALLS_ITSELF]"));
}

TEST_CASE("tor's two ports are two, and a password is for the one that is used") {
    CHECK_THAT(error_of(needed + "tor: { control: 127.0.0.1:9050 }\n"),
               Contains("tor.control and tor.socks are both 127.0.0.1:9050") &&
                   Contains("[CONFIG_SAME_ADDRESS]"));
    CHECK_THAT(error_of(needed + "tor: { control: off, control_password_file: x }\n"),
               Contains("has no use without tor.control") && Contains("[CONFIG_UNUSED_KEY]"));
    CHECK_THAT(error_of(needed + "tor: { control: off, control_cookie_file: x }\n"),
               Contains("control_cookie_file has no use without tor.control"));
    CHECK(parsed(needed + "tor: { control: off, control_password_file: off }\n") == parsed(needed));
}

}  // namespace
}  // namespace beta::config
