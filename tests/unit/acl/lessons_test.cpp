// Lessons of other proxies (their numbers are in the names), as far as the engine is concerned.
// Everything here is allowed by the rule `all` unless the engine knows better.
#include "beta/acl/rule.hpp"

#include "policies.hpp"

#include <type_traits>

namespace beta::acl::test {
namespace {

const char* const all = "allow:\n  - {name: all, from: {plane: \"*\"}, to: {plane: \"*\"}}\n";

using Lines = std::vector<HeaderLines::Line>;

HeaderLines view(const Lines& lines) {
    return {.fields = &lines,
            .count = lines.size(),
            .at = [](const void* fields, std::size_t index) noexcept {
                return (*static_cast<const Lines*>(fields))[index];
            }};
}

std::string with_headers(const Policy& policy, const Lines& lines) {
    Request asked = request(Direction::ingress, "wallet/a", "wallet/b", "GET", "/x");
    asked.headers = view(lines);
    return verdict(policy, asked);
}

TEST_CASE(
    "a path with a second spelling is denied whatever the rules say "
    "(CVE-2021-31920, CVE-2021-29492, CVE-2021-32779, CVE-2021-39156)") {
    const auto loaded = policy(wallet(all));
    const auto path = GENERATE(values<std::string>({"//admin",
                                                    "/%2Fadmin",
                                                    "/a%2f..%2fadmin",
                                                    "/./admin",
                                                    "/x/../admin",
                                                    "\\admin",
                                                    "/\\admin",
                                                    "/%5Cadmin",
                                                    "/%5cadmin",
                                                    "/a%00",
                                                    "/%2e%2e/admin",
                                                    "/%2E/admin",
                                                    "/a;param",
                                                    "/a;param/b",
                                                    "/a#b",
                                                    "/%c0%afadmin",
                                                    "/%e0%80%af",
                                                    "/%zz",
                                                    "/%2",
                                                    "/%",
                                                    "/%41dmin",
                                                    "/a%3Fb",
                                                    "/a?b",
                                                    "/a b",
                                                    "/a\tb",
                                                    "/%7Euser",
                                                    "/a/..",
                                                    "/a/.",
                                                    "/%ff"}));
    DYNAMIC_SECTION(path) {
        CHECK(ingress(*loaded, "wallet/a", "wallet/b", "GET", path) == "-default-deny");
        const auto reported = policy(wallet("mode: report\n" + std::string(all)));
        CHECK(ingress(*reported, "wallet/a", "wallet/b", "GET", path) == "-default-deny");
    }
}

TEST_CASE(
    "two slashes are never an authority, and a path without its slash is none "
    "(CVE-2026-26205, CVE-2026-33186)") {
    const auto loaded = policy(wallet(all));
    for (const char* path : {"//evil.example/x", "admin", "", "*", "http://a/b", "?"})
        CHECK(ingress(*loaded, "wallet/a", "wallet/b", "GET", path) == "-default-deny");
}

TEST_CASE("what comes with its query is no path (CVE-2026-32811)") {
    const auto loaded = policy(wallet("allow:\n  - {name: one, paths: [/a]}\n"));
    CHECK(ingress(*loaded, "wallet/a", "wallet/b", "GET", "/a?x=1") == "-default-deny");
    CHECK(ingress(*loaded, "wallet/a", "wallet/b", "GET", "/a??") == "-default-deny");
}

TEST_CASE("every legal character of a path matches a star (CVE-2025-46821)") {
    const auto loaded =
        policy(wallet("deny:\n  - {name: star, paths: [/s/*]}\n" + std::string(all)));
    const std::string legal =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,=:@";
    for (const char c : legal) {
        if (c == '.')
            continue;  // alone it is a dot segment
        CHECK(ingress(*loaded, "wallet/a", "wallet/b", "GET", std::string("/s/") + c) == "-star");
    }
    CHECK(ingress(*loaded, "wallet/a", "wallet/b", "GET", "/s/" + legal) == "-star");
    CHECK(ingress(*loaded, "wallet/a", "wallet/b", "GET", "/s/%C3%A4%20%22") == "-star");
}

TEST_CASE(
    "a name that looks like a pattern is refused, and names compare as they are "
    "(CVE-2026-39350)") {
    for (const char* name : {"a*", "*", "a?", "[ab]", "a.b", "a|b", "^a", "a$", "A"})
        CHECK_FALSE(refusals(wallet("allow:\n  - {name: r, from: {services: [\"" +
                                    std::string(name) + "\"]}}\n"))
                        .empty());
    const auto loaded = policy(wallet("allow:\n  - {name: r, from: {services: [a-b]}}\n"));
    for (const char* source :
         {"wallet/a-b", "wallet/a.b", "wallet/a-bb", "wallet/A-B", "wallet/a*", "wallet/ a-b"})
        CHECK(ingress(*loaded, source, "wallet/x") ==
              (std::string(source) == "wallet/a-b" ? "+r" : "-default-deny"));
}

TEST_CASE(
    "of several values an allow needs all and a deny any, joined and apart alike "
    "(CVE-2020-25017, CVE-2021-32777, CVE-2026-26308)") {
    const auto allows = policy(wallet("allow:\n  - {name: r, when: {headers: {x-t: [a, b]}}}\n"));
    CHECK(with_headers(*allows, {{"x-t", "a"}}) == "+r");
    CHECK(with_headers(*allows, {{"x-t", "a"}, {"X-T", "b"}}) == "+r");
    CHECK(with_headers(*allows, {{"x-t", "b,a,b"}}) == "+r");
    for (const Lines& lines : std::vector<Lines>{{},
                                                 {{"x-t", ""}},
                                                 {{"x-t", "c"}},
                                                 {{"x-t", "a"}, {"x-t", "c"}},
                                                 {{"x-t", "c"}, {"x-t", "a"}},
                                                 {{"x-t", "a,c"}},
                                                 {{"x-t", "c,a"}},
                                                 {{"x-t", "a,"}},
                                                 {{"x-t", "a b"}},
                                                 {{"x-t", "\"a\""}},
                                                 {{"x-t", "A"}},
                                                 {{"x_t", "a"}},
                                                 {{"x-tt", "a"}}})
        CHECK(with_headers(*allows, lines) == "-default-deny");

    const auto denies = policy(
        wallet("deny:\n  - {name: r, when: {headers: {x-t: [a, \"b, c\"]}}}\n" + std::string(all)));
    for (const Lines& lines : std::vector<Lines>{{{"x-t", "a"}},
                                                 {{"x-t", "z"}, {"X-T", "a"}},
                                                 {{"x-t", "z,a"}},
                                                 {{"x-t", "a,z"}},
                                                 {{"x-t", "b, c"}},
                                                 {{"x-t", ",,a"}}})
        CHECK(with_headers(*denies, lines) == "-r");
    CHECK(with_headers(*denies, {{"x-t", "b"}, {"x-t", "c"}}) == "+all");
    CHECK(with_headers(*denies, {}) == "+all");
}

TEST_CASE("blanks around a value are no part of it (CVE-2019-18802)") {
    const auto loaded =
        policy(wallet("deny:\n  - {name: r, when: {headers: {x-t: [a]}}}\n" + std::string(all)));
    for (const char* value : {"a ", " a", "\ta\t", "z , a ", "a\t,z"})
        CHECK(with_headers(*loaded, {{"x-t", value}}) == "-r");
}

TEST_CASE("a header of ten thousand values costs what its known ones do") {
    const auto loaded = policy(wallet(
        "deny:\n  - {name: r, when: {headers: {x-t: [a, b], x-u: [c]}}}\n" + std::string(all)));
    std::string many = "a";
    for (int i = 0; i < 10'000; ++i)
        many += i % 2 == 0 ? ",b" : ",a";
    CHECK(with_headers(*loaded, {{"x-t", many}}) == "+all");
    CHECK(with_headers(*loaded, {{"x-t", many}, {"x-u", "c"}}) == "-r");
}

TEST_CASE("more known values than can be told apart are denied, in every mode") {
    std::string values = "v0";
    std::string line = "v0";
    for (int i = 1; i < 65; ++i) {
        values += ", v" + std::to_string(i);
        line += ",v" + std::to_string(i);
    }
    const std::string rule = "allow:\n  - {name: r, when: {headers: {x-t: [" + values + "]}}}\n";
    CHECK(with_headers(*policy(wallet(rule)), {{"x-t", line}}) == "-default-deny");
    CHECK(with_headers(*policy(wallet("mode: report\n" + rule)), {{"x-t", line}}) ==
          "-default-deny");
    line.erase(line.rfind(','));
    CHECK(with_headers(*policy(wallet(rule)), {{"x-t", line}}) == "+r");
}

// Without a decision there is nothing that opens an upstream (CVE-2024-28248).
static_assert(!std::is_default_constructible_v<Permit>);
static_assert(!std::is_constructible_v<Permit, std::uint32_t, Direction>);

TEST_CASE("a permit comes with an allow, or with a denial that is only reported (CVE-2024-28248)") {
    const auto loaded = policy(wallet("allow:\n  - {name: r, paths: [/y]}\n"));
    CHECK_FALSE(
        evaluate(*loaded, request(Direction::ingress, "wallet/a", "wallet/b", "GET", "/x")).permit);
    const auto made =
        evaluate(*loaded, request(Direction::ingress, "wallet/a", "wallet/b", "GET", "/y"));
    REQUIRE(made.permit);
    CHECK(made.permit->destination_id() == 7);
    CHECK(made.permit->direction() == Direction::ingress);
}

TEST_CASE("nothing that fails to load is a policy, not even an empty one (CVE-2026-31837)") {
    for (const char* text : {"", "x", "plane: wallet\n", "apiVersion: beta.acl/v1\n",
                             "apiVersion: beta.acl/v1\nplane: wallet\nallows: []\n"})
        CHECK_FALSE(Policy::parse(text, "test.yaml"));
}

TEST_CASE("a limit is handed out with what it limits, once per call") {
    const auto loaded =
        policy(wallet("allow:\n  - {name: s, to: {plane: \"*\"}, limit: {rate: 1/s, per: source}}\n"
                      "  - {name: o, from: {plane: ops}, limit: {rate: 1/s}}\n"));
    const auto of = [&](Direction direction, const char* from, const char* to) {
        return evaluate(*loaded, request(direction, from, to, "GET", "/x"));
    };
    CHECK(of(Direction::egress, "wallet/a", "ops/b").limit != nullptr);
    CHECK(of(Direction::egress, "wallet/a", "wallet/b").limit == nullptr);  // the callee counts
    CHECK(of(Direction::ingress, "wallet/a", "wallet/b").limit != nullptr);
    CHECK(of(Direction::ingress, "wallet/a", "wallet/b").limit_key !=
          of(Direction::ingress, "wallet/c", "wallet/b").limit_key);
    CHECK(of(Direction::ingress, "ops/a", "wallet/b").limit_key ==
          of(Direction::ingress, "ops/c", "wallet/d").limit_key);
    CHECK(of(Direction::ingress, "ops/a", "wallet/b").limited_by == 2);
}

}  // namespace
}  // namespace beta::acl::test
