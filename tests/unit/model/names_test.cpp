#include "beta/model/names.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <string>
#include <type_traits>

namespace beta::model {
namespace {

TEST_CASE("a lower-case DNS label is a service name") {
    const std::string longest(63, 'a');
    for (const std::string_view text :
         {std::string_view{"tron-payment"}, std::string_view{"a"}, std::string_view{"7"},
          std::string_view{"a--b"}, std::string_view{longest}}) {
        CAPTURE(text);
        const auto name = ServiceName::parse(text);
        REQUIRE(name);
        CHECK(name->view() == text);
        CHECK(name->str() == text);
    }
}

TEST_CASE("each way to miss a label has its own error") {
    CHECK(PlaneName::parse("").error() == NameError::empty);
    CHECK(PlaneName::parse(std::string(64, 'a')).error() == NameError::too_long);
    CHECK(PlaneName::parse("-ops").error() == NameError::bad_edge);
    CHECK(PlaneName::parse("ops-").error() == NameError::bad_edge);
    CHECK(PlaneName::parse("-").error() == NameError::bad_edge);
}

TEST_CASE("no character but lower-case letters, digits and dashes is accepted") {
    for (int value = 0; value < 256; ++value) {
        const char c = static_cast<char>(value);
        const bool valid = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
        const std::string text{'a', c, 'b'};
        CAPTURE(value);
        const auto name = ServiceName::parse(text);
        CHECK(name.has_value() == valid);
        if (!valid)
            CHECK(name.error() == NameError::bad_character);
    }
}

TEST_CASE("a service cannot be passed where a plane is meant") {
    STATIC_REQUIRE_FALSE(std::is_convertible_v<ServiceName, PlaneName>);
    STATIC_REQUIRE_FALSE(std::is_constructible_v<ServiceName, std::string_view>);
}

TEST_CASE("names are ordered and equal by their text") {
    CHECK(*ServiceName::parse("a") == *ServiceName::parse("a"));
    CHECK(*ServiceName::parse("a") < *ServiceName::parse("b"));
}

TEST_CASE("every name error has a sentence of its own") {
    std::set<std::string_view> sentences;
    for (const NameError error :
         {NameError::empty, NameError::too_long, NameError::bad_character, NameError::bad_edge})
        sentences.insert(sentence(error));
    CHECK(sentences.size() == 4);
}

}  // namespace
}  // namespace beta::model
