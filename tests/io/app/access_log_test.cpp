// Goal: the access log goes to its file and on after a rename, both ends of a call tell of the same
// requests, and its file does not keep the sidecar's own events.
// Method: whole sidecars with logs in a folder of the test.

#include "io/proxy/line.hpp"
#include "support/eventually.hpp"
#include "support/files.hpp"
#include "support/json.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <set>
#include <string>

using namespace beta;
using namespace beta::testing;
using Catch::Contains;

namespace {

namespace fs = std::filesystem;

/// Of requests that went well, in a log that ends with a denial of /last.
std::set<std::string> paths_in(const fs::path& file) {
    eventually([&] {
        const auto text = text_of(file);
        return text.contains("\"/last\"") && text.ends_with('\n');
    });
    std::set<std::string> paths;
    for (const auto& line : lines_of(text_of(file))) {
        const auto object = parse_json(line).as_object();
        if (word(object, "url.path") == "/last")
            continue;
        CHECK(object.at("beta.sample").as_double() == 0.5);
        paths.insert(word(object, "url.path"));
    }
    return paths;
}

std::string get(const std::string& path, const std::string& fields = {}) {
    return "GET " + path + " HTTP/1.1\r\nHost: tron-payment\r\n" + fields + "\r\n";
}

}  // namespace

TEST_CASE("requests are logged in their file, which goes on in a new one after a rename") {
    const Files files;
    const auto log = files.root() / "access.log";
    FakeUpstream upstream{std::string("hello")};
    FakeTor tor;
    tor.route(RunningSidecar::onion(1), 80, upstream.port());
    RunningSidecar sidecar({.socks_port = tor.port(), .log = "file: " + log.string()});
    Client client(sidecar.egress());
    CHECK(client.ask(get("/ok/first")).status() == 200);
    eventually([&] { return text_of(log).contains("/ok/first"); });
    const auto old = files.root() / "access.log.1";
    fs::rename(log, old);
    sidecar->reopen_logs();
    eventually([&] { return fs::exists(log); });
    CHECK(client.ask(get("/ok/second")).status() == 200);
    eventually([&] { return text_of(log).contains("/ok/second"); });
    CHECK(lines_of(text_of(old)).size() == 1);
    CHECK(lines_of(text_of(log)).size() == 1);
    CHECK_FALSE(text_of(old).contains("\"sidecar\""));
}

TEST_CASE("a file that cannot be written keeps the sidecar from starting") {
    const Files files;
    CHECK_THROWS_WITH(RunningSidecar({.log = "file: " + files.root().string()}),
                      Contains("the access log cannot be written: ") && Contains("[LOG_FILE]"));
}

TEST_CASE("both ends of a call tell of the same sampled requests, by the id of the caller's app") {
    const Files files;
    const auto caller_log = files.root() / "caller.log";
    const auto called_log = files.root() / "called.log";
    const auto keys = [](const fs::path& file) {
        return "file: " + file.string() + ", sample: { ok: 50% }";
    };
    FakeUpstream app{std::string("hello")};
    FakeTor tor;
    RunningSidecar called({.app_port = app.port(),
                           .acl = "apiVersion: beta.acl/v1\nplane: wallet\nallow:\n"
                                  "  - name: in\n    from: { plane: ops }\n"
                                  "    to: { services: [tron-payment] }\n"
                                  "    paths: [/ok/**]\n",
                           .log = keys(called_log),
                           .service = "tron-payment",
                           .plane = "wallet",
                           .caller = "ops"});
    RunningSidecar caller({.socks_port = tor.port(), .log = keys(caller_log)});
    tor.route(RunningSidecar::onion(1), 80, called.ingress());
    Client client(caller.egress());
    std::set<std::string> asked;
    for (int i = 0; i < 60; ++i) {
        const auto path = "/ok/" + std::to_string(i);
        const auto id = i % 2 == 0 ? "X-Request-Id: r-" + std::to_string(i) + "\r\n" : "";
        REQUIRE(client.ask(get(path, id)).status() == 200);
        asked.insert(path);
    }
    CHECK(client.ask(get("/last")).status() == 403);
    CHECK(Client(called.ingress()).ask(get("/last")).status() == 403);
    const auto told = paths_in(caller_log);
    CHECK(told == paths_in(called_log));
    CHECK_FALSE(told.empty());
    CHECK(told != asked);
}

TEST_CASE("a share of a rule that the policy does not have is a warning") {
    RunningSidecar sidecar({.log = "sample: { rules: { out: 1%, oout: 1% } }"});
    std::string words;
    for (const auto& warning : sidecar->warnings())
        words += warning.str() + "\n";
    CHECK_THAT(words, Contains("log.sample.rules has a share of \"oout\"") &&
                          Contains("[CONFIG_SAMPLE_RULE]"));
    CHECK_FALSE(words.contains("\"out\""));
}
