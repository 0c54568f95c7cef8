#include "beta/upstream/index_list.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <deque>
#include <random>
#include <vector>

namespace beta::upstream {
namespace {

std::vector<IndexList::Index> drain(IndexList list) {
    std::vector<IndexList::Index> order;
    while (!list.empty())
        order.push_back(list.pop_front());
    return order;
}

IndexList list_of(const std::vector<IndexList::Index>& indices) {
    IndexList list;
    for (const auto index : indices)
        list.push_back(index);
    return list;
}

TEST_CASE("a list gives its indices back in order from both ends") {
    IndexList list = list_of({7, 0, 3});
    CHECK(list.size() == 3);
    CHECK(list.front() == 7);
    CHECK(list.back() == 3);
    CHECK(list.pop_back() == 3);
    CHECK(list.pop_front() == 7);
    CHECK(list.pop_front() == 0);
    CHECK(list.empty());
}

TEST_CASE("an index is removed from the front, the middle and the back alike") {
    for (const IndexList::Index gone : {1U, 2U, 3U}) {
        IndexList list = list_of({1, 2, 3});
        list.remove(gone);
        std::vector<IndexList::Index> left{1, 2, 3};
        std::erase(left, gone);
        CHECK(drain(list) == left);
        CHECK_FALSE(list.contains(gone));
    }
}

TEST_CASE("removing what is not listed changes nothing") {
    IndexList list = list_of({1, 2});
    list.remove(0);
    list.remove(99);
    CHECK(drain(list) == std::vector<IndexList::Index>{1, 2});
}

TEST_CASE("a removed index may be listed again and then stands last") {
    IndexList list = list_of({1, 2, 3});
    list.remove(1);
    list.push_back(1);
    CHECK(drain(list) == std::vector<IndexList::Index>{2, 3, 1});
}

TEST_CASE("a list agrees with a deque over many random operations") {
    std::mt19937 random(1);
    IndexList list;
    std::deque<IndexList::Index> expected;
    for (int i = 0; i < 20'000; ++i) {
        const auto index = static_cast<IndexList::Index>(random() % 12);
        const auto found = std::find(expected.begin(), expected.end(), index);
        CHECK(list.contains(index) == (found != expected.end()));
        if (found != expected.end()) {
            list.remove(index);
            expected.erase(found);
        } else {
            list.push_back(index);
            expected.push_back(index);
        }
        REQUIRE(list.size() == expected.size());
        if (!expected.empty()) {
            REQUIRE(list.front() == expected.front());
            REQUIRE(list.back() == expected.back());
        }
    }
}

}  // namespace
}  // namespace beta::upstream
