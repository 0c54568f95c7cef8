// Goal: one spelling for one resource and one name for one destination: any other is refused before
// the policy is asked. Method: field/http-safety.md, chapter "Path and host", at byte level from
// both doors; the SOCKS port and the app must stay untouched.

#include "io/attacks/attack.hpp"

#include <string>
#include <vector>

using namespace beta::testing;

namespace {

const std::string nul(1, '\0');

std::vector<Attack> paths() {
    std::vector<Attack> rows;
    const auto add = [&](const std::string& about, const std::string& target) {
        rows.push_back({about, get(target)});
    };
    add("an empty segment is not skipped (CVE-2021-29492, CVE-2021-39156)", "//admin");
    add("a target that begins with // is no authority (CVE-2026-26205)", "//{host}/ok");
    add("an encoded slash in front", "/%2Fadmin");
    add("an encoded slash before a dot segment (CVE-2021-31920)", "/a%2f..%2fadmin");
    add("a dot segment", "/./admin");
    add("a dot segment that climbs (CVE-2021-29492)", "/ok/../admin");
    add("a dot segment that climbs at the end", "/ok/..");
    add("a dot segment at the end", "/ok/.");
    add("a dot segment that leaves the root", "/../ok");
    add("a backslash instead of a slash", "\\admin");
    add("a backslash inside", "/ok\\..\\admin");
    add("an encoded backslash, upper case", "/ok%5C..%5Cadmin");
    add("an encoded backslash, lower case", "/ok%5cadmin");
    add("an encoded NUL", "/ok%00");
    add("an encoded NUL before what a rule wants to see", "/admin%00/ok");
    add("an encoded dot", "/ok/%2e");
    add("encoded dots that climb", "/ok/%2e%2e/admin");
    add("encoded dots that climb, half plain", "/ok/.%2E/admin");
    add("a path parameter", "/ok;param");
    add("a path parameter that hides a climb", "/ok/..;/admin");
    add("an encoded semicolon", "/ok%3Bparam");
    add("a fragment (CVE-2021-32779, CVE-2021-39156)", "/ok#/admin");
    add("an encoded fragment", "/ok%23");
    add("an encoded question mark", "/ok%3Fx");
    add("a fragment behind the query", "/ok?x#y");
    add("overlong UTF-8 of a slash", "/ok%c0%af..");
    add("overlong UTF-8 of a dot, three bytes", "/ok/%e0%80%ae");
    add("UTF-8 that breaks off", "/ok%e2%82");
    add("UTF-8 of a surrogate", "/ok%ed%a0%80");
    add("UTF-8 beyond the last character", "/ok%f4%90%80%80");
    add("a byte that is no UTF-8", "/ok%ff");
    add("a doubly encoded slash", "/ok%252fadmin");
    add("a doubly encoded dot", "/ok/%252e%252e");
    add("an escape that is no hex", "/ok%zz");
    add("an escape that breaks off", "/ok%2");
    add("a percent at the end", "/ok%");
    add("an encoded letter", "/%6fk");
    add("an encoded control", "/ok%0d%0aX: y");
    add("a raw byte beyond ASCII", "/ok\xc3\xa9");
    add("a caret", "/ok^");
    add("a brace", "/ok{");
    add("a quote", "/ok\"");
    add("a query with a raw quote", "/ok?\"");
    add("a query with a backslash", "/ok?\\");
    add("a query with a raw byte beyond ASCII", "/ok?\xff");
    add("a target without its slash (CVE-2026-33186)", "ok");
    add("a target that begins with a query", "?x");
    add("the asterisk form", "*");
    add("the authority form without CONNECT", "{host}:80");
    return rows;
}

std::vector<Attack> authorities() {
    const auto form = [](const std::string& target, const std::string& fields) {
        return "GET " + target + " HTTP/1.1\r\n" + fields + "\r\n";
    };
    const auto host = [&](const std::string& value) {
        return form("/ok", "Host: " + value + "\r\n");
    };
    return {
        {"absolute form and Host differ (CVE-2021-39242)",
         form("http://{host}/ok", "Host: blockchain-core\r\n")},
        {"absolute form and Host differ by the port",
         form("http://{host}/ok", "Host: {host}:80\r\n")},
        {"absolute form without Host", form("http://{host}/ok", "")},
        {"absolute form with userinfo", form("http://user@{host}/ok", host_line)},
        {"absolute form that hides the name in userinfo",
         form("http://{host}@evil/ok", "Host: evil\r\n")},
        {"absolute form without a path", form("http://{host}", host_line)},
        {"absolute form with a query alone", form("http://{host}?x", host_line)},
        {"absolute form of another scheme", form("https://{host}/ok", host_line)},
        {"absolute form without an authority", form("http:///ok", host_line)},
        {"absolute form of a path that climbs", form("http://{host}/ok/../x", host_line)},
        {"two Hosts", form("/ok", host_line + host_line)},
        {"two Hosts that differ", form("/ok", host_line + "Host: evil\r\n")},
        {"no Host", form("/ok", "")},
        {"an empty Host", host("")},
        {"a comma in Host", host("{host},evil")},
        {"a blank in Host", host("{host} evil")},
        {"userinfo in Host", host("user@{host}")},
        {"a path in Host", host("{host}/ok")},
        {"a query in Host", host("{host}?x")},
        {"a fragment in Host", host("{host}#x")},
        {"a percent in Host", host("{host}%2e")},
        {"an underscore in Host", host("{host}_")},
        {"a bracketed address", host("[::1]")},
        {"a bare IPv6 address", host("::1")},
        {"an empty port", host("{host}:")},
        {"a port with a sign", host("{host}:+80")},
        {"a port beyond the last", host("{host}:65536")},
        {"a port of many digits", host("{host}:000080")},
        {"two ports", host("{host}:80:80")},
        {"only a dot", host(".")},
        {"two dots at the end", host("{host}..")},
        {"NUL in Host (CVE-2023-27493)", host("{host}" + nul + ".evil")},
        {"CR in Host (CVE-2023-27493)", host("{host}\rX-Beta-Rule: x")},
        {"LF in Host (CVE-2023-27493)", host("{host}\nX-Beta-Rule: x")},
        {"a Host of 254 bytes (CVE-2023-38545)", host(std::string(254, 'a'))},
        {"a Host of 255 bytes (CVE-2023-38545)", host(std::string(255, 'a'))},
        {"a Host of 256 bytes (CVE-2023-38545)", host(std::string(256, 'a'))},
        {"a Host of 65,536 bytes (CVE-2023-38545)", host(std::string(65'536, 'a')), 431},
    };
}

}  // namespace

TEST_CASE("a path with a second spelling is refused at both doors") {
    static const auto rows = paths();
    const auto& row = rows[GENERATE(range(std::size_t{0}, paths().size()))];
    DYNAMIC_SECTION(row.about) {
        expect_refused_at_both_doors(row);
    }
}

TEST_CASE("a name in doubt is refused at both doors") {
    static const auto rows = authorities();
    const auto& row = rows[GENERATE(range(std::size_t{0}, authorities().size()))];
    DYNAMIC_SECTION(row.about) {
        expect_refused_at_both_doors(row);
    }
}

TEST_CASE(
    "Host is compared in lower case, without port and without a dot at its end (CVE-2021-39155)") {
    const auto host = GENERATE(values<std::string>(
        {"TRON-payment", "tron-payment:80", "tron-payment.", "Tron-Payment.WALLET.:8080"}));
    Line line;
    CHECK(line.client.ask("GET /ok HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status() == 200);
    CHECK(line.client.ask("GET /other HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status() == 403);
    CHECK(line.upstream.requests().size() == 1);
}

TEST_CASE("the query is split off once and arrives as it was sent (CVE-2026-32811)") {
    const std::string target = "/ok?a=/../b&c=%2e%2F%zz??d=//x;y'(*)";
    Line line;
    CHECK(line.client.ask("GET " + target + " HTTP/1.1\r\nHost: tron-payment\r\n\r\n").status() ==
          200);
    CHECK(line.upstream.wait_for_requests(1)[0].target() == target);
    CHECK(line.client.ask("GET /other?/ok HTTP/1.1\r\nHost: tron-payment\r\n\r\n").status() == 403);
}

TEST_CASE("every legal byte of a segment matches a pattern's star (CVE-2025-46821)") {
    const std::string segment = "azAZ09-._~!$&'()*+,=:@%20%C3%A9%f0%9f%98%80%7C";
    Line line;
    CHECK(line.client.ask("GET /ok/" + segment + " HTTP/1.1\r\nHost: tron-payment\r\n\r\n")
              .status() == 200);
    CHECK(line.upstream.wait_for_requests(1)[0].target() == "/ok/" + segment);
    CHECK(line.client.ask("GET /ok/never/" + segment + " HTTP/1.1\r\nHost: tron-payment\r\n\r\n")
              .status() == 403);
}
