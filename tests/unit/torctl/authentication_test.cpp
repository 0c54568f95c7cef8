#include "beta/torctl/authentication.hpp"

#include "beta/model/digest.hpp"

#include "transcripts.hpp"

#include <catch2/catch.hpp>

namespace beta::torctl::testing {
namespace {

using Kind = Authentication::Action::Kind;

const std::string cookie(32, 'c');

Nonce nonce() {
    Nonce nonce{};
    nonce.fill('n');
    return nonce;
}

std::string methods(const std::string& names) {
    return "250-PROTOCOLINFO 1\r\n250-AUTH METHODS=" + names +
           " COOKIEFILE=\"/run/cookie\"\r\n250-VERSION Tor=\"0.4.9.11\"\r\n250 OK\r\n";
}

std::string hex(std::string_view bytes) {
    model::Digest digest{};
    std::ranges::copy(bytes, digest.begin());
    return model::hex(digest);
}

std::string challenge(const std::string& hash, const std::string& server_nonce) {
    return "250 AUTHCHALLENGE SERVERHASH=" + hex(hash) + " SERVERNONCE=" + hex(server_nonce) +
           "\r\n";
}

const std::string server_nonce(32, 's');
const std::string nonces = std::string(32, 'n') + server_nonce;

/// Plays tor's answers; a cookie file is there when `file` is. What was sent, and how it ended.
struct Played {
    std::vector<std::string> sent;
    Authentication::Action last;
};

Played play(const std::vector<std::string>& answers, std::optional<std::string> file = cookie,
            std::optional<std::string> password = {}) {
    Authentication authentication(nonce(), std::move(password));
    Played played{.sent = {}, .last = authentication.start()};
    auto answer = answers.begin();
    for (;;) {
        if (played.last.kind == Kind::send) {
            played.sent.push_back(played.last.command->bytes());
            if (answer == answers.end())
                return played;
            played.last = authentication.receive(one(*answer++));
        } else if (played.last.kind == Kind::read_cookie) {
            played.last = authentication.cookie(file);
        } else {
            return played;
        }
    }
}

TEST_CASE("where tor asks for nothing, nothing is given") {
    const auto played = play({methods("NULL"), ok});
    CHECK(played.last.kind == Kind::done);
    CHECK(played.sent == std::vector<std::string>{"PROTOCOLINFO 1\r\n", "AUTHENTICATE\r\n"});
    CHECK(play({methods("NULL,COOKIE,SAFECOOKIE"), ok}, {}).last.kind == Kind::done);
}

TEST_CASE("SAFECOOKIE proves both sides to each other and never shows the cookie") {
    const auto played = play(
        {methods("COOKIE,SAFECOOKIE"), challenge(server_hash(cookie, nonces), server_nonce), ok});
    CHECK(played.last.kind == Kind::done);
    REQUIRE(played.sent.size() == 3);
    CHECK(played.sent[1].starts_with("AUTHCHALLENGE SAFECOOKIE 6E6E6E"));
    CHECK(played.sent[2].size() == std::string("AUTHENTICATE \r\n").size() + 64);
    for (const auto& line : played.sent)
        CHECK(line.find("636363") == line.npos);
}

TEST_CASE("the proofs are HMACs under the two constants of the specification") {
    // Computed with another HMAC, Python's.
    const std::string zeros(32, '\0');
    CHECK(hex(server_hash(zeros, zeros + zeros)) ==
          "3d1188024fd00a2a157e9850572bb3b26af8c149d2d21838c7bccc7fa83a8574");
    CHECK(hex(client_hash(zeros, zeros + zeros)) ==
          "e219bbb6012dd83bb787c2b3462ad9cacd2636ea51e2c708e8c0758d27bddc21");
}

TEST_CASE("a wrong proof of the server ends it: nothing is sent, least of all the cookie") {
    const auto wrong = GENERATE(challenge(server_hash(cookie, nonces + "x"), server_nonce),
                                challenge(client_hash(cookie, nonces), server_nonce),
                                challenge(server_hash(std::string(32, 'd'), nonces), server_nonce),
                                challenge(server_hash(cookie, nonces), std::string(32, 't')));
    const auto played = play({methods("COOKIE,SAFECOOKIE"), wrong, ok}, cookie);
    CHECK(played.last.kind == Kind::failed);
    CHECK(played.last.fault == Fault::server_hash_wrong);
    CHECK(played.sent.size() == 2);
}

TEST_CASE("a challenge that makes no sense is a fault") {
    const auto hash = hex(server_hash(cookie, nonces));
    const auto line = GENERATE_COPY(
        values<std::string>({"513 Cookie authentication is disabled\r\n",
                             "250 AUTHCHALLENGE SERVERHASH=" + hash + "\r\n",
                             "250 AUTHCHALLENGE SERVERNONCE=" + hex(server_nonce) + "\r\n",
                             "250 AUTHCHALLENGE SERVERHASH=" + hash.substr(2) +
                                 " SERVERNONCE=" + hex(server_nonce) + "\r\n",
                             "250 AUTHCHALLENGE SERVERHASH=zz" + hash.substr(2) +
                                 " SERVERNONCE=" + hex(server_nonce) + "\r\n",
                             "250 OK\r\n"}));
    CHECK(play({methods("SAFECOOKIE"), line}).last.fault == Fault::challenge_malformed);
}

TEST_CASE("a tor that knows no SAFECOOKIE is given the cookie") {
    const auto played = play({methods("COOKIE"), ok});
    CHECK(played.last.kind == Kind::done);
    CHECK(played.sent[1].starts_with("AUTHENTICATE 636363"));
}

TEST_CASE("a password is used where one was given and tor takes it") {
    const auto played = play({protocol_info, ok}, cookie, "a \"b\"");
    CHECK(played.last.kind == Kind::done);
    CHECK(played.sent[1] == "AUTHENTICATE \"a \\\"b\\\"\"\r\n");
    CHECK(play({methods("SAFECOOKIE"), challenge(server_hash(cookie, nonces), server_nonce), ok},
               cookie, "unused")
              .last.kind == Kind::done);
    CHECK(play({protocol_info}, cookie, "a\nb").last.fault == Fault::password_unusable);
}

TEST_CASE("what cannot work is told before anything is sent") {
    CHECK(play({methods("HASHEDPASSWORD")}).last.fault == Fault::password_needed);
    CHECK(play({methods("MAGIC")}).last.fault == Fault::no_method);
    CHECK(play({methods("SAFECOOKIE")}, std::nullopt).last.fault == Fault::cookie_unreadable);
    CHECK(play({methods("COOKIE")}, std::string(33, 'c')).last.fault == Fault::cookie_size);
    CHECK(play({methods("SAFECOOKIE")}, std::string(31, 'c')).last.fault == Fault::cookie_size);
    CHECK(play({methods("COOKIE")}, "").sent.size() == 1);
    CHECK(play({"510 Unrecognized command\r\n"}).last.fault == Fault::not_protocol_info);
    CHECK(play({ok}).last.fault == Fault::not_protocol_info);
}

TEST_CASE("a refusal is a fault, by each method") {
    CHECK(play({methods("NULL"), refused_cookie}).last.fault == Fault::refused);
    CHECK(play({methods("COOKIE"), refused_cookie}).last.fault == Fault::refused);
    CHECK(play({protocol_info, refused_cookie}, cookie, "wrong").last.fault == Fault::refused);
    CHECK(play({methods("SAFECOOKIE"), challenge(server_hash(cookie, nonces), server_nonce),
                refused_cookie})
              .last.fault == Fault::refused);
}

TEST_CASE("a reply or a cookie that nobody asked for fails") {
    Authentication fresh(nonce());
    CHECK(fresh.receive(one(ok)).fault == Fault::unexpected_reply);
    Authentication early(nonce());
    CHECK(early.cookie(cookie).fault == Fault::unexpected_reply);
    Authentication done(nonce());
    (void)done.start();
    (void)done.receive(one(methods("NULL")));
    REQUIRE(done.receive(one(ok)).kind == Kind::done);
    CHECK(done.receive(one(ok)).fault == Fault::unexpected_reply);
}

TEST_CASE("what tor says of itself is read in any order, with its escapes undone") {
    const auto info = ProtocolInfo::parse(one(protocol_info)).value();
    CHECK(info.cookie_file == "/run/tor/a \"b\\ \xc3\xa9.cookie");
    CHECK(info.version == "0.4.9.11");
    CHECK_FALSE(info.null);
    CHECK(info.password);
    CHECK(info.cookie);
    CHECK(info.safe_cookie);
    const auto shuffled = ProtocolInfo::parse(
        one("250-PROTOCOLINFO 2 more\r\n250-NEWS x=y\r\n250-VERSION Tor=\"\x1b[1m\" z\r\n"
            "250-AUTH MORE=1 METHODS=SAFECOOKIE,NULLX,,SAFE\r\n250 OK\r\n"));
    CHECK(shuffled->version == "?[1m");
    CHECK(shuffled->safe_cookie);
    CHECK_FALSE(shuffled->null);
    CHECK(shuffled->cookie_file.empty());
}

}  // namespace
}  // namespace beta::torctl::testing
