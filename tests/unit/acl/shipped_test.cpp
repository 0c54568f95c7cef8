// The policies of acl/ and the examples of acl/README.md, by the engine that serves traffic.
#include "beta/acl/explain.hpp"
#include "beta/acl/path_pattern.hpp"

#include "policies.hpp"

#include <fstream>
#include <iterator>
#include <sstream>

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

TEST_CASE("the callee's own file refuses the other tier, should its caller's not") {
    const auto wallet = shipped("wallet");
    const Decision made = evaluate(
        *wallet,
        request(Direction::ingress, "chain/", "wallet/tron-payment", "POST", "/api/v1/payouts"));
    CHECK(made.rule == "chain-stays-out");
    CHECK(made.reason == "Blockchain tier never reaches the payment tier");
    CHECK(ingress(*shipped("chain"), "wallet/", "chain/blockchain-core") == "-wallet-stays-out");
}

/// The text between "```kind" and the next "```" of the README.
std::string block(const std::string& kind) {
    const std::string text = contents("README.md");
    const std::string opening = "```" + kind + "\n";
    const std::size_t begin = text.find(opening);
    REQUIRE(begin != std::string::npos);
    const std::size_t first = begin + opening.size();
    return text.substr(first, text.find("```", first) - first);
}

TEST_CASE("the example of the README loads and decides as its table says") {
    const auto example = policy(block("yaml"));
    std::istringstream table(block("cases"));
    std::string from, to, method, path, verdict, rule;
    std::size_t cases = 0;
    while (table >> from >> to >> method >> path >> verdict >> rule) {
        INFO(from << ' ' << to << ' ' << method << ' ' << path);
        if (from.ends_with("/?"))
            from.pop_back();
        CHECK(ingress(*example, from, to, method, path) == (verdict == "allow" ? "+" : "-") + rule);
        ++cases;
    }
    CHECK(cases == 12);
}

TEST_CASE("every pattern of the README matches what its table says") {
    std::istringstream lines(contents("README.md"));
    std::size_t rows = 0;
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("| `/"))
            continue;
        std::vector<std::vector<std::string>> cells(1);
        std::size_t at = 2;
        for (std::size_t tick = line.find('`', at); tick != std::string::npos;) {
            const std::size_t end = line.find('`', tick + 1);
            cells.back().push_back(line.substr(tick + 1, end - tick - 1));
            at = end + 1;
            tick = line.find('`', at);
            if (const std::size_t bar = line.find('|', at); bar < tick)
                cells.emplace_back();
        }
        const auto pattern = PathPattern::parse(cells[0].at(0)).value();
        for (std::size_t cell = 1; cell < cells.size(); ++cell)
            for (const std::string& path : cells[cell])
                CHECK(pattern.matches(path) == (cell == 1));
        ++rows;
    }
    CHECK(rows == 6);
}

}  // namespace
}  // namespace beta::acl::test
