#include "beta/http/problem.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace beta;
using model::Failure;

namespace {

std::string written(const http::Problem& problem) {
    std::string out;
    http::write_problem(out, problem);
    return out;
}

}  // namespace

TEST_CASE("a problem for the local app says all: Proxy-Status, detail, instance") {
    const auto out =
        written({.failure = Failure::denied, .request_id = "id1", .detail = "rule x: y"});
    CHECK(out.starts_with("HTTP/1.1 403 Forbidden\r\nContent-Type: application/problem+json\r\n"));
    CHECK(out.find("Proxy-Status: beta; error=http_request_denied; details=\"rule x: y\"\r\n") !=
          out.npos);
    CHECK(out.find(R"("status":403,"detail":"rule x: y")") != out.npos);
    CHECK(out.find(R"("instance":"id1")") != out.npos);
    CHECK(out.find("Connection: close") == out.npos);
}

TEST_CASE("a problem for a peer keeps the policy to itself") {
    const auto out = written({.failure = Failure::denied,
                              .request_id = "id1",
                              .detail = "rule x: y",
                              .full_detail = false,
                              .close = true});
    CHECK(out.find("rule") == out.npos);
    CHECK(out.find("Connection: close\r\n") != out.npos);
    CHECK(out.find(R"("instance":"id1")") != out.npos);
}

TEST_CASE("a problem's length is its body's, and HEAD gets the head alone") {
    const auto out = written({.failure = Failure::malformed, .request_id = "a"});
    const auto end = out.find("\r\n\r\n") + 4;
    const auto at = out.find("Content-Length: ") + 16;
    CHECK(std::stoul(out.substr(at)) == out.size() - end);
    CHECK(written({.failure = Failure::malformed, .request_id = "a", .to_head = true}) ==
          out.substr(0, end));
}

TEST_CASE("an answer of our own says its length, and HEAD gets the head alone") {
    http::OwnAnswer answer{.status = 202, .request_id = "id1", .body = "{}\n"};
    std::string out;
    http::write_own_answer(out, answer);
    CHECK(out ==
          "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nCache-Control: no-store\r\n"
          "Content-Length: 3\r\nX-Request-Id: id1\r\n\r\n{}\n");
    answer.to_head = answer.close = true;
    out.clear();
    http::write_own_answer(out, answer);
    CHECK(out.ends_with("Content-Length: 3\r\nX-Request-Id: id1\r\nConnection: close\r\n\r\n"));
}

TEST_CASE("hostile bytes in a detail reach neither head nor JSON") {
    const auto out = written({.failure = Failure::denied,
                              .request_id = {},
                              .detail = "a\"b\\c\r\nSet-Cookie: x\x80\x01"});
    CHECK(out.find("\r\nSet-Cookie") == out.npos);
    CHECK(out.find(R"(details="a\"b\\c??Set-Cookie: x??")") != out.npos);
    CHECK(out.find(R"(a\"b\\c\u000d\u000aSet-Cookie: x\u0080\u0001)") != out.npos);
}

TEST_CASE("every failure's status has a reason phrase of its own") {
    for (int i = 1; i < static_cast<int>(Failure::count_); ++i) {
        const auto status = model::facts(static_cast<Failure>(i)).status;
        if (status != 499)  // never sent
            CHECK(http::reason_phrase(status) != "Error");
    }
}
