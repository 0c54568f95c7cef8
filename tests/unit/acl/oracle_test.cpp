#include "policies.hpp"
#include "random_policy.hpp"
#include "support/allocations.hpp"

namespace beta::acl::test {
namespace {

/// How often each sign came up.
struct Seen {
    std::size_t allowed = 0;
    std::size_t denied_by_rule = 0;
    std::size_t reported = 0;
    std::size_t would_allow = 0;
    std::size_t tunnelled = 0;

    void count(const std::string& verdict, const RandomRequest& asked) {
        allowed += verdict[0] == '+' ? 1 : 0;
        denied_by_rule += verdict[0] == '-' && !verdict.starts_with("-default-deny") ? 1 : 0;
        reported += verdict[0] == '~' ? 1 : 0;
        would_allow += verdict.contains('?') ? 1 : 0;
        tunnelled += verdict[0] == '+' && asked.tunnel ? 1 : 0;
    }
};

TEST_CASE("the index decides as a loop over the rules does, on 120,000 random requests") {
    Dice dice(20240611);
    Seen seen;
    for (int i = 0; i < 2400; ++i) {
        const OracleFile file = random_file(dice);
        const auto loaded = policy(yaml(file));
        for (int k = 0; k < 50; ++k) {
            const RandomRequest asked(dice);
            const std::string expected = oracle(file, asked.view());
            const std::string given = verdict(*loaded, asked.view());
            if (given != expected) {
                INFO(yaml(file) << asked.str());
                REQUIRE(given == expected);
            }
            seen.count(expected, asked);
        }
    }
    CHECK(seen.allowed > 5'000);  // else the test asks nothing
    CHECK(seen.denied_by_rule > 5'000);
    CHECK(seen.reported > 3'000);
    CHECK(seen.would_allow > 500);
    CHECK(seen.tunnelled > 200);
}

TEST_CASE("a decision allocates nothing") {
    Dice dice(7);
    const auto loaded = policy(yaml(random_file(dice)));
    const std::string deep = "/a%20b/" + std::string(3000, 'x') + "/y/z/%C3%A4";
    const Request asked = request(Direction::ingress, "ops/a", "wallet/b", "GET", deep);
    const std::size_t before = support::allocations();
    const Decision made = evaluate(*loaded, asked);
    const std::size_t after = support::allocations();
    CHECK(after == before);
    CHECK(made.rule_id < loaded->rule_count());
}

/// Rules that differ in services, method and path, as a large policy's do.
std::string large_file(int rules) {
    std::string out = "apiVersion: beta.acl/v1\nplane: wallet\nallow:\n";
    for (int i = 0; i < rules; ++i) {
        const std::string n = std::to_string(i);
        out += "  - {name: r" + n + ", from: {plane: ops, services: [c" + std::to_string(i % 1000) +
               "]}, to: {services: [s" + std::to_string(i / 10) +
               "]}, methods: [GET], paths: [/api/v1/" + n + "/*]}\n";
    }
    return out;
}

TEST_CASE("ten thousand rules are decided as ten are") {
    const auto loaded = policy(large_file(10'000));
    CHECK(loaded->rule_count() == 10'001);
    CHECK(ingress(*loaded, "ops/c999", "wallet/s999", "GET", "/api/v1/9999/x") == "+r9999");
    CHECK(ingress(*loaded, "ops/c0", "wallet/s0", "GET", "/api/v1/0/x") == "+r0");
    CHECK(ingress(*loaded, "ops/c1", "wallet/s0", "GET", "/api/v1/0/x") == "-default-deny");
    CHECK(ingress(*loaded, "ops/c0", "wallet/s0", "GET", "/api/v1/1/x") == "-default-deny");
    CHECK(loaded->index_bytes() / 10'000 < 1000);  // bytes a rule
}

TEST_CASE("a rule that lists a thousand services on each side is one entry of the index") {
    std::string list = "s0";
    for (int i = 1; i < 1000; ++i)
        list += ", s" + std::to_string(i);
    const auto loaded = policy(wallet("allow:\n  - {name: many, from: {services: [" + list +
                                      "]}, to: {services: [" + list + "]}}\n"));
    CHECK(egress(*loaded, "wallet/s0", "wallet/s999") == "+many");
    CHECK(egress(*loaded, "wallet/s0", "wallet/s1000") == "-default-deny");
    CHECK(loaded->index_bytes() < 100'000);
}

}  // namespace
}  // namespace beta::acl::test
