// Goal: every denial and every change is in the audit log, whole and chained; and where it is
// required, nothing passes that it could not tell of.
// Method: a whole sidecar with its log in a folder of the test; a device that is always full.

#include "beta/audit/verifier.hpp"

#include "io/proxy/line.hpp"
#include "io/tls/pair.hpp"
#include "support/eventually.hpp"
#include "support/files.hpp"
#include "support/json.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

using namespace beta;
using namespace beta::testing;
using Catch::Contains;

namespace {

namespace fs = std::filesystem;

const std::string denied = "GET /other HTTP/1.1\r\nHost: tron-payment\r\n\r\n";

std::string allowing(const std::string& rule) {
    return "apiVersion: beta.acl/v1\nplane: ops\nallow:\n  - name: " + rule +
           "\n    to: { plane: \"*\" }\n    paths: [/ok]\n";
}

struct Audited {
    Files files;
    FakeUpstream upstream{std::string("hello")};
    FakeTor tor;
    std::optional<RunningSidecar> sidecar;

    fs::path log() const { return files.root() / "audit.log"; }
    void run(const std::string& keys = {}, const std::string& acl = {}) {
        tor.route(RunningSidecar::onion(1), 80, upstream.port());
        sidecar.emplace(SidecarSetup{.socks_port = tor.port(),
                                     .acl = acl,
                                     .extra = "audit: { file: " + log().string() + keys + " }\n"});
    }
    Message ask(const std::string& request) const { return Client(sidecar->egress()).ask(request); }
    std::string admin(const std::string& page) const {
        return Client(sidecar->admin()).ask("GET " + page + " HTTP/1.1\r\nHost: a\r\n\r\n").raw;
    }
    /// Once the log has so many of this event.
    void wait_for(const std::string& event, std::ptrdiff_t count = 1) const {
        eventually([&] { return std::ranges::count(events(), event) >= count; });
    }
    std::vector<std::string> events() const {
        std::vector<std::string> out;
        for (const auto& record : records())
            out.push_back(word(record, "event"));
        return out;
    }
    std::vector<boost::json::object> records() const {
        const auto text = text_of(log());
        std::vector<boost::json::object> out;
        for (const auto& line : lines_of(text.substr(0, text.rfind('\n') + 1)))
            out.push_back(parse_json(line).as_object());
        return out;
    }
    boost::json::object only(const std::string& event) const {
        auto all = records();
        std::erase_if(all, [&](const auto& record) { return word(record, "event") != event; });
        REQUIRE(all.size() == 1);
        return all.front();
    }
    static std::string verdict(const std::vector<fs::path>& logs) {
        audit::Verifier verifier(audit::Seal{});
        for (const auto& file : logs) {
            verifier.begin_file(file.filename().string());
            verifier.feed(text_of(file));
            verifier.end_file();
        }
        verifier.finish();
        return audit::to_text(verifier);
    }
};

}  // namespace

TEST_CASE("a denial is recorded with its rule, and what is allowed is not") {
    Audited line;
    line.run();
    CHECK(line.ask(get_ok).status() == 200);
    CHECK(line.ask("GET /ok/never/x HTTP/1.1\r\nHost: tron-payment\r\n\r\n").status() == 403);
    line.wait_for("denied");
    const auto record = line.only("denied");
    CHECK(word(record, "beta.direction") == "egress");
    CHECK(word(record, "beta.source") == "api-gateway");
    CHECK(word(record, "beta.destination") == "tron-payment");
    CHECK(word(record, "beta.plane") == "wallet");
    CHECK(word(record, "beta.rule") == "never");
    CHECK(word(record, "error.type") == "denied");
    CHECK(word(record, "url.path") == "/ok/never/x");
    CHECK(record.at("beta.enforced").as_bool());
    CHECK(record.at("http.response.status_code").to_number<int>() == 403);
    line.sidecar.reset();
    CHECK(line.events() == std::vector<std::string>{"start", "denied", "stop"});
    CHECK_THAT(Audited::verdict({line.log()}), Contains("3 whole records, 1 to 3"));
    CHECK_THAT(Audited::verdict({line.log()}), Contains("\nINTACT"));
}

TEST_CASE("a name that the directory does not have, and another's, are recorded as denials") {
    Audited line;
    line.run();
    CHECK(line.ask("GET /ok HTTP/1.1\r\nHost: nobody\r\n\r\n").status() == 403);
    CHECK(Client(line.sidecar->ingress()).ask(get_ok).status() == 421);
    CHECK(line.ask("GET /ok HTTP/1.1\r\nHost: a b\r\n\r\n").status() == 400);  // no decision
    line.wait_for("denied", 2);
    line.sidecar.reset();
    CHECK(line.events() == std::vector<std::string>{"start", "denied", "denied", "stop"});
    CHECK(word(line.records()[1], "error.type") == "unknown_destination");
    CHECK(word(line.records()[2], "error.type") == "misdirected");
}

TEST_CASE("asked for, what is allowed is recorded too") {
    Audited line;
    line.run(", allowed: true");
    CHECK(line.ask(get_ok).status() == 200);
    line.wait_for("allowed");
    CHECK(word(line.only("allowed"), "beta.rule") == "out");
}

TEST_CASE("a policy that only reports is recorded as not enforced") {
    Audited line;
    line.run({}, "apiVersion: beta.acl/v1\nplane: ops\nmode: report\nallow: []\n");
    CHECK(line.ask(get_ok).status() == 200);
    line.wait_for("denied");
    CHECK_FALSE(line.only("denied").at("beta.enforced").as_bool());
}

TEST_CASE("the start, each change of the files, a refused one and the end are recorded") {
    Audited line;
    line.run({}, allowing("first"));
    const auto start = line.only("start");
    CHECK(word(start, "service") == "api-gateway");
    CHECK(word(start, "plane") == "ops");
    CHECK(word(start, "identity") == "by listener");
    line.sidecar->write_acl(allowing("second"));
    REQUIRE((*line.sidecar)->reload());
    line.wait_for("policy");
    const auto change = line.only("policy");
    CHECK(word(change, "before") == word(start, "policy"));
    CHECK(word(change, "now") != word(start, "policy"));
    line.sidecar->write_services("apiVersion: beta.directory/v1\nservices: {}\n");
    (*line.sidecar)->reload();
    line.wait_for("directory");
    CHECK(word(line.only("directory"), "before") == word(start, "directory"));
    line.sidecar->write_acl("plane: [");
    REQUIRE_FALSE((*line.sidecar)->reload());
    line.wait_for("reload_refused");
    (*line.sidecar)->drain();
    CHECK((*line.sidecar)->wait());
    line.sidecar.reset();
    const auto all = line.records();
    CHECK(word(all[all.size() - 2], "event") == "draining");
    CHECK(word(all.back(), "event") == "stop");
    CHECK(word(all.back(), "clean") == "true");
    CHECK_THAT(Audited::verdict({line.log()}), Contains("\nINTACT"));
}

TEST_CASE("a new certificate of ours is recorded, and a caller who is revoked is a denial") {
    const Files files;
    const auto log = files.root() / "audit.log";
    Pair pair({.caller_extra = "limits: { upstream_idle: 0 }\n",
               .callee_extra = "audit: { file: " + log.string() + " }\n",
               .callee_crl = true});
    const auto says = [&](const std::string& what) {
        eventually([&] { return text_of(log).contains(what); });
    };
    pair.files.install("callee", pair.files.chain.issue("chain", "blockchain-core"));
    REQUIRE((*pair.callee)->reload());
    says("\"event\":\"identity\"");
    CHECK(pair.get().status() == 200);
    pair.files.revoke(pair.files.ops.crl({pair.caller_serial}) + pair.files.chain.crl({}));
    REQUIRE((*pair.callee)->reload());
    CHECK(pair.get().status() == 502);
    says("\"beta.handshake\":\"revoked\"");
    CHECK_THAT(Audited::verdict({log}), Contains("\nINTACT"));
}

TEST_CASE("a restart goes on with the chain, and tells of a line that a crash cut off") {
    Audited line;
    line.run();
    line.sidecar.reset();
    line.run();
    line.sidecar.reset();
    CHECK_THAT(Audited::verdict({line.log()}), Contains("4 whole records, 1 to 4"));
    std::ofstream(line.log(), std::ios::app) << R"({"seq":5,"previous":")";
    line.run();
    line.sidecar.reset();
    const auto verdict = Audited::verdict({line.log()});
    CHECK_THAT(verdict, Contains("audit.log:6:1: warning:") && Contains("[AUDIT_TORN_TOLD]"));
    CHECK_THAT(verdict, Contains("7 whole records, 1 to 7") && Contains("\nINTACT"));
}

TEST_CASE("an end that was changed while nobody wrote is recorded as broken, and stays a fault") {
    Audited line;
    line.run();
    line.sidecar.reset();
    auto text = text_of(line.log());
    text[text.rfind("\"stop\"") + 1] = 'S';
    std::ofstream(line.log(), std::ios::binary) << text;
    line.run();
    line.sidecar.reset();
    const auto verdict = Audited::verdict({line.log()});
    CHECK_THAT(verdict, Contains("audit.log:2:1: error:") && Contains("[AUDIT_CHANGED]") &&
                            Contains("NOT INTACT"));
    CHECK_THAT(text_of(line.log()), Contains("\"event\":\"broken\""));
}

TEST_CASE("a renamed log is finished, and the new one goes on with its hash") {
    Audited line;
    line.run();
    line.ask(denied);
    line.wait_for("denied");
    const auto old = line.files.root() / "audit.log.1";
    fs::rename(line.log(), old);
    (*line.sidecar)->reopen_logs();
    eventually([&] { return fs::exists(line.log()) && text_of(line.log()).ends_with('\n'); });
    line.ask(denied);
    line.wait_for("denied");
    line.sidecar.reset();
    CHECK(line.events() == std::vector<std::string>{"rotated", "denied", "stop"});
    CHECK_THAT(Audited::verdict({old, line.log()}),
               Contains("5 whole records, 1 to 5") && Contains("\nINTACT"));
    CHECK_THAT(text_of(old), Contains(word(line.records().front(), "last_hash")));
}

TEST_CASE("a log that is removed is made again, and says after which record") {
    Audited line;
    line.run();
    fs::remove(line.log());
    eventually([&] { return fs::exists(line.log()) && text_of(line.log()).ends_with('\n'); });
    CHECK(word(line.records().front(), "event") == "rotated");
    CHECK(line.records().front().at("after").to_number<int>() == 1);
}

TEST_CASE("required and on a full disk, nothing is let through until it can be written again") {
    Audited line;
    fs::create_symlink("/dev/full", line.log());
    line.run(", required: true");
    const auto answer = line.ask(get_ok);
    CHECK(answer.status() == 503);
    CHECK(answer.field("Proxy-Status").starts_with("beta; error=proxy_internal_response"));
    CHECK_THAT(answer.body, Contains("audit.required"));
    CHECK(line.ask(denied).status() == 403);
    CHECK(line.tor.accepted() == 0);
    CHECK_THAT(line.admin("/readyz?verbose"), Contains("503") && Contains("audit"));
    CHECK_THAT(line.admin("/metrics"), Contains("\nbeta_sidecar_audit_writable 0\n"));
    fs::remove(line.log());
    eventually([&] { return line.ask(get_ok).status() == 200; });
    line.wait_for("denied");
    line.sidecar.reset();
    CHECK(line.events().front() == "start");
    CHECK_THAT(Audited::verdict({line.log()}), Contains("\nINTACT"));
}

TEST_CASE("required and its folder gone, requests are refused until it is there again") {
    Audited line;
    fs::create_directories(line.files.root() / "there");
    fs::create_directory_symlink("there", line.files.root() / "link");
    line.tor.route(RunningSidecar::onion(1), 80, line.upstream.port());
    line.sidecar.emplace(SidecarSetup{.socks_port = line.tor.port(),
                                      .extra = "audit: { required: true, file: " +
                                               (line.files.root() / "link/audit.log").string() +
                                               " }\n"});
    CHECK(line.ask(get_ok).status() == 200);
    fs::remove_all(line.files.root() / "there");
    eventually([&] { return line.ask(get_ok).status() == 503; });
    fs::create_directories(line.files.root() / "there");
    eventually([&] { return line.ask(get_ok).status() == 200; });
}

TEST_CASE("required and a pipe that nobody reads, requests are refused until somebody does") {
    Audited line;
    REQUIRE(::mkfifo(line.log().c_str(), 0600) == 0);
    line.run(", required: true");
    CHECK(line.ask(get_ok).status() == 503);
    const int reader = ::open(line.log().c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    REQUIRE(reader >= 0);
    eventually([&] { return line.ask(get_ok).status() == 200; });
    std::string room(4096, '\0');
    const auto got = ::read(reader, room.data(), room.size());
    REQUIRE(got > 0);
    CHECK_THAT(room.substr(0, static_cast<std::size_t>(got)), Contains("\"event\":\"start\""));
    ::close(reader);
}

TEST_CASE("not required, a full disk stops nothing, and what is lost is a number in the chain") {
    Audited line;
    fs::create_symlink("/dev/full", line.log());
    line.run(", queue_records: 16");
    CHECK(line.ask(get_ok).status() == 200);
    for (int i = 0; i < 40; ++i)
        REQUIRE(line.ask(denied).status() == 403);
    eventually([&] {
        const auto metrics = line.admin("/metrics");
        return !metrics.contains("\nbeta_sidecar_audit_dropped_total 0\n");
    });
    fs::remove(line.log());
    line.wait_for("gap");
    line.sidecar.reset();
    CHECK(line.only("gap").at("lost").to_number<int>() > 0);
    CHECK(std::ranges::count(line.events(), "denied") +
              line.only("gap").at("lost").to_number<int>() ==
          40);
    CHECK_THAT(Audited::verdict({line.log()}), Contains("\nINTACT"));
}

TEST_CASE("a second sidecar does not write the log of another, and takes it over at its end") {
    Audited line;
    line.run();
    RunningSidecar second(
        {.extra = "audit: { required: true, file: " + line.log().string() + " }\n"});
    CHECK_THAT(Client(second.egress()).ask(get_ok).body, Contains("audit.required"));
    line.sidecar.reset();
    line.wait_for("start", 2);
    CHECK_THAT(Audited::verdict({line.log()}), Contains("\nINTACT"));
}
