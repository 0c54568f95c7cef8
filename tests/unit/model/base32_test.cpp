#include "beta/model/base32.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <vector>

namespace beta::model {
namespace {

std::vector<std::uint8_t> bytes_of(std::string_view text) {
    return {text.begin(), text.end()};
}

struct Row {
    std::string_view plain;
    std::string_view text;
};

// RFC 4648 §10, in lower case and without padding.
constexpr Row table[] = {{"", ""},
                         {"f", "my"},
                         {"fo", "mzxq"},
                         {"foo", "mzxw6"},
                         {"foob", "mzxw6yq"},
                         {"fooba", "mzxw6ytb"},
                         {"foobar", "mzxw6ytboi"}};

TEST_CASE("base32 is that of RFC 4648, both ways") {
    for (const auto& [plain, text] : table) {
        CAPTURE(plain);
        CHECK(base32(bytes_of(plain)) == text);
        std::vector<std::uint8_t> back(plain.size());
        REQUIRE(decode_base32(text, back));
        CHECK(back == bytes_of(plain));
    }
}

TEST_CASE("base32 has one spelling for each value") {
    std::array<std::uint8_t, 2> bytes{};
    for (const std::string_view text : {"mzxr", "MZXQ", "mzx", "mzxqa", "mzx1", "mz=="}) {
        CAPTURE(text);
        CHECK_FALSE(decode_base32(text, bytes));
    }
}

}  // namespace
}  // namespace beta::model
