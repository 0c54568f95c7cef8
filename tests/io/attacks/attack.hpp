// Attack: one row of a chapter, thrown byte by byte at both doors of a running sidecar.
#pragma once

#include "io/proxy/line.hpp"
#include "support/json.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <string_view>

namespace beta::testing {

/// `{host}` in the bytes stands for the name that the door answers to. The error is the type of
/// Proxy-Status (RFC 9209 §2.3).
struct Attack {
    std::string about;
    std::string bytes;
    int status = 400;
    std::string error = "http_request_error";
};

inline const std::string host_line = "Host: {host}\r\n";

/// GET with this target.
inline std::string get(const std::string& target) {
    return "GET " + target + " HTTP/1.1\r\n" + host_line + "\r\n";
}

/// A request for what every rule allows, with these field lines and this body.
inline std::string post(const std::string& fields, const std::string& body = {}) {
    return "POST /ok HTTP/1.1\r\n" + host_line + fields + "\r\n" + body;
}

inline std::string with_host(std::string bytes, std::string_view host) {
    constexpr std::string_view mark = "{host}";
    for (auto at = bytes.find(mark); at != bytes.npos; at = bytes.find(mark, at + host.size()))
        bytes.replace(at, mark.size(), host);
    return bytes;
}

/// An answer of the sidecar's own: RFC 9457 and RFC 9209, all of it for the local app, no more than
/// what happened for a peer.
inline void expect_problem(const Message& answer, int status, const std::string& error,
                           bool full_detail) {
    REQUIRE(answer.status() == status);
    const auto expected = "beta; error=" + error + (full_detail ? "; details=\"" : "");
    if (full_detail)
        CHECK(answer.field("Proxy-Status").starts_with(expected));
    else
        CHECK(answer.field("Proxy-Status") == expected);
    CHECK(answer.field("Content-Type") == "application/problem+json");
    CHECK(answer.field("Cache-Control") == "no-store");
    const auto body = parse_json(answer.body).as_object();
    CHECK(word(body, "type") == "about:blank");
    CHECK(answer.start_line() == "HTTP/1.1 " + std::to_string(status) + " " + word(body, "title"));
    CHECK(body.at("status").as_int64() == status);
    CHECK_FALSE(word(body, "instance").empty());
    CHECK(body.contains("detail") == full_detail);
    CHECK(body.contains("error") == full_detail);
    CHECK(body.size() == (full_detail ? 6 : 4));
}

/// The strict answer: status, error type, the connection closed in order, nothing behind it.
inline void expect_refusal(Client& client, const Attack& attack, bool full_detail) {
    const auto answer = client.response();
    expect_problem(answer, attack.status, attack.error, full_detail);
    CHECK(answer.field("Connection") == "close");
    CHECK(client.to_end().empty());
}

/// The same attack from the local app and from a peer: refused, and nobody is even called.
inline void expect_refused_at_both_doors(const Attack& attack) {
    {
        INFO("egress");
        Line line;
        line.client.send(with_host(attack.bytes, "tron-payment"));
        expect_refusal(line.client, attack, true);
        CHECK(line.tor.accepted() == 0);
    }
    INFO("ingress");
    const FakeUpstream app;
    const RunningSidecar sidecar({.app_port = app.port()});
    Client client(sidecar.ingress());
    client.send(with_host(attack.bytes, "api-gateway"));
    expect_refusal(client, attack, false);
    CHECK(app.accepted() == 0);
}

}  // namespace beta::testing
