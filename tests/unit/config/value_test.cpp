#include "beta/config/value.hpp"

#include <catch2/catch.hpp>

namespace beta::config {
namespace {

using namespace std::chrono_literals;

constexpr Bounds any{0, ~std::uint64_t{0}};

TEST_CASE("a count is digits") {
    CHECK(read_count({"0"}, any) == 0u);
    CHECK(read_count({"20000"}, any) == 20'000u);
    CHECK(read_count({"18446744073709551615"}, any) == ~std::uint64_t{0});
    for (const std::string_view text : {"", "-1", "+1", "01", "1_000", "1,000", "0x10", "1e3",
                                        "1.0", " 1", "1 ", "one", "18446744073709551616", "1KiB"}) {
        CAPTURE(text);
        CHECK_FALSE(read_count({text}, any).has_value());
    }
}

TEST_CASE("a size is a count of bytes, or of KiB, MiB or GiB") {
    CHECK(read_size({"512"}, any) == 512u);
    CHECK(read_size({"32KiB"}, any) == 32u * 1024);
    CHECK(read_size({"2MiB"}, any) == 2u * 1024 * 1024);
    CHECK(read_size({"1GiB"}, any) == 1u << 30);
    CHECK(read_size({"17179869183GiB"}, any).has_value());
    for (const std::string_view text : {"32KB", "32k", "32 KiB", "32kib", "KiB", "1.5MiB", "1TiB",
                                        "17179869184GiB", "-1KiB", "032KiB"}) {
        CAPTURE(text);
        CHECK_FALSE(read_size({text}, any).has_value());
    }
}

TEST_CASE("a time has a unit") {
    CHECK(read_duration({"500ms"}, any) == 500ms);
    CHECK(read_duration({"10s"}, any) == 10s);
    CHECK(read_duration({"2m"}, any) == 2min);
    CHECK(read_duration({"1h"}, any) == 1h);
    CHECK(read_duration({"0s"}, any) == 0ms);
    for (const std::string_view text :
         {"10", "", "s", "10 s", "10S", "1m30s", "1.5s", "-1s", "10sec", "5124095576030432h"}) {
        CAPTURE(text);
        CHECK_FALSE(read_duration({text}, any).has_value());
    }
}

TEST_CASE("a share is a percentage with up to four decimals, in millionths") {
    constexpr Bounds all{0, 1'000'000};
    CHECK(read_share({"0%"}, all) == 0u);
    CHECK(read_share({"1%"}, all) == 10'000u);
    CHECK(read_share({"12.5%"}, all) == 125'000u);
    CHECK(read_share({"0.0001%"}, all) == 1u);
    CHECK(read_share({"100%"}, all) == 1'000'000u);
    for (const std::string_view text : {"", "%", "1", ".5%", "1.%", "1.00001%", "100.0001%", "-1%",
                                        "01%", "1 %", "1,5%", "1.2.3%", "99999999999999999%"}) {
        CAPTURE(text);
        CHECK_FALSE(read_share({text}, all).has_value());
    }
    CHECK(read_share({"1%", true}, all).error() ==
          "must be a share from 0% to 100%, as in 1%, 0.01%; found \"1%\" in quotes");
}

TEST_CASE("a flag is true or false, and no other word of YAML 1.1") {
    CHECK(read_flag({"true"}) == true);
    CHECK(read_flag({"false"}) == false);
    for (const std::string_view text : {"", "yes", "no", "on", "off", "True", "1", "~"})
        CHECK_FALSE(read_flag({text}).has_value());
}

TEST_CASE("a word in quotes is no number, time or flag") {
    CHECK(read_count({"80", true}, any).error() ==
          "must be a number from 0 to 18446744073709551615; found \"80\" in quotes");
    CHECK_FALSE(read_size({"1KiB", true}, any).has_value());
    CHECK_FALSE(read_duration({"1s", true}, any).has_value());
    CHECK_FALSE(read_flag({"true", true}).has_value());
}

TEST_CASE("both bounds are inside, and are printed with their unit") {
    const Bounds sizes{1024, 1u << 20};
    CHECK(read_size({"1KiB"}, sizes).has_value());
    CHECK(read_size({"1MiB"}, sizes).has_value());
    CHECK_FALSE(read_size({"1023"}, sizes).has_value());
    CHECK(read_size({"1048577"}, sizes).error() ==
          "must be a size from 1KiB to 1MiB, in bytes or as in 32KiB, 1MiB, 1GiB; found "
          "\"1048577\"");
    CHECK(read_duration({"2h"}, {10, 5'400'000}).error() ==
          "must be a time from 10ms to 90m, as in 500ms, 10s, 2m, 1h; found \"2h\"");
    CHECK(read_duration({"5"}, {0, 1'000}).error().starts_with("must be a time from 0ms to 1s"));
}

TEST_CASE("what was found is printed without control characters") {
    CHECK(but_found("must be x", {"a\n\"b"}) == "must be x; found \"a\\x0a\\x22b\"");
}

}  // namespace
}  // namespace beta::config
