#include "beta/telemetry/name_table.hpp"

#include <catch2/catch.hpp>

#include <string>

using beta::telemetry::NameTable;

TEST_CASE("a name keeps its number wherever its bytes are") {
    NameTable table(100);
    const std::string one = "tron-payment";
    const std::string copy(one.begin(), one.end());
    const auto id = table.id(one);
    CHECK(table.id(copy) == id);
    CHECK(table.id("api-gateway") != id);
    CHECK(table.name(id) == "tron-payment");
}

TEST_CASE("the empty name is unknown") {
    NameTable table(100);
    CHECK(table.id("") == NameTable::unknown);
    CHECK(table.name(NameTable::unknown) == "_unknown");
}

TEST_CASE("other bytes at a known address are another name") {
    NameTable table(100);
    std::string memory = "before";
    const auto before = table.id(memory);
    memory.assign("behind");
    const auto behind = table.id(memory);
    CHECK(behind != before);
    CHECK(table.name(behind) == "behind");
    CHECK(table.id(std::string_view(memory).substr(0, 3)) != behind);  // same address, shorter
}

TEST_CASE("a thousand names are told apart") {
    NameTable table(2000);
    for (int round = 0; round < 2; ++round) {
        for (std::uint32_t i = 0; i < 1000; ++i)
            REQUIRE(table.id("service-" + std::to_string(i)) == i + 2);
    }
    CHECK(table.size() == 1002);
    for (std::uint32_t i = 0; i < 1000; ++i)
        REQUIRE(table.name(i + 2) == "service-" + std::to_string(i));
}

TEST_CASE("beyond its capacity everything new is one other") {
    NameTable table(4);
    const auto a = table.id("a");
    const auto b = table.id("b");
    CHECK(table.id("c") == NameTable::overflow);
    CHECK(table.id("d") == NameTable::overflow);
    CHECK(table.id("a") == a);
    CHECK(table.id("b") == b);
    CHECK(table.size() == 4);
    CHECK(table.name(NameTable::overflow) == "_OTHER");
}

TEST_CASE("a copy answers like the original") {
    NameTable table(100);
    const auto id = table.id("wallet");
    auto copy = table;
    CHECK(copy.id("wallet") == id);
    CHECK(copy.id("chain") == table.id("chain"));
}
