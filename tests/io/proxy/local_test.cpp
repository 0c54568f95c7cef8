// Goal: the app asks its own sidecar at beta.internal, and not one byte of it leaves the machine.
// Method: raw requests on the egress listener; what it says, what it counts, what SOCKS saw.

#include "io/proxy/line.hpp"
#include "support/json.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace beta::testing;

namespace {

const std::string host = "Host: beta.internal\r\n";
const std::string whoami = "GET /v1/whoami HTTP/1.1\r\n" + host + "\r\n";
const std::string post = "POST /v1/logs HTTP/1.1\r\n" + host;
const std::string objects = "Content-Type: application/x-ndjson\r\n";

std::string logs(const std::string& body, const std::string& fields = objects) {
    return post + fields + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

boost::json::object object_of(const Message& answer) {
    return parse_json(answer.body).as_object();
}

std::string metrics(const RunningSidecar& sidecar) {
    return Client(sidecar.admin()).ask("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n").body;
}

bool has_line(const std::string& text, const std::string& line) {
    return ('\n' + text).find('\n' + line + '\n') != std::string::npos;
}

}  // namespace

TEST_CASE("the app learns who it is, whichever way it names its sidecar") {
    const auto request = GENERATE(values<std::string>(
        {whoami, "GET http://beta.internal/v1/whoami HTTP/1.1\r\n" + host + "\r\n",
         "GET /v1/whoami?a=b HTTP/1.1\r\nHost: Beta.Internal.:80\r\n\r\n"}));
    DYNAMIC_SECTION(request) {
        Line line;
        const auto answer = line.client.ask(request);
        CHECK(answer.status() == 200);
        CHECK(answer.field("Content-Type") == "application/json");
        const auto page = object_of(answer);
        CHECK(word(page, "service") == "api-gateway");
        CHECK(word(page, "plane") == "ops");
        CHECK(word(page, "identity") == "listener");
        CHECK(word(page, "policy") == "enforce");
        CHECK_FALSE(word(page, "version").empty());
        CHECK_FALSE(page.contains("certificate_days_left"));
        CHECK(line.tor.accepted() == 0);
    }
}

TEST_CASE("the app learns whom it may call, and no address of anybody") {
    Line line;
    const auto answer = line.client.ask("GET /v1/services HTTP/1.1\r\n" + host + "\r\n");
    CHECK(answer.status() == 200);
    CHECK(answer.body.find(".onion") == std::string::npos);
    std::string said;
    const auto page = object_of(answer);
    for (const auto& entry : page.at("services").as_array()) {
        const auto& service = entry.as_object();
        said += word(service, "name") + ' ' + word(service, "call") + ' ' +
                (service.at("plane").is_null() ? "outside" : word(service, "plane")) + '\n';
    }
    CHECK(said.find("tron-payment limited wallet\n") != std::string::npos);
    CHECK(page.at("left_out").as_int64() == 0);
    CHECK(line.tor.accepted() == 0);
}

TEST_CASE("an answer names no more services than the limit, and says how many it left out") {
    Line line("limits: { app_services: 1 }\n");
    const auto page = object_of(line.client.ask("GET /v1/services HTTP/1.1\r\n" + host + "\r\n"));
    CHECK(page.at("services").as_array().size() == 1);
    CHECK(page.at("left_out").as_int64() >= 1);
}

TEST_CASE("what is told is what is in force") {
    Line line;
    line.sidecar.write_acl("apiVersion: beta.acl/v1\nplane: ops\nmode: report\nallow: []\n");
    REQUIRE(line.sidecar->reload());
    CHECK(word(object_of(line.client.ask(whoami)), "policy") == "report");
}

TEST_CASE("the connection goes on after each answer, also to HEAD and to a line that is refused") {
    Line line(FakeUpstream::Handler([](const Message&) { return ok("hello"); }));
    line.client.send(logs("{\"a\":1}\n{\"b\":2}\n"));
    CHECK(line.client.response().body == "{\"taken\":2}\n");
    line.client.send("HEAD /v1/whoami HTTP/1.1\r\n" + host + "\r\n");
    const auto head = line.client.response(true);
    CHECK(head.status() == 200);
    CHECK(head.field("Content-Length") != "0");
    line.client.send(logs("{}\nx\n"));
    CHECK(line.client.response().status() == 400);
    line.client.send(get_ok + whoami + logs("hello\n", "Content-Type: text/plain\r\n"));
    CHECK(line.client.response().body == "hello");
    CHECK(line.client.response().status() == 200);
    CHECK(line.client.response().status() == 202);
    line.client.send(logs("{}", "Content-Type: text/html\r\n"));
    CHECK(line.client.response().status() == 415);  // before its body is read: no request follows
}

TEST_CASE("lines are taken however their body is framed and cut") {
    Line line;
    line.client.send_byte_by_byte(
        post + objects +
        "Transfer-Encoding: chunked\r\n\r\n"
        "3;x=y\r\n{\"a\r\n9\r\n\":\"b\"}\n{}\r\n1\r\n\n\r\n0\r\nX-Sum: 1\r\n\r\n" +
        logs("{\"a\":1}", "Content-Type: application/json; charset=utf-8\r\n"));
    CHECK(line.client.response().body == "{\"taken\":2}\n");
    CHECK(line.client.response().body == "{\"taken\":1}\n");
}

TEST_CASE("who waits for 100 before it sends is told to go on, or why not") {
    Line line;
    const std::string expects = "Expect: 100-continue\r\n";
    line.client.send(post + objects + expects + "Content-Length: 2\r\n\r\n");
    CHECK(line.client.until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
    line.client.send("{}");
    CHECK(line.client.response().status() == 202);
    line.client.send("POST /v1/else HTTP/1.1\r\n" + host + expects + "Content-Length: 2\r\n\r\n");
    CHECK(line.client.response().status() == 404);
    CHECK(line.client.end() == Client::End::closed);
}

TEST_CASE("a wrong line refuses the batch, and the answer says which and why") {
    Line line;
    const auto answer = line.client.ask(logs("{}\n{\"a\":}\n"));
    CHECK(answer.status() == 400);
    CHECK(answer.field("Content-Type") == "application/problem+json");
    CHECK(word(object_of(answer), "error") == "log_malformed");
    CHECK(word(object_of(answer), "detail").find("line 2: not JSON") != std::string::npos);
    CHECK(word(object_of(answer), "detail").find("nothing of this request was taken") !=
          std::string::npos);
    const auto text = metrics(line.sidecar);
    CHECK(has_line(text, "beta_sidecar_app_log_lines_total{result=\"malformed\"} 2"));
    CHECK(has_line(text, "beta_sidecar_app_log_lines_total{result=\"taken\"} 0"));
}

TEST_CASE("what is not there, not so asked, or not so written has its own answer") {
    struct Row {
        std::string request;
        int status;
        std::string field;
        std::string value;
    };
    const auto row = GENERATE_REF(values<Row>(
        {{"GET / HTTP/1.1\r\n" + host + "\r\n", 404, "Allow", ""},
         {"GET /v1/logs HTTP/1.1\r\n" + host + "\r\n", 405, "Allow", "POST"},
         {"DELETE /v1/whoami HTTP/1.1\r\n" + host + "\r\n", 405, "Allow", "GET, HEAD"},
         {logs("{}", ""), 415, "Accept-Post", "application/json, application/x-ndjson, text/plain"},
         {logs("{}", objects + "Content-Encoding: gzip\r\n"), 415, "Allow", ""}}));
    DYNAMIC_SECTION(row.request) {
        Line line;
        const auto answer = line.client.ask(row.request);
        CHECK(answer.status() == row.status);
        CHECK(answer.field(row.field) == row.value);
        CHECK(line.tor.accepted() == 0);
    }
}

TEST_CASE("a body beyond the limit is refused by its length, or as soon as it is too long") {
    Line line("limits: { app_log_bytes: 1KiB }\n");
    const std::string more(1025, ' ');
    SECTION("by its length, before a byte of it") {
        line.client.send(post + objects + "Expect: 100-continue\r\nContent-Length: 1025\r\n\r\n");
    }
    SECTION("in chunks") {
        line.client.send(post + objects + "Transfer-Encoding: chunked\r\n\r\n401\r\n" + more);
    }
    const auto answer = line.client.response();
    CHECK(answer.status() == 413);
    CHECK(answer.body.find("limits.app_log_bytes (1024)") != std::string::npos);
    CHECK(line.client.end() == Client::End::closed);
}

TEST_CASE("a body as long as the limit is taken") {
    Line line("limits: { app_log_bytes: 1KiB }\n");
    CHECK(line.client.ask(logs("{}" + std::string(1022, ' '))).status() == 202);
}

TEST_CASE("lines beyond the rate are refused whole, and the answer says when to come back") {
    Line line("limits: { app_log_rate: 1 }\n");
    std::string batch;
    for (int i = 0; i < 3'600; ++i)
        batch += "{}\n";
    CHECK(line.client.ask(logs(batch)).status() == 202);
    const auto refused = line.client.ask(logs("{}\n{}\n"));
    CHECK(refused.status() == 429);
    CHECK(std::stoi(refused.field("Retry-After")) > 60);
    CHECK(
        has_line(metrics(line.sidecar), "beta_sidecar_app_log_lines_total{result=\"limited\"} 2"));
    CHECK(line.client.ask(whoami).status() == 200);
}

TEST_CASE("what the sidecar answers itself is counted as such, and as no decision") {
    Line line;
    CHECK(line.client.ask(whoami).status() == 200);
    CHECK(line.client.ask("GET /x HTTP/1.1\r\n" + host + "\r\n").status() == 404);
    const auto text = metrics(line.sidecar);
    const std::string series =
        "beta_sidecar_requests_total{direction=\"egress\",source=\"api-gateway\","
        "destination=\"beta.internal\",plane=\"ops\",method=\"GET\",code=";
    CHECK(has_line(text, series + "\"200\",verdict=\"none\"} 1"));
    CHECK(has_line(text, series + "\"404\",verdict=\"none\"} 1"));
    CHECK(has_line(text, "beta_sidecar_rejects_total{reason=\"page_unknown\"} 1"));
    CHECK(text.find("beta_sidecar_rejects_total{reason=\"none\"}") == std::string::npos);
    CHECK(has_line(text,
                   "beta_sidecar_acl_decisions_total{direction=\"egress\",decision=\"allow\","
                   "enforced=\"true\"} 0"));
}

TEST_CASE("nobody but the local app may ask, and no tunnel leads there") {
    Line line;
    CHECK(Client(line.sidecar.ingress()).ask(whoami).status() == 421);
    CHECK(Client(line.sidecar.egress())
              .ask("CONNECT beta.internal:80 HTTP/1.1\r\nHost: beta.internal:80\r\n\r\n")
              .status() == 403);
    CHECK(line.client.ask("GET /v1/whoami HTTP/1.1\r\nHost: x.beta.internal\r\n\r\n").status() ==
          403);
    CHECK(line.tor.accepted() == 0);
}
