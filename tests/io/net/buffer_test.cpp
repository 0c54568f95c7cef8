#include "beta/net/buffer.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <string_view>

using beta::net::BlockPool;
using beta::net::Buffer;

namespace {

void put(Buffer& buffer, std::string_view text) {
    const auto room = buffer.room();
    REQUIRE(room.size() >= text.size());
    std::ranges::copy(text, room.begin());
    buffer.commit(text.size());
}

}  // namespace

TEST_CASE("a buffer holds a block only while it holds bytes") {
    BlockPool pool(16);
    Buffer buffer(pool);
    CHECK(pool.outstanding() == 0);
    put(buffer, "abc");
    CHECK(pool.outstanding() == 1);
    buffer.release_if_empty();
    CHECK(pool.outstanding() == 1);
    buffer.consume(3);
    buffer.release_if_empty();
    CHECK(pool.outstanding() == 0);
}

TEST_CASE("a buffer finds room by moving what is left to the front") {
    BlockPool pool(16);
    Buffer buffer(pool);
    put(buffer, "0123456789abcdef");
    CHECK(buffer.full());
    CHECK(buffer.room().empty());
    buffer.consume(10);
    CHECK(buffer.room().size() == 10);
    CHECK(buffer.data() == "abcdef");
    put(buffer, "0123456789");
    CHECK(buffer.data() == "abcdef0123456789");
}

TEST_CASE("the block given back last is used next") {
    BlockPool pool(16);
    auto first = pool.take();
    auto second = pool.take();
    const char* const warm = second.get();
    pool.give(std::move(first));
    pool.give(std::move(second));
    CHECK(pool.take().get() == warm);
}
