#include "beta/model/known_by.hpp"

#include <catch2/catch.hpp>

namespace beta::model {

TEST_CASE("a callee knows its caller by certificate or by listener, and by no other word") {
    for (const KnownBy one : {KnownBy::certificate, KnownBy::listener})
        CHECK(known_by(word(one)) == one);
    CHECK(word(KnownBy::certificate) == "certificate");
    CHECK(word(KnownBy::listener) == "listener");
    for (const auto* const other : {"", "Certificate", "listeners", "plane"})
        CHECK_FALSE(known_by(other).has_value());
}

}  // namespace beta::model
