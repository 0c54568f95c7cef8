// The policies of acl/, by the engine that serves traffic.
#include "beta/acl/explain.hpp"

#include "policies.hpp"

#include <fstream>
#include <iterator>

namespace beta::acl::test {
namespace {

std::string contents(const std::string& name) {
    std::ifstream file(std::string(BETA_SOURCE_DIR) + "/acl/" + name);
    REQUIRE(file);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::shared_ptr<const Policy> shipped(const std::string& plane) {
    const auto loaded = policy(contents(plane + ".yaml"));
    REQUIRE(loaded->plane() == plane);
    return loaded;
}

/// "allow", or "deny" with the side and the rule that refused first.
std::string both_sides(const std::string& from, const std::string& to, const std::string& method,
                       const std::string& path) {
    const Source caller = source(from);
    const Destination callee = destination(to);
    const auto out = shipped(std::string(caller.plane));
    const auto in = shipped(std::string(callee.plane));
    const Explanation made = explain(out.get(), in.get(),
                                     {.from_plane = std::string(caller.plane),
                                      .from_service = std::string(caller.service),
                                      .to_plane = std::string(callee.plane),
                                      .to_service = std::string(callee.name),
                                      .method = method,
                                      .path = path});
    for (const SideExplanation& side : made.sides)
        if (side.verdict == Verdict::deny)
            return (side.direction == Direction::egress ? "deny egress " : "deny ingress ") +
                   side.rule;
    return "allow";
}

struct Call {
    const char* from;
    const char* to;
    const char* method;
    const char* path;
    const char* expected;
};

TEST_CASE("the shipped policies allow the payment flow and nothing beside it") {
    const auto row = GENERATE(values<Call>({
        {"ops/api-gateway", "wallet/tron-payment", "POST", "/api/v1/payouts", "allow"},
        {"ops/api-gateway", "wallet/tron-payment", "GET", "/api/v1/payouts", "allow"},
        {"ops/api-gateway", "wallet/tron-payment", "HEAD", "/api/v1/payouts/17", "allow"},
        {"ops/api-gateway", "wallet/tron-payment", "DELETE", "/api/v1/payouts/17",
         "deny egress default-deny"},
        {"ops/api-gateway", "wallet/tron-payment", "GET", "/api/v1/sessions/1",
         "deny egress default-deny"},
        {"ops/api-gateway", "wallet/other", "GET", "/api/v1/payouts", "deny egress default-deny"},
        {"ops/dashboard", "wallet/tron-payment", "GET", "/api/v1/payouts",
         "deny egress default-deny"},
        {"ops/api-gateway", "chain/blockchain-core", "GET", "/", "allow"},
        {"ops/dashboard", "chain/blockchain-core", "GET", "/api/v1/consensus", "allow"},
        {"ops/api-gateway", "chain/blockchain-core", "POST", "/api/v1/consensus",
         "deny egress default-deny"},
        {"chain/blockchain-core", "wallet/tron-payment", "POST", "/api/v1/payouts",
         "deny egress chain-leaves-wallet-alone"},
        {"wallet/tron-payment", "chain/blockchain-core", "GET", "/",
         "deny egress wallet-leaves-chain-alone"},
        {"wallet/tron-payment", "ops/api-gateway", "GET", "/", "deny egress default-deny"},
        {"chain/blockchain-core", "ops/api-gateway", "GET", "/", "deny egress default-deny"},
    }));
    DYNAMIC_SECTION(row.from << " to " << row.to << ' ' << row.method << ' ' << row.path) {
        CHECK(both_sides(row.from, row.to, row.method, row.path) == row.expected);
    }
}

TEST_CASE("the gateway pays by its certificate, and nobody does by a listener alone") {
    const auto wallet = shipped("wallet");
    const Question asked{.from_plane = "ops",
                         .from_service = "api-gateway",
                         .to_plane = "wallet",
                         .to_service = "tron-payment",
                         .method = "POST",
                         .path = "/api/v1/payouts"};
    const Explanation certain = explain(nullptr, wallet.get(), asked);
    CHECK(certain.sides.at(0).rule == "gateway-pays");
    CHECK(certain.sides.at(0).limit == "100/min, burst 20, per source");
    Question weaker = asked;
    weaker.known_by = model::KnownBy::listener;
    CHECK(explain(nullptr, wallet.get(), weaker).sides.at(0).rule == "default-deny");
}

TEST_CASE("the callee's own file refuses the other tier, should its caller's not") {
    const auto wallet = shipped("wallet");
    const Decision made = evaluate(
        *wallet,
        request(Direction::ingress, "chain/", "wallet/tron-payment", "POST", "/api/v1/payouts"));
    CHECK(made.rule == "chain-stays-out");
    CHECK(made.reason == "Blockchain tier never reaches the payment tier");
    CHECK(ingress(*wallet, "ops/dashboard", "wallet/tron-payment", "POST", "/api/v1/payouts") ==
          "-default-deny");
    CHECK(ingress(*shipped("chain"), "wallet/", "chain/blockchain-core") == "-wallet-stays-out");
}

}  // namespace
}  // namespace beta::acl::test
