#include "beta/trace/answer.hpp"

#include <catch2/catch.hpp>

using namespace beta::trace;
using namespace std::chrono_literals;
using Verdict = Answer::Verdict;

TEST_CASE("only those answers are worth another try that OTLP names") {
    using Statuses = std::initializer_list<std::uint16_t>;
    for (const auto status : Statuses{429, 502, 503, 504})
        CHECK(verdict_of(status) == Verdict::later);
    for (const auto status : Statuses{200, 202, 204})
        CHECK(verdict_of(status) == Verdict::taken);
    for (const auto status : Statuses{301, 400, 401, 403, 404, 413, 500, 501})
        CHECK(verdict_of(status) == Verdict::refused);
}

TEST_CASE("the number of rejected spans is read, as a word or as a number") {
    CHECK(rejected_spans(R"({"partialSuccess":{"rejectedSpans":"12","errorMessage":"no"}})") == 12);
    CHECK(rejected_spans("{\"partialSuccess\": {\n \"rejectedSpans\" : 7 }}") == 7);
    CHECK(rejected_spans(R"({"partialSuccess":{"rejectedSpans":"99999999999"}})") == ~0u);
    for (const char* const none :
         {"", "{}", R"({"partialSuccess":{}})", R"("rejectedSpans")", R"("rejectedSpans":)",
          R"({"partialSuccess":{"errorMessage":"\"rejectedSpans\":5"}})",
          R"({"partialSuccess":{"rejectedSpans":-3}})"})
        CHECK(rejected_spans(none) == 0);
}

TEST_CASE("Retry-After is taken in seconds, up to an hour") {
    CHECK(retry_after("0") == 0s);
    CHECK(retry_after("17") == 17s);
    CHECK(retry_after("86400") == 3'600s);
    CHECK(retry_after("99999999999999") == 3'600s);
    for (const char* const other : {"", "Wed, 21 Oct 2026 07:28:00 GMT", "-1", "1.5", "1 "})
        CHECK(retry_after(other) == 0s);
}
