// Goal: no field can be smuggled past us, spoken in our name, or named away. Method:
// field/http-safety.md, chapter "Headers", at byte level from both doors and from a hostile
// upstream. Rows on rules that match header values stand in tests/unit/acl (issue 3); those on SAN
// and SNI come with issue 5.

#include "io/attacks/attack.hpp"

#include <string>
#include <vector>

using namespace beta::testing;

namespace {

const std::string nul(1, '\0');

std::vector<Attack> fields() {
    std::vector<Attack> rows;
    const auto add = [&](const std::string& about, const std::string& lines) {
        rows.push_back({about, post(lines)});
    };
    add("an empty field name (CVE-2023-25725)", ": x\r\n");
    add("an empty field name before framing (CVE-2023-25725)", ":\r\nContent-Length: 5\r\n");
    add("a line without a colon", "nonsense\r\n");
    add("a blank before the colon", "Content-Length : 5\r\n");
    add("a tab before the colon", "Content-Length\t: 5\r\n");
    add("a blank inside a name", "Content Length: 5\r\n");
    add("a blank before the first name", " X: y\r\n");
    add("a folded line", "A: b\r\n c\r\n");
    add("a folded line with a tab", "A: b\r\n\tc\r\n");
    add("a fold that is empty", "A: b\r\n \r\n");
    add("a bare LF between fields", "A: b\nC: d\r\n");
    add("a bare CR between fields", "A: b\rC: d\r\n");
    add("a bare CR at the end of a value", "A: b\r\r\n");
    add("NUL in a value", "A: b" + nul + "c\r\n");
    add("NUL in a name", "A" + nul + ": b\r\n");
    add("DEL in a value", "A: b\x7f\r\n");
    add("an escape in a value", "A: b\x1b[2J\r\n");
    add("a form feed in a value", "A: b\fc\r\n");
    add("a byte beyond ASCII in a name", "A\xc3\xa9: b\r\n");
    add("a slash in a name", "A/B: b\r\n");
    add("a bracket in a name", "A[]: b\r\n");
    add("a quoted name", "\"Host\": b\r\n");
    add("X_Beta_Source_Service, that CGI reads as ours (CVE-2025-64484)",
        "X_Beta_Source_Service: root\r\n");
    add("X-Beta_Rule, half disguised (CVE-2025-64484)", "X-Beta_Rule: any\r\n");
    add("x_beta-anything, in lower case (CVE-2025-64484)", "x_beta-anything: any\r\n");
    add("X_Forwarded_For (CVE-2025-64484)", "X_Forwarded_For: 127.0.0.1\r\n");
    add("X_Real_IP (CVE-2025-64484)", "X_Real_IP: 127.0.0.1\r\n");
    add("X_Request_Id (CVE-2025-64484)", "X_Request_Id: mine\r\n");
    add("Content_Length (CVE-2025-64484)", "Content_Length: 5\r\n");
    add("Transfer_Encoding (CVE-2025-64484)", "Transfer_Encoding: chunked\r\n");
    return rows;
}

std::vector<Attack> start_lines() {
    const auto row = [](const std::string& about, const std::string& line, int status = 400,
                        const std::string& error = "http_request_error") {
        return Attack{about, line + "\r\n" + host_line + "\r\n", status, error};
    };
    const std::string ours = "proxy_internal_response";
    return {
        row("an empty line before the request", "\r\nGET /ok HTTP/1.1"),
        row("a blank before the method", " GET /ok HTTP/1.1"),
        row("two blanks before the target", "GET  /ok HTTP/1.1"),
        row("two blanks before the version", "GET /ok  HTTP/1.1"),
        row("a blank behind the version", "GET /ok HTTP/1.1 "),
        row("a tab as a separator", "GET\t/ok HTTP/1.1"),
        row("a vertical tab as a separator", "GET /ok\vHTTP/1.1"),
        row("a blank in the target", "GET /ok x HTTP/1.1"),
        row("a second version in the target", "GET /ok HTTP/1.1 HTTP/1.1"),
        row("no version (HTTP/0.9)", "GET /ok"),
        row("a version in lower case", "GET /ok http/1.1"),
        row("a version of two digits", "GET /ok HTTP/1.10"),
        row("a version with a comma", "GET /ok HTTP/1,1"),
        row("a version without a minor", "GET /ok HTTP/1"),
        row("a method that is no token", "GE(T /ok HTTP/1.1"),
        row("a method with a colon", "GET: /ok HTTP/1.1"),
        row("no method", " /ok HTTP/1.1"),
        row("NUL in the method", "GET" + nul + " /ok HTTP/1.1"),
        row("HTTP/1.2", "GET /ok HTTP/1.2", 505, ours),
        row("HTTP/2.0", "GET /ok HTTP/2.0", 505, ours),
        row("HTTP/3.0", "GET /ok HTTP/3.0", 505, ours),
        row("HTTP/0.9 by its name", "GET /ok HTTP/0.9", 505, ours),
        row("TLS to a plain port", "\x16\x03\x01\x02"),
        row("an answer instead of a request", "HTTP/1.1 200 OK"),
    };
}

const std::string start = "GET /ok HTTP/1.1\r\nHost: tron-payment\r\n";

}  // namespace

TEST_CASE("a field in doubt is refused at both doors") {
    static const auto rows = fields();
    const auto& row = rows[GENERATE(range(std::size_t{0}, fields().size()))];
    DYNAMIC_SECTION(row.about) {
        expect_refused_at_both_doors(row);
    }
}

TEST_CASE("a request line in doubt is refused at both doors") {
    static const auto rows = start_lines();
    const auto& row = rows[GENERATE(range(std::size_t{0}, start_lines().size()))];
    DYNAMIC_SECTION(row.about) {
        expect_refused_at_both_doors(row);
    }
}

TEST_CASE("Connection removes neither ours nor what guards (CVE-2024-45410)") {
    const FakeUpstream app;
    const RunningSidecar sidecar({.app_port = app.port()});
    Client client(sidecar.ingress());
    client.ask(
        "POST /ok HTTP/1.1\r\nHost: api-gateway\r\nConnection: X-Beta-Source-Service, "
        "X-Beta-Source-Plane, x-beta-rule, X-Request-Id, Host, Content-Length, Authorization, "
        "Cookie, X-Mine\r\nConnection: Transfer-Encoding,Via\r\nContent-Length: 3\r\n"
        "Authorization: a\r\nCookie: b\r\nX-Mine: c\r\n\r\nabc");
    const auto seen = app.wait_for_requests(1)[0];
    CHECK(seen.field("X-Beta-Source-Plane") == "chain");
    CHECK(seen.field("X-Beta-Rule") == "in");
    CHECK(seen.field("X-Request-Id").size() == 32);
    CHECK(seen.field("Host") == "api-gateway");
    CHECK(seen.field("Authorization") == "a");
    CHECK(seen.field("Cookie") == "b");
    CHECK(seen.body == "abc");
    CHECK_FALSE(seen.has("X-Mine"));
    CHECK_FALSE(seen.has("Connection"));
}

TEST_CASE("what a peer says under our names is dropped in every spelling (CVE-2023-27487)") {
    const FakeUpstream app;
    const RunningSidecar sidecar({.app_port = app.port()});
    Client client(sidecar.ingress());
    client.ask(
        "GET /ok HTTP/1.1\r\nHost: api-gateway\r\nX-Beta-Source-Service: root\r\n"
        "x-beta-source-plane: wallet\r\nX-BETA-RULE: any\r\nX-Beta-: a\r\nX-Beta-New: b\r\n"
        "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Host: a\r\nForwarded: for=localhost\r\n"
        "X-Real-IP: 127.0.0.1\r\nProxy-Authorization: c\r\nProxy-Connection: keep-alive\r\n\r\n");
    const auto seen = app.wait_for_requests(1)[0];
    CHECK(seen.head ==
          "GET /ok HTTP/1.1\r\nHost: api-gateway\r\nX-Beta-Source-Plane: chain\r\n"
          "X-Beta-Rule: in\r\nX-Request-Id: " +
              seen.field("X-Request-Id") + "\r\n\r\n");
}

TEST_CASE("blanks around a value are no part of it (CVE-2019-18802)") {
    Line line;
    line.client.send(
        "POST /ok HTTP/1.1\r\nHost: \t tron-payment \t \r\nContent-Length:3 \t\r\n\r\nabc");
    CHECK(line.client.response().status() == 200);
    CHECK(line.upstream.wait_for_requests(1)[0].body == "abc");
}

TEST_CASE("each bound of a head has its answer at both doors") {
    const auto row = GENERATE(values<Attack>({
        {"a target longer than its limit", get("/" + std::string(9000, 'a')), 414},
        {"a method longer than any", std::string(9000, 'A') + " /ok HTTP/1.1\r\n\r\n", 414},
        {"a field longer than a head", post("A: " + std::string(40'000, 'a') + "\r\n"), 431},
        {"a name of 256 bytes, that an 8-bit length reads as none (CVE-2021-40346)",
         post(std::string(256, 'A') + ": 5\r\n"), 431},
        {"a name that wraps to Content-Length (CVE-2021-40346)",
         post("Content-Length0" + std::string(255, 'a') + ":\r\nContent-Length: 3\r\n"), 431},
        {"a head that never ends", "GET /ok HTTP/1.1\r\n" + std::string(33'000, 'a'), 431},
    }));
    DYNAMIC_SECTION(row.about) {
        expect_refused_at_both_doors(row);
    }
}

TEST_CASE("more fields than the limit are a flood") {
    std::string many;
    for (int i = 0; i < 128; ++i)
        many += "A: b\r\n";
    expect_refused_at_both_doors({"129 fields", post(many), 431});
}

TEST_CASE("Max-Forwards asks a guard to answer for another: refused (RFC 9110 §7.6.2)") {
    const auto method = GENERATE(values<std::string>({"TRACE", "OPTIONS"}));
    const auto value = GENERATE(values<std::string>({"0", "1", "x", "-1", ""}));
    DYNAMIC_SECTION(method << " " << value) {
        expect_refused_at_both_doors(
            {"", method + " /ok HTTP/1.1\r\n" + host_line + "Max-Forwards: " + value + "\r\n\r\n"});
    }
}

TEST_CASE("a hostile upstream's head in doubt is a bad gateway and its stream is not used again") {
    const auto [about, lines] = GENERATE(
        table<std::string, std::string>({{"a folded line", "A: b\r\n c"},
                                         {"a blank before the colon", "A : b"},
                                         {"an empty name", ": b"},
                                         {"a bare LF", "A: b\nC: d"},
                                         {"a bare CR", "A: b\rC: d"},
                                         {"NUL", "A: b" + nul},
                                         {"DEL", "A: \x7f"},
                                         {"a line without a colon", "nonsense"},
                                         {"X_Beta_Rule", "X_Beta_Rule: a"},
                                         {"Content_Length", "Content_Length: 3"},
                                         {"Transfer_Encoding", "Transfer_Encoding: chunked"},
                                         {"a name of 256 bytes", std::string(256, 'A') + ": b"}}));
    DYNAMIC_SECTION(about) {
        Line line(std::vector<Script>{
            Script()
                .read_request()
                .send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + lines + "\r\n\r\n")
                .read_to_end()});
        line.client.send(get_ok);
        CHECK(line.client.response().status() == 502);
        line.upstream.wait_for_ended(1);
    }
}

TEST_CASE("what an upstream says under our names does not reach the app") {
    Line line(FakeUpstream::Handler([](const Message&) {
        return std::string(
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Beta-Rule: forged\r\n"
            "Proxy-Authenticate: Basic\r\nProxy-Connection: close\r\nKeep-Alive: 9\r\n"
            "Upgrade: h2c\r\nTE: x\r\nConnection: X-Beta-Rule, Content-Length, Set-Cookie\r\n"
            "Kept: 1\r\n\r\n");
    }));
    CHECK(line.client.ask(start + "\r\n").head ==
          "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nKept: 1\r\n\r\n");
}
