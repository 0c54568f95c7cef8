// Goal: `probe` names the step at which a call ends, and what it says is what traffic would meet.
// Method: a sidecar that answers, behind a fake tor that says what tor would at each step.
#include "command_line.hpp"
#include "io/tls/pair.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace beta;
using Catch::Contains;
using Catch::EndsWith;
using testing::beta_sidecar;
using testing::Deployment;
using testing::FakeTor;
using testing::Outcome;
using testing::Pair;
using testing::PairSetup;
using testing::RunningSidecar;

namespace {

class Caller {
  public:
    explicit Caller(const Pair& pair) {
        configure(pair.tor.port(), pair.files.lines("caller"));
        files_.write("ops.yaml",
                     "apiVersion: beta.acl/v1\nplane: ops\nallow:\n"
                     "  - { name: out, to: { plane: '*' }, paths: [/ok, /ok/**, /elsewhere] }\n"
                     "  - { name: far, to: { external: [outside] }, paths: [/ok] }\n");
        files_.write("services.yaml",
                     "apiVersion: beta.directory/v1\nservices:\n  blockchain-core: { plane: "
                     "chain, onion: " +
                         RunningSidecar::onion(2) +
                         ", port: 81 }\n  tron-payment: { plane: wallet, onions: { chain: " +
                         RunningSidecar::onion(1) +
                         " } }\nexternal:\n  outside: { host: outside.example.com, port: 8443 }\n");
    }

    void configure(std::uint16_t socks, const std::string& identity) const {
        files_.write("sidecar.yaml",
                     "service: api-gateway\nplane: ops\nacl: ops.yaml\n"
                     "services: services.yaml\nadmin: { address: off }\n"
                     "tor: { socks: '127.0.0.1:" +
                         std::to_string(socks) + "' }\n" + identity);
    }

    Outcome probe(std::vector<std::string> more = {"--path", "/ok"},
                  const std::string& service = "blockchain-core") const {
        more.insert(more.begin(), {"probe", service, "-c", files_.config_path()});
        const auto outcome = beta_sidecar(more);
        CHECK(outcome.out.find(RunningSidecar::onion(2).substr(0, 20)) == std::string::npos);
        CHECK(outcome.err.empty());
        return outcome;
    }

  private:
    Deployment files_;
};

}  // namespace

TEST_CASE("a call that passes is followed to the proof of both certificates, and no request goes") {
    const Pair pair;
    const auto outcome = Caller(pair).probe();
    INFO(outcome.out);
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.out, Contains("acl           ok: GET /ok is allowed by rule out"));
    CHECK_THAT(outcome.out,
               Contains("rendezvous    ok\nport          ok\ntls           ok: spiffe://"));
    CHECK_THAT(outcome.out, Contains("it takes our certificate"));
    CHECK(pair.app.requests().empty());
}

TEST_CASE("with --request the app is asked, and its status told") {
    const Pair pair;
    const auto outcome = Caller(pair).probe({"--path", "/ok?a=1", "--request"});
    INFO(outcome.out);
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.out, Contains("app           ok: answered 200 after "));
    CHECK(pair.app.wait_for_requests(1).size() == 1);
}

TEST_CASE("a name that the directory does not have is 65, and so is one without a way for us") {
    const Pair pair;
    const Caller caller(pair);
    const auto unknown = caller.probe({}, "nobody");
    CHECK(unknown.code == 65);
    CHECK_THAT(unknown.out, Contains("name          FAILED: "));
    const auto no_way = caller.probe({}, "tron-payment");
    CHECK(no_way.code == 65);
    CHECK_THAT(no_way.out, Contains("for callers of plane ops"));
    CHECK(pair.tor.accepted() == 0);
}

TEST_CASE("a call that our own policy denies is 1, and tor hears nothing of it") {
    const Pair pair;
    const auto outcome = Caller(pair).probe({"--method", "POST", "--path", "/never"});
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.out,
               Contains("acl           FAILED: POST /never is denied by rule default-deny"));
    CHECK(pair.tor.accepted() == 0);
}

TEST_CASE("a call that the policy of the other side denies is 1 once it is asked") {
    const Pair pair;
    const auto outcome = Caller(pair).probe({"--path", "/elsewhere", "--request"});
    INFO(outcome.out);
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.out, Contains("app           FAILED: the other sidecar denies it (403)"));
}

TEST_CASE("each of tor's replies ends the probe at its step") {
    Pair pair;
    const Caller caller(pair);
    const auto [code, step] = GENERATE(table<int, std::string>({{0xF0, "descriptor"},
                                                                {0xF4, "descriptor"},
                                                                {0xF2, "introduction"},
                                                                {0xF7, "introduction"},
                                                                {0xF3, "rendezvous"},
                                                                {0x01, "port"},
                                                                {0x05, "port"},
                                                                {0x02, "tor"}}));
    pair.tor.refuse(RunningSidecar::onion(2), 81, static_cast<std::uint8_t>(code));
    const auto outcome = caller.probe();
    CAPTURE(code, outcome.out);
    CHECK(outcome.code == 69);
    const auto failed = outcome.out.find("FAILED: ");
    REQUIRE(failed != std::string::npos);
    CHECK(outcome.out.find('\n', failed) == outcome.out.size() - 1);
    const auto line = outcome.out.rfind('\n', failed) + 1;
    CHECK(outcome.out.substr(line, step.size() + 1) == step + ' ');
}

TEST_CASE("a SOCKS port that nobody listens on is named") {
    Pair pair;
    const Caller caller(pair);
    pair.tor.stop();
    const auto outcome = caller.probe();
    INFO(outcome.out);
    CHECK(outcome.code == 69);
    CHECK_THAT(outcome.out, Contains("tor           FAILED: "));
    CHECK_THAT(outcome.out, Contains("tor.socks"));
}

TEST_CASE("an answer that never comes ends with its time") {
    Pair pair;
    testing::Gate never;
    pair.tor.set_fault(FakeTor::Step::reply, {.stall = &never});
    const auto outcome = Caller(pair).probe({"--path", "/ok", "--timeout", "200ms"});
    never.open();
    CHECK(outcome.code == 69);
    CHECK_THAT(outcome.out, Contains("tor           ok\ndescriptor    FAILED: not within"));
}

TEST_CASE("who is behind the onion and not meant is told by the word of the handshake") {
    PairSetup setup;
    std::string word;
    SECTION("another service") {
        setup.callee_service = "other-service";
        word = "other_service";
    }
    SECTION("no TLS at all") {
        setup.callee_identity = "identity: listener\n";
        word = "not_tls";
    }
    const Pair pair(setup);
    const auto outcome = Caller(pair).probe();
    INFO(outcome.out);
    CHECK(outcome.code == 69);
    CHECK_THAT(outcome.out, Contains("port          ok\ntls           FAILED: "));
    CHECK_THAT(outcome.out, Contains(": " + word + "; "));
}

TEST_CASE(
    "a certificate of ours that the other side refuses is seen, behind a handshake that was fine") {
    Pair pair;
    const Caller caller(pair);
    pair.files.install("foreign", pair.files.chain.issue("ops", "api-gateway"));
    const auto others = pair.files.folder() / "others";  // the callee takes up changes of its own
    std::filesystem::create_directory(others);
    for (const auto* plane : {"ops", "chain", "wallet"})
        testing::write_file(others / (std::string(plane) + ".pem"), pair.files.chain.root(), 0644);
    auto lines = pair.files.lines("foreign");
    lines.replace(lines.find("/ca,"), 4, "/others,");
    caller.configure(pair.tor.port(), lines);
    const auto outcome = caller.probe();
    INFO(outcome.out);
    CHECK(outcome.code == 69);
    CHECK_THAT(outcome.out, Contains("tls           FAILED: the other sidecar refused"));
}

TEST_CASE("where sidecars are known by their onions the probe says that there is no TLS") {
    PairSetup setup;
    setup.callee_identity = "identity: listener\n";
    const Pair pair(setup);
    const Caller caller(pair);
    caller.configure(pair.tor.port(), "identity: listener\n");
    const auto outcome = caller.probe();
    INFO(outcome.out);
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.out, Contains("tls           ok: none"));
}

TEST_CASE("to a host outside the steps are those of any host") {
    Pair pair;
    const testing::FakeUpstream host([](const testing::Message&) { return testing::ok("hello"); });
    pair.tor.route("outside.example.com", 8443, host.port());
    const auto outcome = Caller(pair).probe({"--path", "/ok"}, "outside");
    INFO(outcome.out);
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.out, !Contains("descriptor") && !Contains("tls"));
    CHECK_THAT(outcome.out, Contains("port          ok: a stream after "));
}

TEST_CASE("machines get the same as JSON") {
    const Pair pair;
    const auto outcome = Caller(pair).probe({"--path", "/ok", "--json"});
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.out, Contains(R"({"step":"rendezvous","ok":true,"words":""})"));
    CHECK_THAT(outcome.out, EndsWith("]}\n"));
}

TEST_CASE("what no app could ask is 64") {
    const Pair pair;
    const Deployment files;
    files.write("services.yaml",
                "apiVersion: beta.directory/v1\nservices:\n  tron-payment: { "
                "plane: wallet, onion: " +
                    RunningSidecar::onion(1) + " }\n");
    for (const std::string path : {"no-slash", "/a/../b", "/a b", "/\r\nHost: x"}) {
        const auto outcome =
            beta_sidecar({"probe", "tron-payment", "-c", files.config_path(), "--path", path});
        CAPTURE(path);
        CHECK(outcome.code == 64);
        CHECK_FALSE(outcome.err.empty());
    }
}
