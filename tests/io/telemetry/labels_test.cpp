#include "beta/telemetry/labels.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <string>

using namespace beta::telemetry;

TEST_CASE("known methods are labels of themselves, others are _OTHER") {
    for (const auto* method :
         {"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"})
        CHECK(method_label(method_index(method)) == method);
    for (const auto* method : {"", "get", "GETT", "PROPFIND", "_OTHER", "\xff"})
        CHECK(method_label(method_index(method)) == "_OTHER");
}

TEST_CASE("registered codes are labels of themselves, others are their class") {
    struct Row {
        std::uint16_t status;
        const char* label;
    };
    const auto row = GENERATE(values<Row>({{100, "100"},
                                           {200, "200"},
                                           {204, "204"},
                                           {308, "308"},
                                           {404, "404"},
                                           {431, "431"},
                                           {451, "451"},
                                           {499, "499"},
                                           {511, "511"},
                                           {199, "1xx"},
                                           {299, "2xx"},
                                           {306, "3xx"},
                                           {418, "4xx"},
                                           {599, "5xx"},
                                           {0, "_OTHER"},
                                           {99, "_OTHER"},
                                           {600, "_OTHER"},
                                           {65535, "_OTHER"}}));
    CHECK(code_label(code_index(row.status)) == row.label);
}

TEST_CASE("all sixty-five thousand codes make at most seventy labels") {
    std::set<std::string> labels;
    for (std::uint32_t status = 0; status <= 65535; ++status)
        labels.emplace(code_label(code_index(static_cast<std::uint16_t>(status))));
    CHECK(labels.size() <= 70);
}

TEST_CASE("every result of tor has a label of its own") {
    std::set<std::string> labels;
    for (std::size_t i = 0; i < static_cast<std::size_t>(TorResult::count_); ++i)
        labels.emplace(label(static_cast<TorResult>(i)));
    CHECK(labels.size() == static_cast<std::size_t>(TorResult::count_));
    CHECK(label(TorResult::ok) == "ok");
    CHECK(label(TorResult::socks_garbage) == "socks_garbage");
    CHECK(label(TorResult::count_) == "_OTHER");
}
