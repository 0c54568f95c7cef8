#include "beta/probe/health.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace beta::probe {
namespace {

using Result = Checkup::Result;

constexpr Checkup good{};
constexpr Checkup bad{.result = Result::refused};

TEST_CASE("an answer passes by its status alone, as soon as that is there") {
    struct Row {
        std::string bytes;
        Result result;
        unsigned status;
    };
    const auto row = GENERATE(values<Row>({{"HTTP/1.1 200 OK\r\n", Result::passed, 0},
                                           {"HTTP/1.1 204 ", Result::passed, 0},
                                           {"HTTP/1.0 302 Found", Result::passed, 0},
                                           {"HTTP/1.1 200\r\n", Result::passed, 0},
                                           {"HTTP/1.1 100 Continue", Result::bad_status, 100},
                                           {"HTTP/1.1 404 ", Result::bad_status, 404},
                                           {"HTTP/1.1 503 Busy", Result::bad_status, 503},
                                           {"HTTP/2", Result::not_http, 0},
                                           {"HTTP/1.1 2000", Result::not_http, 0},
                                           {"HTTP/1.1 20 OK", Result::not_http, 0},
                                           {"HTTP/1.1  200", Result::not_http, 0},
                                           {"<html>", Result::not_http, 0},
                                           {"\x16\x03\x01", Result::not_http, 0}}));
    CAPTURE(row.bytes);
    const auto checkup = checkup_of(row.bytes);
    REQUIRE(checkup);
    CHECK(checkup->result == row.result);
    CHECK(checkup->status == row.status);
}

TEST_CASE("a part of a status line says nothing yet") {
    const std::string whole = "HTTP/1.1 200 ";
    for (std::size_t size = 0; size < whole.size(); ++size)
        CHECK_FALSE(checkup_of(whole.substr(0, size)).has_value());
    CHECK(checkup_of(whole).has_value());
}

TEST_CASE("the first check that passes decides alone, one that fails does not") {
    Health health({.failures = 3, .successes = 3});
    CHECK_FALSE(health.is_up().has_value());
    CHECK_FALSE(health.heard(bad));
    CHECK_FALSE(health.heard(bad));
    CHECK_FALSE(health.is_up().has_value());
    CHECK(health.words() == "not up yet: it takes no connection");
    CHECK(health.heard(good));
    CHECK(health.is_up() == true);
    Health never({.failures = 3, .successes = 3});
    CHECK_FALSE(never.heard(bad));
    CHECK_FALSE(never.heard(bad));
    CHECK(never.heard(bad));
    CHECK(never.is_up() == false);
}

TEST_CASE("it is down after so many failures in a row, and up after so many successes") {
    Health health({.failures = 3, .successes = 2});
    CHECK(health.heard(good));
    CHECK_FALSE(health.heard(bad));
    CHECK_FALSE(health.heard(bad));
    CHECK_FALSE(health.heard(good));  // not in a row
    CHECK_FALSE(health.heard(bad));
    CHECK_FALSE(health.heard(bad));
    CHECK(health.is_up() == true);
    CHECK(health.heard(bad));
    CHECK(health.is_up() == false);
    CHECK_FALSE(health.heard(bad));
    CHECK_FALSE(health.heard(good));
    CHECK_FALSE(health.heard(bad));
    CHECK_FALSE(health.heard(good));
    CHECK(health.is_up() == false);
    CHECK(health.heard(good));
    CHECK(health.is_up() == true);
}

TEST_CASE("its words say what is wrong") {
    Health health({.failures = 2, .successes = 2});
    CHECK(health.words() == "not checked yet");
    health.heard(good);
    CHECK(health.words() == "up");
    health.heard({.result = Result::too_slow});
    CHECK(health.words() == "up, but the last check failed: it does not answer in time");
    health.heard({.result = Result::bad_status, .status = 503});
    CHECK(health.words() == "down: it answers 503");
    health.heard(good);
    CHECK(health.words() == "down: answers again, but not often enough yet");
    health.heard({.result = Result::closed});
    CHECK(health.words() == "down: it closes the connection without an answer");
    health.heard({.result = Result::not_http});
    CHECK(health.words() == "down: its answer is no HTTP/1");
    health.heard(bad);
    CHECK(health.words() == "down: it takes no connection");
}

}  // namespace
}  // namespace beta::probe
