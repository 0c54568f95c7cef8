// The page at /: what browsers are told about it, and that it is text whatever it shows.
#include "beta/model/curve25519.hpp"
#include "beta/model/digest.hpp"

#include "some_status.hpp"
#include "support/running_sidecar.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace beta;
using testing::AdminServer;
using testing::Client;
using testing::serving;
using testing::some_status;

namespace {

std::string between(const std::string& text, const std::string& begin, const std::string& end) {
    const auto from = text.find(begin);
    REQUIRE(from != text.npos);
    const auto start = from + begin.size();
    return text.substr(start, text.find(end, start) - start);
}

std::string source(const std::string& bytes) {
    return "'sha256-" + model::base64(model::sha256(bytes)).disclose() + "'";
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1))
        ++found;
    return found;
}

/// Every text of it that comes from files or from traffic.
admin::Status hostile_status(const std::string& text) {
    auto status = some_status();
    status.service = status.plane = text;
    status.listeners = {{text, text}};
    status.readiness = {.ready = false, .checks = {{text, false, text}, {"tor", true, text}}};
    status.tor.version = text;
    status.certificate->id = text;
    status.policy.last_failed = true;
    for (auto& plane : status.planes)
        plane = {text, acl::Reach{acl::Opening::open, {text}}, acl::Reach{{}, {text}}};
    auto& [what, reason] = status.denials.front();
    what.source = what.source_plane = what.destination = what.destination_plane = text;
    what.method = what.path = what.rule = reason = text;
    auto& destination = status.destinations.front();
    destination.name = destination.plane = text;
    return status;
}

}  // namespace

TEST_CASE("the page is one HTML document that says what the status says") {
    const auto server = serving(some_status());
    const auto answer = server.get("/");
    CHECK(answer.status() == 200);
    CHECK(answer.field("Content-Type") == "text/html; charset=utf-8");
    CHECK(answer.body.starts_with("<!doctype html>\n<html lang=\"en\">"));
    CHECK(answer.body.ends_with("</html>\n"));
    for (const auto* const text :
         {">Ready</p>", "api-gateway", ">limited <span class=\"by\">out, o2</span>", "/ok/never",
          "no one may, ever", "10 days left", "spiffe://x/plane/ops/service/api-gateway",
          "0.4.9.11", "127.0.0.1:15001", ">120</td>", ">900</td>", "circuit open"}) {
        INFO(text);
        CHECK(answer.body.find(text) != std::string::npos);
    }
    CHECK(answer.body.find("{{") == std::string::npos);
}

TEST_CASE("the page needs nothing from outside, and browsers are told to fetch nothing") {
    const auto server = serving(some_status());
    const auto answer = server.get("/");
    CHECK(answer.field("Content-Security-Policy") ==
          "default-src 'none'; style-src " + source(between(answer.body, "<style>", "</style>")) +
              "; script-src " + source(between(answer.body, "<script>", "</script>")) +
              "; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    CHECK(answer.field("X-Content-Type-Options") == "nosniff");
    CHECK(answer.field("Referrer-Policy") == "no-referrer");
    CHECK(answer.field("Cache-Control") == "no-store");
    CHECK(answer.field("Cross-Origin-Resource-Policy") == "same-origin");
    for (const auto* const part : {"src=", "http://", "https://", "url(", "@import", "style=\"",
                                   "onload=", "onclick=", "javascript:", "innerHTML"}) {
        INFO(part);
        CHECK(answer.body.find(part) == std::string::npos);
    }
}

TEST_CASE("what comes from files and traffic is text in the page, whatever it is") {
    const std::string hostile = GENERATE(values<std::string>(
        {"<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onfocus='alert(1)",
         "</title><svg onload=alert(1)>", "]]><!--", "&lt;b&gt;", "{{sentence}}{{#checks}}",
         "@script@@style@@picture@", "\x1b[2J\r\n\tx", std::string("\0x", 2), "\xff\xc0<b>"}));
    const auto plain = serving(hostile_status("harmless")).get("/").body;
    const auto answer = serving(hostile_status(hostile)).get("/");
    CHECK(answer.status() == 200);
    // The elements are those of the same page with harmless names: none has come from a value.
    for (const auto* const part : {"<script", "</script>", "<img", "<svg", "<!--", "<b>",
                                   "</title>", "<style", "<", "\"", "' onfocus='"}) {
        INFO(part);
        CHECK(count(answer.body, part) == count(plain, part));
    }
    CHECK(answer.body.find('\x1b') == std::string::npos);
    CHECK(answer.body.find('\0') == std::string::npos);
    if (hostile.starts_with("{{"))
        CHECK(answer.body.find("{{sentence}}{{#checks}}") != std::string::npos);
}

TEST_CASE("no onion address is in the page or the JSON, wherever it comes from") {
    const auto onion = testing::RunningSidecar::onion(1);
    const auto server = serving(hostile_status("at " + onion + ":80"));
    for (const auto* const target : {"/", "/api/status"}) {
        const auto body = server.get(target).body;
        CHECK(body.find(onion.substr(0, 4) + "….onion") != std::string::npos);
        CHECK(body.find(onion.substr(0, 16)) == std::string::npos);
    }
}

TEST_CASE("the page is read only, and HEAD is GET without the body") {
    const auto server = serving(some_status());
    for (const std::string target : {"/", "/api/status"}) {
        Client client(server.port());
        CHECK(client.ask("POST " + target + " HTTP/1.1\r\nHost: a\r\n\r\n").status() == 405);
        client.send("HEAD " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
        const auto answer = client.response(true);
        CHECK(answer.status() == 200);
        CHECK(answer.field("Content-Length") == std::to_string(server.get(target).body.size()));
    }
}

TEST_CASE("without the hook there is no page") {
    const AdminServer server;
    CHECK(server.get("/").status() == 404);
    CHECK(server.get("/api/status").status() == 404);
}
