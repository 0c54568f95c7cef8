// Goal: a call passes only between a caller and a callee that are, by certificate, who they must
// be. Method: two whole sidecars with certificates made here, each test with one thing wrong.

#include "io/tls/pair.hpp"

#include <catch2/catch.hpp>

using namespace beta::testing;

namespace {

/// Refused before a byte of the request has left.
void refused(const Pair& pair, const std::string& error, const std::string& fault) {
    const auto answer = pair.get();
    CHECK(answer.status() == 502);
    CHECK_THAT(answer.field("Proxy-Status"), Catch::Contains("error=" + error));
    CHECK(pair.handshakes(*pair.caller, "egress", fault) == 1);
    CHECK(pair.app.accepted() == 0);
}

}  // namespace

TEST_CASE("a call passes with both certificates, and the app is told who called") {
    const Pair pair;
    const auto answer = pair.get();
    CHECK(answer.status() == 200);
    CHECK(answer.body == "hello");
    const auto requests = pair.app.wait_for_requests(1);
    CHECK(requests[0].field("X-Beta-Source-Service") == "api-gateway");
    CHECK(requests[0].field("X-Beta-Source-Plane") == "ops");
    CHECK(requests[0].field("X-Beta-Rule") == "gateway");
    CHECK(pair.handshakes(*pair.caller, "egress", "full") == 1);
    CHECK(pair.handshakes(*pair.callee, "ingress", "full") == 1);
}

TEST_CASE("TLS begins with the request for a stream, and nothing else does") {
    Pair pair;
    if (GENERATE(false, true))
        pair.tor.answer_byte_by_byte();
    CHECK(pair.get().status() == 200);
    const auto asked = pair.tor.wait_for_requests(1);
    CHECK_THAT(asked[0].early, Catch::StartsWith("\x16\x03"));  // a handshake record: RFC 8446 §5.1
    CHECK_THAT(asked[0].early, !Catch::Contains("GET"));
    CHECK(pair.tor.errors().empty());
}

TEST_CASE("the callee has the certificate of another service") {
    refused(Pair({.callee_service = "other-service"}), "tls_certificate_error", "other_service");
}

TEST_CASE("the callee is of another plane, vouched for by that plane's own authority") {
    refused(Pair({.callee_plane = "ops"}), "tls_certificate_error", "untrusted");
}

TEST_CASE("an authority that vouches for two planes does not make one the other") {
    Pair pair({.callee_plane = "ops"});
    pair.files.trust("chain", pair.files.ops.root());
    REQUIRE((*pair.caller)->reload());
    refused(pair, "tls_certificate_error", "other_plane");
}

TEST_CASE("the directory names the certificate that must stand behind an onion") {
    const auto directory = [](const std::string& identity) {
        return "apiVersion: beta.directory/v1\nservices:\n"
               "  blockchain-core: { plane: chain, onion: " +
               RunningSidecar::onion(2) + ", port: 81, identity: \"" + identity + "\" }\n";
    };
    const std::string right = "spiffe://beta.test/plane/chain/service/blockchain-core";
    SECTION("and it does") {
        CHECK(Pair({.services = directory(right)}).get().status() == 200);
    }
    SECTION("and another does, of the same plane and service") {
        refused(
            Pair({.services = directory("spiffe://new.test/plane/chain/service/blockchain-core")}),
            "tls_certificate_error", "other_identity");
    }
    SECTION("and another is named while calls go on") {
        const Pair pair({.services = directory(right)});
        CHECK(pair.get().status() == 200);
        pair.caller->write_services(directory(right + "2"));
        REQUIRE((*pair.caller)->reload());
        CHECK(pair.get().status() == 502);
        CHECK(pair.handshakes(*pair.caller, "egress", "other_identity") == 1);
    }
}

TEST_CASE("the caller's authority is not that of the plane whose listener it comes to") {
    Pair pair;
    pair.files.trust("ops", pair.files.chain.root());
    pair.files.install("callee", pair.files.chain.issue("chain", "blockchain-core"));
    REQUIRE((*pair.callee)->reload());
    const auto answer = pair.get();
    CHECK(answer.status() == 502);
    CHECK(pair.handshakes(*pair.callee, "ingress", "untrusted") == 1);
    CHECK(pair.app.accepted() == 0);
}

TEST_CASE("another service of the plane has a certificate, but no rule that lets it in") {
    Pair pair({.caller_service = "dashboard"});
    const auto answer = pair.get();
    CHECK(answer.status() == 403);
    CHECK(pair.handshakes(*pair.callee, "ingress", "full") == 1);
    CHECK(pair.app.accepted() == 0);
}

TEST_CASE("a callee that speaks no TLS is sent nothing that it could read") {
    const Pair pair({.callee_identity = "identity: listener\n"});
    const auto answer = pair.get();
    CHECK(answer.status() == 502);
    CHECK_THAT(answer.field("Proxy-Status"), Catch::Contains("tls_protocol_error"));
    CHECK(pair.app.accepted() == 0);
}

TEST_CASE("a caller that speaks no TLS is answered nothing, and reaches nothing") {
    const Pair pair;
    Client plain(pair.callee->ingress());
    plain.send("GET /ok HTTP/1.1\r\nHost: blockchain-core\r\n\r\n");
    CHECK(plain.end() == Client::End::closed);
    CHECK_THAT(plain.received(), !Catch::Contains("HTTP"));
    CHECK(pair.handshakes(*pair.callee, "ingress", "not_tls") == 1);
    CHECK(pair.app.accepted() == 0);
}

TEST_CASE("a caller that says nothing is cut off in time") {
    const Pair pair({.callee_extra = "limits: { handshake_time: 300ms }\n"});
    Client silent(pair.callee->ingress());
    CHECK(silent.end() == Client::End::closed);
    CHECK(pair.handshakes(*pair.callee, "ingress", "timeout") == 1);
}

TEST_CASE("a callee that says nothing costs the time of a connect and no more") {
    Gate forever;
    FakeUpstream silent({Script().pass(forever)});
    Pair pair({.caller_extra = "limits: { connect_time: 500ms }\n"});
    pair.tor.route(RunningSidecar::onion(2), 81, silent.port());
    CHECK(pair.get().status() == 504);
    CHECK(pair.handshakes(*pair.caller, "egress", "timeout") >= 1);
    forever.open();
}
