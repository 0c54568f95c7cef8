// Goal: certificates change under traffic: whole or not at all, nothing is lost, and what was
// proved before a change proves nothing after it. Method: two whole sidecars; files exchanged, then
// the same reload that a signal or a watch causes.

#include "io/tls/pair.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace beta::testing;

namespace {

const std::string two_requests = "GET /ok HTTP/1.1\r\nHost: blockchain-core\r\n\r\n";

}  // namespace

TEST_CASE("a second connection resumes the first one's session, and is decided like it") {
    const Pair pair({.caller_extra = "limits: { upstream_idle: 0 }\n"});
    CHECK(pair.get().status() == 200);
    CHECK(pair.get().status() == 200);
    CHECK(pair.handshakes(*pair.caller, "egress", "full") == 1);
    CHECK(pair.handshakes(*pair.caller, "egress", "resumed") == 1);
    CHECK(pair.handshakes(*pair.callee, "ingress", "resumed") == 1);
    CHECK(pair.app.wait_for_requests(2)[1].field("X-Beta-Source-Service") == "api-gateway");
    CHECK(pair.get("/denied").status() == 403);
}

TEST_CASE("a resumed session is asked of the policy in force (CVE-2025-23419)") {
    const Pair pair({.caller_extra = "limits: { upstream_idle: 0 }\n"});
    CHECK(pair.get().status() == 200);
    pair.callee->write_acl("apiVersion: beta.acl/v1\nplane: chain\n");
    REQUIRE((*pair.callee)->reload());
    CHECK(pair.get().status() == 403);
}

TEST_CASE("no session outlives the files that it was proved with (CVE-2022-21654)") {
    const Pair pair({.caller_extra = "limits: { upstream_idle: 0 }\n"});
    CHECK(pair.get().status() == 200);
    SECTION("of the callee") {
        REQUIRE((*pair.callee)->reload());
    }
    SECTION("of the caller") {
        REQUIRE((*pair.caller)->reload());
    }
    CHECK(pair.get().status() == 200);
    CHECK(pair.handshakes(*pair.caller, "egress", "full") == 2);
    CHECK(pair.handshakes(*pair.caller, "egress", "resumed") == 0);
}

TEST_CASE("a caller that is revoked is refused from the reload on, ticket or not") {
    const Pair pair({.caller_extra = "limits: { upstream_idle: 0 }\n", .callee_crl = true});
    CHECK(pair.get().status() == 200);
    pair.files.revoke(pair.files.ops.crl({pair.caller_serial}) + pair.files.chain.crl({}));
    REQUIRE((*pair.callee)->reload());
    CHECK(pair.get().status() == 502);
    CHECK(pair.handshakes(*pair.callee, "ingress", "revoked") == 1);
    CHECK(pair.app.accepted() == 1);
}

TEST_CASE("a revocation list that is out of date lets nobody in") {
    const Pair pair({.callee_crl = true});
    pair.files.revoke(pair.files.ops.crl({}, std::chrono::seconds(-60)) + pair.files.chain.crl({}));
    REQUIRE((*pair.callee)->reload());
    CHECK(pair.get().status() == 502);
    CHECK(pair.handshakes(*pair.callee, "ingress", "no_valid_crl") == 1);
}

TEST_CASE("new handshakes use the new certificate while connections under way go on") {
    Pair pair;
    Client kept(pair.caller->egress());
    CHECK(kept.ask(two_requests).status() == 200);
    pair.files.install("callee", pair.files.chain.issue("chain", "blockchain-core"));
    REQUIRE((*pair.callee)->reload());
    CHECK(kept.ask(two_requests).status() == 200);
    CHECK(pair.handshakes(*pair.caller, "egress", "full") == 1);
    CHECK(pair.app.accepted() >= 1);
}

TEST_CASE("files that do not belong together change nothing, and say so") {
    Pair pair({.caller_extra = "limits: { upstream_idle: 0 }\n"});
    const auto other = pair.files.chain.issue("chain", "blockchain-core");
    const auto folder = pair.files.folder();
    SECTION("a certificate whose key is still to come") {
        write_file(folder / "callee.pem", other.chain, 0644);
    }
    SECTION("a key that others may read") {
        std::filesystem::permissions(folder / "callee.key", std::filesystem::perms::group_read,
                                     std::filesystem::perm_options::add);
    }
    SECTION("the certificate of another service") {
        pair.files.install("callee", pair.files.chain.issue("chain", "other-service"));
    }
    SECTION("one that its plane's authority did not sign") {
        pair.files.install("callee", pair.files.ops.issue("chain", "blockchain-core"));
    }
    SECTION("no file at all") {
        std::filesystem::remove(folder / "callee.pem");
    }
    CHECK_FALSE((*pair.callee)->reload());
    CHECK(pair.get().status() == 200);
    pair.files.install("callee", other);
    CHECK((*pair.callee)->reload());
    CHECK(pair.get().status() == 200);
}

TEST_CASE("a connection is used for as long as its proof may be relied upon, then made anew") {
    const Pair pair({.caller_tls = "max_connection_age: 1s, "});
    Client client(pair.caller->egress());
    CHECK(client.ask(two_requests).status() == 200);
    // Asked until the first connection has had its second: each answer is complete all the while.
    while (pair.handshakes(*pair.caller, "egress", "full") +
               pair.handshakes(*pair.caller, "egress", "resumed") <
           2)
        REQUIRE(client.ask(two_requests).status() == 200);
}

TEST_CASE("the callee ends a connection at its age with an answer, not in one") {
    const Pair pair({.callee_tls = "max_connection_age: 1s, "});
    Client client(pair.caller->egress());
    while (pair.handshakes(*pair.callee, "ingress", "full") +
               pair.handshakes(*pair.callee, "ingress", "resumed") <
           2)
        REQUIRE(client.ask(two_requests).status() == 200);
}
