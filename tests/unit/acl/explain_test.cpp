#include "beta/acl/explain.hpp"

#include "policies.hpp"
#include "random_policy.hpp"

namespace beta::acl::test {
namespace {

using Catch::Contains;

const char* const ops_file =
    "apiVersion: beta.acl/v1\n"
    "plane: ops\n"
    "allow:\n"
    "  - {name: gateway-out, from: {services: [gateway]}, to: {plane: wallet}}\n";

const char* const wallet_file =
    "apiVersion: beta.acl/v1\n"
    "plane: wallet\n"
    "allow:\n"
    "  - {name: pays, from: {plane: ops}, to: {services: [pay]}, methods: [POST], paths: [/p]}\n"
    "  - {name: named, from: {plane: ops, services: [till]}, methods: [GET]}\n"
    "  - {name: inside}\n"
    "deny:\n"
    "  - {name: never, from: {plane: ops}, paths: [/p/secret], reason: it is secret}\n";

struct Files {
    std::shared_ptr<const Policy> ops = *Policy::parse(ops_file, "acl/ops.yaml");
    std::shared_ptr<const Policy> wallet = *Policy::parse(wallet_file, "acl/wallet.yaml");

    Explanation ask(const std::string& method, const std::string& path) const {
        return explain(ops.get(), wallet.get(),
                       {.from_plane = "ops",
                        .from_service = "gateway",
                        .to_plane = "wallet",
                        .to_service = "pay",
                        .method = method,
                        .path = path});
    }
};

TEST_CASE("a call is explained by both files and allowed only when both allow it") {
    const Files files;
    const Explanation allowed = files.ask("POST", "/p");
    CHECK(allowed.verdict() == Verdict::allow);
    REQUIRE(allowed.sides.size() == 2);
    CHECK(allowed.sides[0].rule == "gateway-out");
    CHECK(allowed.sides[0].file == "acl/ops.yaml");
    CHECK(allowed.sides[0].line == 4);
    CHECK(allowed.sides[1].rule == "pays");

    const Explanation denied = files.ask("PUT", "/p");
    CHECK(denied.verdict() == Verdict::deny);
    CHECK(denied.sides[0].verdict == Verdict::allow);
    CHECK(denied.sides[1].verdict == Verdict::deny);
    CHECK(denied.sides[1].rule == "default-deny");
    CHECK(denied.sides[1].line == 0);
}

TEST_CASE("without any file nothing is allowed") {
    CHECK(explain(nullptr, nullptr, {}).verdict() == Verdict::deny);
    CHECK(to_text(explain(nullptr, nullptr, {})) == "DENY  /? -> /?  GET /\n");
}

TEST_CASE("one file alone answers for its side") {
    const Files files;
    Question asked = files.ask("POST", "/p").question;
    const Explanation ingress = explain(nullptr, files.wallet.get(), asked);
    REQUIRE(ingress.sides.size() == 1);
    CHECK(ingress.sides[0].direction == Direction::ingress);
    CHECK(ingress.verdict() == Verdict::allow);
    asked.from_plane = "chain";
    CHECK(explain(nullptr, files.wallet.get(), asked).verdict() == Verdict::deny);
}

TEST_CASE("when nothing allows, the nearest miss comes first and says what it lacked") {
    const Files files;
    Question asked = files.ask("PUT", "/p").question;
    asked.known_by = model::KnownBy::listener;
    const Explanation made = explain(nullptr, files.wallet.get(), asked);
    const auto& others = made.sides[0].others;
    REQUIRE(others.size() == 4);
    CHECK(others[0].rule == "pays");
    CHECK(others[0].lacks == std::vector<std::string>{"method is PUT, not POST"});
    CHECK(others[1].rule == "never");
    CHECK(others[1].lacks == std::vector<std::string>{"path is /p, not /p/secret"});
    CHECK(others[2].rule == "named");
    CHECK(others[2].lacks ==
          std::vector<std::string>{"only the source's plane is known here, and the rule names till",
                                   "method is PUT, not GET"});
    CHECK(others[3].rule == "inside");
    CHECK(others[3].lacks == std::vector<std::string>{"source plane is ops, not wallet"});
}

TEST_CASE("ingress is asked about the service, unless the listener is all that tells callers") {
    const Files files;
    Question asked = files.ask("GET", "/q").question;
    asked.from_service = "till";
    const Explanation certain = explain(nullptr, files.wallet.get(), asked, 0);
    CHECK(certain.verdict() == Verdict::allow);
    CHECK_THAT(to_text(certain), Contains("known by its certificate, as ops/till\n"));
    CHECK_THAT(to_json(certain), Contains(R"("known_by":"certificate")"));
    asked.known_by = model::KnownBy::listener;
    const Explanation weaker = explain(nullptr, files.wallet.get(), asked, 0);
    CHECK(weaker.verdict() == Verdict::deny);
    CHECK_THAT(to_text(weaker), Contains("known by its listener, as plane ops alone\n"));
    CHECK_THAT(to_json(weaker), Contains(R"("known_by":"listener")"));
}

TEST_CASE("egress knows its own service however callees know their callers") {
    const Files files;
    Question asked = files.ask("POST", "/p").question;
    asked.known_by = model::KnownBy::listener;
    const Explanation made = explain(files.ops.get(), nullptr, asked);
    CHECK(made.verdict() == Verdict::allow);
    CHECK_THAT(to_text(made), !Contains("the caller is known"));
    CHECK_THAT(to_json(made), !Contains("known_by"));
}

TEST_CASE("no more others are listed than were asked for, and the rest is counted") {
    const Files files;
    const Question asked = files.ask("PUT", "/p").question;
    const Explanation short_one = explain(nullptr, files.wallet.get(), asked, 1);
    CHECK(short_one.sides[0].others.size() == 1);
    CHECK(short_one.sides[0].left_out == 3);
}

TEST_CASE("long lists of a rule are cut in a sentence") {
    const auto many = policy(wallet(
        "allow:\n  - {name: many, from: {services: [a, b, c, d, e, f, g]}, methods: [GET]}\n"));
    const Explanation asked = explain(
        many.get(), nullptr,
        {.from_plane = "wallet", .from_service = "x", .to_plane = "wallet", .to_service = "y"});
    CHECK(asked.sides[0].others[0].lacks ==
          std::vector<std::string>{"source is x, not a, b, c, d, e or 2 more"});
}

TEST_CASE("a path that is not canonical fits no rule, not even one without paths") {
    const auto all = policy(wallet("allow:\n  - {name: all}\n"));
    const Explanation asked = explain(all.get(), nullptr,
                                      {.from_plane = "wallet",
                                       .from_service = "x",
                                       .to_plane = "wallet",
                                       .to_service = "y",
                                       .method = "GET",
                                       .path = "/../x"});
    CHECK(asked.sides[0].reason == "the path is not canonical");
    CHECK(asked.sides[0].others[0].lacks == std::vector<std::string>{"path is not canonical"});
}

TEST_CASE("a file that is not this call's to decide is not searched for misses") {
    const auto all = policy(wallet("allow:\n  - {name: all}\n"));
    const Explanation asked =
        explain(all.get(), nullptr,
                {.from_plane = "ops", .from_service = "x", .to_plane = "chain", .to_service = "y"});
    CHECK(asked.verdict() == Verdict::deny);
    CHECK(asked.sides[0].others.empty());
    CHECK(asked.sides[0].reason == "the side that this file decides for is not of its plane");
}

TEST_CASE("the text of an explanation is for a terminal") {
    CHECK(to_text(Files().ask("POST", "/p/secret")) ==
          "DENY  ops/gateway -> wallet/pay  POST /p/secret\n"
          "  egress   allow by gateway-out (acl/ops.yaml:4): a rule allows it\n"
          "  ingress  deny by never (acl/wallet.yaml:8): it is secret\n"
          "    the caller is known by its certificate, as ops/gateway\n"
          "    not pays (allow, acl/wallet.yaml:4): path is /p/secret, not /p\n"
          "    not named (allow, acl/wallet.yaml:5): source is gateway, not till; method is POST, "
          "not GET\n"
          "    not inside (allow, acl/wallet.yaml:6): source plane is ops, not wallet\n");
}

TEST_CASE("the JSON of an explanation is one object in one line") {
    const Files files;
    Question asked = files.ask("POST", "/p").question;
    CHECK(to_json(explain(nullptr, files.wallet.get(), asked, 1)) ==
          R"({"verdict":"allow","from":{"plane":"ops","service":"gateway"},)"
          R"("to":{"plane":"wallet","service":"pay"},"method":"POST","path":"/p","sides":[)"
          R"({"direction":"ingress","plane":"wallet","file":"acl/wallet.yaml","line":4,)"
          R"("verdict":"allow","enforced":true,"rule":"pays","reason":"a rule allows it",)"
          R"("known_by":"certificate",)"
          R"("others":[{"rule":"never","verdict":"deny","reported":false,"line":8,)"
          R"("lacks":["path is /p, not /p/secret"]}],)"
          R"("left_out":2}]})");
}

TEST_CASE("no byte of a question breaks the JSON or the terminal") {
    const Explanation odd = explain(nullptr, nullptr,
                                    {.from_plane = "a\"b\\",
                                     .from_service = "\x1b[31m",
                                     .to_plane = "\n",
                                     .to_service = std::string("\0\xff", 2),
                                     .method = "\x7f",
                                     .path = "/\xc3\xa4"});
    CHECK(to_json(odd) == R"({"verdict":"deny","from":{"plane":"a\"b\\","service":"\u001b[31m"},)"
                          R"("to":{"plane":"\u000a","service":"\u0000\u00ff"},"method":"\u007f",)"
                          R"("path":"/\u00c3\u00a4","sides":[]})");
    for (const char c : to_text(odd))
        CHECK((c == '\n' || (c >= ' ' && c <= '~')));
    CHECK(to_text(odd).find('\n') == to_text(odd).size() - 1);
}

/// What the others say must agree with who decided. Only of rules that are enforced: the oracle
/// says how those in mode report weigh.
void check_consistent(const SideExplanation& side) {
    for (const Candidate& other : side.others) {
        const bool matches = other.lacks.empty() && !other.reported;
        if (side.verdict == Verdict::allow)
            REQUIRE(
                (!matches || (other.verdict == Verdict::allow && other.rule_id > side.rule_id)));
        else if (side.rule_id == 0)
            REQUIRE_FALSE(matches);
        else if (side.enforced)
            REQUIRE((!matches || other.verdict == Verdict::allow || other.rule_id > side.rule_id));
    }
}

std::string verdict(const SideExplanation& side) {
    const char* sign = side.verdict == Verdict::allow ? "+" : side.enforced ? "-" : "~";
    return sign + side.rule + (side.would_allow.empty() ? "" : "?" + side.would_allow);
}

Question question(const RandomRequest& asked) {
    Question out{.from_plane = asked.from_plane,
                 .from_service = asked.from_service,
                 .to_plane = asked.to_plane,
                 .to_service = asked.to_service,
                 .method = asked.method,
                 .path = asked.path,
                 .external = asked.external,
                 .headers = {}};
    for (const auto& [name, value] : asked.headers)
        out.headers.push_back({name, value});
    return out;
}

TEST_CASE("explanations agree with decisions and with the second reading on random requests") {
    Dice dice(99);
    std::size_t with_others = 0;
    for (int i = 0; i < 400; ++i) {
        const OracleFile file = random_file(dice);
        const auto loaded = policy(yaml(file));
        const auto rules = rules_of(file);
        for (int k = 0; k < 20; ++k) {
            const RandomRequest asked(dice);
            if (asked.tunnel != (asked.method == "CONNECT"))
                continue;  // no question can be put so
            const bool egress = asked.direction == Direction::egress;
            const Explanation given =
                explain(egress ? loaded.get() : nullptr, egress ? nullptr : loaded.get(),
                        question(asked), 100);
            INFO(yaml(file) << asked.str());
            REQUIRE(verdict(given.sides.at(0)) == oracle(file, asked.view()));
            check_consistent(given.sides[0]);
            for (const Candidate& other : given.sides[0].others) {
                const auto rule = std::ranges::find(rules, other.rule, &OracleRule::name);
                REQUIRE(other.lacks.empty() == rule_fits(file, *rule, asked.view()));
            }
            with_others += given.sides[0].others.empty() ? 0 : 1;
        }
    }
    CHECK(with_others > 4000);
}

const char* const whole_file =
    "apiVersion: beta.acl/v1\n"
    "plane: wallet\n"
    "operations: {pay: {methods: [POST], paths: [/p]}, anchor: {paths: [/anchors/**]}}\n"
    "prohibit: [anchor]\n"
    "allow:\n"
    "  - name: tills\n"
    "    operations: [pay]\n"
    "    when: {headers: {x-tenant: [a, b]}}\n"
    "    limit: {rate: 100/min, burst: 20, per: source}\n"
    "  - {name: tron, to: {external: [tron]}, tunnel: true}\n"
    "  - {name: tried, methods: [PUT], mode: report}\n"
    "deny:\n"
    "  - {name: watched, when: {headers: {x-tenant: [b]}}, mode: report}\n";

SideExplanation ask(const Question& question) {
    const auto file = Policy::parse(whole_file, "w.yaml");
    REQUIRE(file);
    return explain(nullptr, file->get(), question).sides.at(0);
}

TEST_CASE("every part of the language is explained in a sentence") {
    const Question paid{.from_plane = "wallet",
                        .to_plane = "wallet",
                        .to_service = "pay",
                        .method = "POST",
                        .path = "/p",
                        .headers = {{"X-Tenant", " a"}}};
    CHECK(ask(paid).rule == "tills");
    CHECK(ask(paid).limit == "100/min, burst 20, per source");

    Question watched = paid;
    watched.headers = {{"x-tenant", "a, b"}};
    CHECK_FALSE(ask(watched).enforced);
    CHECK(verdict(ask(watched)) == "~watched");
    CHECK(ask(watched).passes());

    Question other = paid;
    other.headers = {{"x-tenant", "c"}};
    CHECK(ask(other).others[0].lacks == Words{"header x-tenant is c, not only a, b"});
    other.headers.clear();
    CHECK(ask(other).others[0].lacks == Words{"header x-tenant is absent, not a, b"});

    Question anchored = paid;
    anchored.path = "/anchors/1";
    CHECK(ask(anchored).rule == "prohibit:anchor");
    CHECK(ask(anchored).line == 4);
    CHECK(ask(anchored).others[0].lacks == Words{"POST /anchors/1 is not the operation pay"});

    Question tried = paid;
    tried.method = "PUT";
    CHECK(verdict(ask(tried)) == "-default-deny?tried");
}

TEST_CASE("a tunnel to a host outside is explained by the egress file alone") {
    const auto file = *Policy::parse(whole_file, "w.yaml");
    Question asked{.from_plane = "wallet",
                   .from_service = "pay",
                   .to_service = "tron",
                   .method = "CONNECT",
                   .external = true};
    const Explanation allowed = explain(file.get(), nullptr, asked);
    CHECK(to_text(explain(file.get(), nullptr, asked, 1)) ==
          "ALLOW  wallet/pay -> tron (outside)  CONNECT\n"
          "  egress   allow by tron (w.yaml:10): a rule allows it\n"
          "    not prohibit:anchor (deny, w.yaml:4): CONNECT is not the operation anchor\n"
          "    and 3 rules further from a match\n");
    asked.method = "GET";
    const SideExplanation denied = explain(file.get(), nullptr, asked).sides.at(0);
    CHECK(denied.rule == "default-deny");
    CHECK(to_json(explain(file.get(), nullptr, asked, 0)).contains(R"("to":{"external":"tron"})"));
}

}  // namespace
}  // namespace beta::acl::test
