// The truth table (GO-2022-0895 came of a combination that nobody had written down): every
// combination of verdict, modes, sides and request, held against the second reading; and a table of
// those that a reviewer asks about, written out.
#include "beta/acl/rule.hpp"

#include "oracle_yaml.hpp"
#include "policies.hpp"

#include <array>

namespace beta::acl::test {
namespace {

/// Absent, own plane, other plane, every plane; each with and without services.
std::vector<OracleSide> sides() {
    std::vector<OracleSide> out;
    for (const char* plane : {"", "wallet", "ops", "*"})
        for (const bool named : {false, true}) {
            OracleSide side;
            if (*plane != '\0')
                side.plane = plane;
            if (named)
                side.services = {"a"};
            out.push_back(side);
        }
    return out;
}

std::vector<OracleSide> destinations() {
    auto out = sides();
    out.push_back({.plane = {}, .services = {}, .external = {"tron"}});
    return out;
}

struct Asked {
    Direction direction;
    std::string from_plane, from_service, to_plane, to_name, method, path;
    bool external, tunnel;

    Request view() const {
        return {.direction = direction,
                .from = {.plane = from_plane, .service = from_service},
                .to = {.plane = to_plane, .name = to_name, .external = external, .id = 1},
                .method = method,
                .path = path,
                .headers = {},
                .tunnel = tunnel};
    }
};

/// Both sides; own, other and third plane; known, other and unknown services; hosts and tunnels.
std::vector<Asked> questions() {
    std::vector<Asked> out;
    for (const auto direction : {Direction::egress, Direction::ingress})
        for (const char* from : {"wallet", "ops", "chain"})
            for (const char* service : {"a", "b", ""})
                for (const char* name : {"a", "b"})
                    for (const char* method : {"GET", "HEAD"})
                        for (const char* to : {"wallet", "ops", "chain"})
                            out.push_back(
                                {direction, from, service, to, name, method, "/x", false, false});
    for (const auto direction : {Direction::egress, Direction::ingress})
        for (const char* service : {"a", "b", ""})
            for (const char* host : {"tron", "btc"})
                for (const bool tunnel : {false, true})
                    out.push_back({direction, "wallet", service, "", host,
                                   tunnel ? "CONNECT" : "GET", tunnel ? "" : "/x", true, tunnel});
    return out;
}

bool is_own(const OracleSide& side) {
    return side.external.empty() && (!side.plane || *side.plane == "wallet" || *side.plane == "*");
}

OracleRule named(const char* name, bool allows, const OracleSide& from, const OracleSide& to,
                 bool tunnel = false) {
    OracleRule rule;
    rule.name = name;
    rule.allows = allows;
    rule.from = from;
    rule.to = to;
    rule.tunnel = tunnel;
    return rule;
}

/// One rule between these sides: every verdict and mode, alone and beside allows of everything.
std::vector<OracleFile> files(const OracleSide& from, const OracleSide& to) {
    const OracleSide every{.plane = "*", .services = {}, .external = {}};
    const OracleSide hosts{.plane = {}, .services = {}, .external = {"tron", "btc"}};
    const std::vector<OracleRule> allows{named("all", true, every, every),
                                         named("out", true, {}, hosts),
                                         named("through", true, {}, hosts, true)};
    std::vector<OracleFile> out;
    for (const bool allow : {true, false})
        for (const int mode : {0, 1, 2})  // enforce; the rule reports; the file reports
            for (const bool tunnel : {false, true})
                for (const bool beside : {false, true}) {
                    if (tunnel && (!allow || to.external.empty()))
                        continue;
                    OracleFile file;
                    file.plane = "wallet";
                    file.report = mode == 2;
                    file.rules = {named("one", allow, from, to, tunnel)};
                    file.rules[0].report = mode == 1;
                    if (beside)
                        file.rules.insert(file.rules.end(), allows.begin(), allows.end());
                    out.push_back(file);
                }
    return out;
}

TEST_CASE("every combination of verdict, mode, sides, services, hosts and tunnels (GO-2022-0895)") {
    const auto asked = questions();
    std::size_t checked = 0;
    for (const OracleSide& from : sides())
        for (const OracleSide& to : destinations()) {
            if (!is_own(from) && !is_own(to))
                continue;  // refused: the file never decides it
            for (const OracleFile& file : files(from, to)) {
                const auto loaded = policy(yaml(file));
                for (const Asked& one : asked) {
                    const std::string expected = oracle(file, one.view());
                    const std::string given = verdict(*loaded, one.view());
                    if (given != expected) {
                        INFO(yaml(file) << one.from_plane << '/' << one.from_service << " -> "
                                        << one.to_plane << '/' << one.to_name << ' ' << one.method);
                        REQUIRE(given == expected);
                    }
                    ++checked;
                }
            }
        }
    CHECK(checked > 100'000);
}

struct Row {
    const char* name;
    const char* lists;
    const char* request;  // direction from to method
    const char* expected;
};

Request ask(const std::string& text, std::array<std::string, 4>& words) {
    std::size_t at = 0;
    for (std::string& word : words) {
        const std::size_t end = text.find(' ', at);
        word = text.substr(at, end - at);
        at = end + 1;
    }
    Request asked = request(words[0] == "out" ? Direction::egress : Direction::ingress, words[1],
                            words[2], words[3], words[3] == "CONNECT" ? "" : "/x");
    asked.to.external = words[2][0] == '/';
    asked.tunnel = words[3] == "CONNECT";
    return asked;
}

void check(const Row& row) {
    std::array<std::string, 4> words;
    const auto loaded = policy(wallet(row.lists));
    CHECK(verdict(*loaded, ask(row.request, words)) == row.expected);
}

TEST_CASE("the truth table of lists, planes and callers") {
    const auto row = GENERATE(values<Row>({
        {"no list at all", "", "in wallet/a wallet/b GET", "-default-deny"},
        {"an empty allow", "allow: []\n", "in wallet/a wallet/b GET", "-default-deny"},
        {"an empty deny", "deny: []\nallow: [{name: r}]\n", "in wallet/a wallet/b GET", "+r"},
        {"absent sides mean this plane", "allow: [{name: r}]\n", "in wallet/a wallet/b GET", "+r"},
        {"never anything at all: callers", "allow: [{name: r}]\n", "in ops/a wallet/b GET",
         "-default-deny"},
        {"never anything at all: callees", "allow: [{name: r}]\n", "out wallet/a ops/b GET",
         "-default-deny"},
        {"never anything at all: hosts", "allow: [{name: r}]\n", "out wallet/a /tron GET",
         "-default-deny"},
        {"a star caller is every plane", "allow: [{name: r, from: {plane: \"*\"}}]\n",
         "in ops/a wallet/b GET", "+r"},
        {"a star caller is not a star callee", "allow: [{name: r, from: {plane: \"*\"}}]\n",
         "out wallet/a ops/b GET", "-default-deny"},
        {"a star callee is every plane", "allow: [{name: r, to: {plane: \"*\"}}]\n",
         "out wallet/a ops/b GET", "+r"},
        {"GET is not HEAD", "allow: [{name: r, methods: [GET]}]\n", "in wallet/a wallet/b HEAD",
         "-default-deny"},
        {"deny beats allow", "allow: [{name: r}]\ndeny: [{name: n}]\n", "in wallet/a wallet/b GET",
         "-n"},
        {"order does not matter", "deny: [{name: n}]\nallow: [{name: r}]\n",
         "in wallet/a wallet/b GET", "-n"},
        {"an unknown caller satisfies no allow that names one",
         "allow: [{name: r, from: {plane: ops, services: [a]}}]\n", "in ops/ wallet/b GET",
         "-default-deny"},
        {"an unknown caller satisfies every deny that names one",
         "allow: [{name: r, from: {plane: ops}}]\n"
         "deny: [{name: n, from: {plane: ops, services: [a]}}]\n",
         "in ops/ wallet/b GET", "-n"},
    }));
    DYNAMIC_SECTION(row.name) {
        check(row);
    }
}

TEST_CASE("the truth table of hosts outside and tunnels") {
    const auto row = GENERATE(values<Row>({
        {"a star callee of an allow is no host", "allow: [{name: r, to: {plane: \"*\"}}]\n",
         "out wallet/a /tron GET", "-default-deny"},
        {"a star callee of a deny is every host",
         "allow: [{name: h, to: {external: [tron]}}]\ndeny: [{name: r, to: {plane: \"*\"}}]\n",
         "out wallet/a /tron GET", "-r"},
        {"a deny of this plane is no host",
         "allow: [{name: h, to: {external: [tron]}}]\ndeny: [{name: r}]\n",
         "out wallet/a /tron GET", "+h"},
        {"a host by its name", "allow: [{name: h, to: {external: [tron]}}]\n",
         "out wallet/a /btc GET", "-default-deny"},
        {"a host is no service of its name", "allow: [{name: h, to: {external: [tron]}}]\n",
         "out wallet/a wallet/tron GET", "-default-deny"},
        {"a service is no host of its name", "allow: [{name: h, to: {services: [tron]}}]\n",
         "out wallet/a /tron GET", "-default-deny"},
        {"no host comes in", "allow: [{name: h, to: {external: [tron]}}]\n",
         "in wallet/a /tron GET", "-default-deny"},
        {"an allow of a host is no tunnel", "allow: [{name: h, to: {external: [tron]}}]\n",
         "out wallet/a /tron CONNECT", "-default-deny"},
        {"a tunnel is a tunnel", "allow: [{name: h, to: {external: [tron]}, tunnel: true}]\n",
         "out wallet/a /tron CONNECT", "+h"},
        {"a tunnel is nothing else", "allow: [{name: h, to: {external: [tron]}, tunnel: true}]\n",
         "out wallet/a /tron GET", "-default-deny"},
        {"a deny without paths denies tunnels",
         "allow: [{name: h, to: {external: [tron]}, tunnel: true}]\n"
         "deny: [{name: r, to: {external: [tron]}}]\n",
         "out wallet/a /tron CONNECT", "-r"},
        {"a deny with paths is not about tunnels",
         "allow: [{name: h, to: {external: [tron]}, tunnel: true}]\n"
         "deny: [{name: r, to: {external: [tron]}, paths: [/x]}]\n",
         "out wallet/a /tron CONNECT", "+h"},
        {"a deny of the method CONNECT denies tunnels",
         "allow: [{name: h, to: {external: [tron]}, tunnel: true}]\n"
         "deny: [{name: r, to: {external: [tron]}, methods: [CONNECT]}]\n",
         "out wallet/a /tron CONNECT", "-r"},
        {"CONNECT to a service is never allowed", "allow: [{name: r, methods: [CONNECT]}]\n",
         "out wallet/a wallet/b CONNECT", "-default-deny"},
    }));
    DYNAMIC_SECTION(row.name) {
        check(row);
    }
}

TEST_CASE("the truth table of prohibitions and mode report") {
    const auto row = GENERATE(values<Row>({
        {"a prohibition beats every allow",
         "operations: {o: {methods: [GET]}}\nprohibit: [o]\nallow: [{name: r}]\n",
         "in wallet/a wallet/b GET", "-prohibit:o"},
        {"a prohibition holds on the way out",
         "operations: {o: {methods: [GET]}}\nprohibit: [o]\n"
         "allow: [{name: r, to: {plane: \"*\"}}]\n",
         "out wallet/a ops/b GET", "-prohibit:o"},
        {"a prohibition holds towards hosts",
         "operations: {o: {methods: [GET]}}\nprohibit: [o]\n"
         "allow: [{name: h, to: {external: [tron]}}]\n",
         "out wallet/a /tron GET", "-prohibit:o"},
        {"a prohibition of paths leaves tunnels",
         "operations: {o: {paths: [/**]}}\nprohibit: [o]\n"
         "allow: [{name: h, to: {external: [tron]}, tunnel: true}]\n",
         "out wallet/a /tron CONNECT", "+h"},
        {"a reported deny lets pass what is allowed",
         "allow: [{name: r}]\ndeny: [{name: n, mode: report}]\n", "in wallet/a wallet/b GET", "~n"},
        {"a reported deny opens nothing", "deny: [{name: n, mode: report}]\n",
         "in wallet/a wallet/b GET", "-default-deny"},
        {"a reported deny hides no other",
         "allow: [{name: r}]\ndeny: [{name: n, mode: report}, {name: m}]\n",
         "in wallet/a wallet/b GET", "-m"},
        {"a reported allow opens nothing", "allow: [{name: r, mode: report}]\n",
         "in wallet/a wallet/b GET", "-default-deny?r"},
        {"a reported allow changes nothing", "allow: [{name: r, mode: report}, {name: s}]\n",
         "in wallet/a wallet/b GET", "+s"},
        {"a file that reports blocks nothing", "mode: report\n", "in wallet/a wallet/b GET",
         "~default-deny"},
        {"a file that reports reports prohibitions",
         "mode: report\noperations: {o: {methods: [GET]}}\nprohibit: [o]\nallow: [{name: r}]\n",
         "in wallet/a wallet/b GET", "~prohibit:o"},
        {"a file that reports still allows", "mode: report\nallow: [{name: r}]\n",
         "in wallet/a wallet/b GET", "+r"},
        {"a file that reports answers for its own plane alone", "mode: report\n",
         "in wallet/a ops/b GET", "-default-deny"},
        {"a file that reports opens no tunnel to a service", "mode: report\n",
         "out wallet/a wallet/b CONNECT", "-default-deny"},
    }));
    DYNAMIC_SECTION(row.name) {
        check(row);
    }
}

}  // namespace
}  // namespace beta::acl::test
