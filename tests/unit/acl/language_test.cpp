// The words beyond who, method and path: how they load, and what is refused.
#include "beta/acl/rule.hpp"

#include "policies.hpp"

#include <string>

namespace beta::acl::test {
namespace {

using Refusals = std::vector<std::string>;

struct Refused {
    const char* name;
    const char* lists;  // begins on line 3
    const char* expected;
};

TEST_CASE("operations, prohibit, when, limit, tunnel, external and mode are read strictly") {
    const auto row = GENERATE(values<Refused>({
        {"unknown mode", "mode: reprot\n", "3:7 ACL_WORD"},
        {"mode of a rule", "deny: [{name: a, mode: off}]\n", "3:24 ACL_WORD"},
        {"enforce in a report file", "mode: report\ndeny: [{name: a, mode: enforce}]\n",
         "4:24 ACL_CONTRADICTION"},
        {"no operation", "operations: {}\n", "3:13 ACL_EMPTY"},
        {"list of operations", "operations: [a]\n", "3:13 ACL_EXPECTED_MAP"},
        {"operation of nothing", "operations: {a: {}}\n", "3:17 ACL_EMPTY"},
        {"operation name", "operations: {A: {paths: [/x]}}\n", "3:14 ACL_OPERATION_NAME"},
        {"operation key", "operations: {a: {path: [/x]}}\n", "3:18 ACL_UNKNOWN_KEY"},
        {"empty prohibit", "prohibit: []\n", "3:11 ACL_EMPTY"},
        {"unknown prohibit", "operations: {a: {paths: [/x]}}\nprohibit: [b]\n", "4:12 ACL_WORD"},
        {"prohibit twice", "operations: {a: {paths: [/x]}}\nprohibit: [a, a]\n",
         "4:15 ACL_REPEATED"},
        {"unknown operation", "allow: [{name: a, operations: [b]}]\n", "3:32 ACL_WORD"},
        {"operations and paths",
         "operations: {b: {paths: [/x]}}\nallow: [{name: a, operations: [b], paths: [/y]}]\n",
         "4:31 ACL_CONTRADICTION"},
        {"when of nothing", "deny: [{name: a, when: {}}]\n", "3:24 ACL_EXPECTED_MAP"},
        {"headers of nothing", "deny: [{name: a, when: {headers: {}}}]\n", "3:34 ACL_EMPTY"},
        {"unknown key of when", "deny: [{name: a, when: {headers: {x-a: [b]}, body: {}}}]\n",
         "3:46 ACL_UNKNOWN_KEY"},
        {"header without values", "deny: [{name: a, when: {headers: {x-a: []}}}]\n",
         "3:40 ACL_EMPTY"},
        {"header in upper case", "deny: [{name: a, when: {headers: {X-A: [b]}}}]\n",
         "3:35 ACL_HEADER"},
        {"header of one hop", "deny: [{name: a, when: {headers: {te: [b]}}}]\n", "3:35 ACL_HEADER"},
        {"header of a sidecar", "deny: [{name: a, when: {headers: {x-beta-rule: [b]}}}]\n",
         "3:35 ACL_HEADER"},
        {"value with a comma", "allow: [{name: a, when: {headers: {x-a: [\"b,c\"]}}}]\n",
         "3:42 ACL_WORD"},
        {"limit without rate", "allow: [{name: a, limit: {burst: 2}}]\n", "3:26 ACL_MISSING_KEY"},
        {"limit of a deny", "deny: [{name: a, limit: {rate: 1/s}}]\n", "3:25 ACL_CONTRADICTION"},
        {"rate without unit", "allow: [{name: a, limit: {rate: 100}}]\n", "3:33 ACL_RATE"},
        {"rate of zero", "allow: [{name: a, limit: {rate: 0/s}}]\n", "3:33 ACL_RATE"},
        {"rate beyond", "allow: [{name: a, limit: {rate: 1000001/s}}]\n", "3:33 ACL_RATE"},
        {"unknown unit", "allow: [{name: a, limit: {rate: 1/minute}}]\n", "3:33 ACL_RATE"},
        {"burst of zero", "allow: [{name: a, limit: {rate: 1/s, burst: 0}}]\n", "3:45 ACL_NUMBER"},
        {"burst of a word", "allow: [{name: a, limit: {rate: 1/s, burst: \"2\"}}]\n",
         "3:45 ACL_NUMBER"},
        {"unknown per", "allow: [{name: a, limit: {rate: 1/s, per: sorce}}]\n", "3:43 ACL_WORD"},
        {"tunnel of a deny", "deny: [{name: a, to: {external: [b]}, tunnel: true}]\n",
         "3:47 ACL_CONTRADICTION"},
        {"tunnel to a service", "allow: [{name: a, to: {services: [b]}, tunnel: true}]\n",
         "3:48 ACL_CONTRADICTION"},
        {"tunnel with paths",
         "allow: [{name: a, to: {external: [b]}, tunnel: true, paths: [/x]}]\n",
         "3:48 ACL_CONTRADICTION"},
        {"tunnel of a word", "allow: [{name: a, to: {external: [b]}, tunnel: yes}]\n",
         "3:48 ACL_WORD"},
        {"no external host", "allow: [{name: a, to: {external: []}}]\n", "3:34 ACL_EMPTY"},
        {"external and plane", "allow: [{name: a, to: {plane: ops, external: [b]}}]\n",
         "3:23 ACL_CONTRADICTION"},
        {"external caller", "allow: [{name: a, from: {external: [b]}}]\n", "3:26 ACL_UNKNOWN_KEY"},
        {"external from another plane",
         "allow: [{name: a, from: {plane: ops}, to: {external: [b]}}]\n", "3:9 ACL_FOREIGN_RULE"},
    }));
    DYNAMIC_SECTION(row.name) {
        CHECK(refusals(wallet(row.lists)) == Refusals{row.expected});
    }
}

std::string message(const char* lists) {
    const auto parsed = Policy::parse(wallet(lists), "w.yaml");
    REQUIRE_FALSE(parsed);
    return parsed.error().front().str();
}

TEST_CASE("a word that is nearly right is answered with the right one") {
    CHECK(message("mode: reprot\n") ==
          "w.yaml:3:7: error: the file: mode \"reprot\": did you mean \"report\"? expected one of "
          "enforce, report [ACL_WORD]");
    CHECK(message("allow: [{name: a, limit: {rate: 9/minutes}}]\n") ==
          "w.yaml:3:33: error: rule \"a\": limit rate: unknown unit \"minutes\"; did you mean "
          "\"min\"? Units: s, min, h [ACL_RATE]");
    CHECK(message("operations: {pay.out: {paths: [/x]}}\nallow: [{name: a, operations: "
                  "[payout]}]\n") ==
          "w.yaml:4:32: error: rule \"a\": operations \"payout\": no such operation in this file; "
          "did you mean \"pay.out\"? [ACL_WORD]");
    CHECK(message("operations: {a: {paths: [/x]}}\nprohibit: [b]\n") ==
          "w.yaml:4:12: error: prohibit: operations \"b\": no such operation in this file; did you "
          "mean \"a\"? [ACL_WORD]");
}

TEST_CASE("a limit is kept as the time between two requests") {
    const auto row = GENERATE(values<std::pair<const char*, std::chrono::nanoseconds>>({
        {"100/min", std::chrono::milliseconds(600)},
        {"1/h", std::chrono::hours(1)},
        {"4/s", std::chrono::milliseconds(250)},
    }));
    const auto loaded = policy(wallet("allow: [{name: a, limit: {rate: " + std::string(row.first) +
                                      ", burst: 20, per: source}}]\n"));
    const auto& limit = loaded->file().rule(1).limit;
    REQUIRE(limit);
    CHECK(limit->interval == row.second);
    CHECK(limit->burst == 20);
    CHECK(limit->per == Limit::Per::source);
}

TEST_CASE("a prohibition is a deny for everyone at the end of the rules") {
    const auto loaded =
        policy(wallet("operations:\n  anchor: {paths: [/anchors/**]}\n"
                      "prohibit:\n  - anchor\nallow: [{name: a}]\n"));
    REQUIRE(loaded->file().rules.size() == 2);
    const Rule& rule = loaded->file().rule(2);
    CHECK(rule.name == "prohibit:anchor");
    CHECK(rule.verdict == Verdict::deny);
    CHECK(rule.prohibition);
    CHECK(rule.from.any_plane);
    CHECK(rule.to.any_plane);
    CHECK(rule.operations == std::vector<std::size_t>{0});
    CHECK(rule.line == 6);
    CHECK(rule.column == 5);
}

TEST_CASE("conditions, tunnels, modes and operations are kept as they were written") {
    const auto loaded =
        policy(wallet("operations:\n  pay: {methods: [POST], paths: [/p]}\n"
                      "allow:\n"
                      "  - {name: a, operations: [pay], when: {headers: {x-tenant: [t1, t2]}}}\n"
                      "  - {name: b, to: {external: [tron]}, tunnel: true, mode: report}\n"));
    const Rule& first = loaded->file().rule(1);
    CHECK(first.operations == std::vector<std::size_t>{0});
    REQUIRE(first.headers.size() == 1);
    CHECK(first.headers[0].name == "x-tenant");
    CHECK(first.headers[0].values == std::vector<std::string>{"t1", "t2"});
    const Rule& second = loaded->file().rule(2);
    CHECK(second.tunnel);
    CHECK(second.mode == Mode::report);
    CHECK(second.to.external == std::vector<std::string>{"tron"});
    CHECK(second.to.plane.empty());
    CHECK(loaded->file().operations[0].line == 4);
}

}  // namespace
}  // namespace beta::acl::test
