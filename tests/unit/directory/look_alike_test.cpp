#include "beta/directory/look_alike.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace beta::directory {
namespace {

bool alike(std::string_view a, std::string_view b) {
    const std::vector<std::string_view> names{a, b};
    const std::vector<std::string_view> reversed{b, a};
    const bool found = !look_alikes(names).empty();
    CHECK(found == !look_alikes(reversed).empty());
    return found;
}

TEST_CASE("names that differ in characters of one look are alike") {
    CHECK(alike("wallet", "wal1et"));
    CHECK(alike("wallet", "wa11et"));  // two edits
    CHECK(alike("tor", "t0r"));
    CHECK(alike("node-o", "node-0"));
    CHECK(alike("modem", "modern"));
    CHECK(alike("vvallet", "wallet"));
    CHECK(alike("cloud", "doud"));
    CHECK(alike("ledger-s", "ledger-5"));
    CHECK(alike("bill", "blll"));
}

TEST_CASE("names one edit apart are alike") {
    CHECK(alike("tron-payment", "tron-paymemt"));  // replaced
    CHECK(alike("tron-payment", "tronpayment"));   // removed
    CHECK(alike("tron-payment", "tron-payments"));
    CHECK(alike("tron-payment", "xtron-payment"));
    CHECK(alike("tron-payment", "tron-payemnt"));  // neighbours exchanged
    CHECK(alike("tron-payment", "rton-payment"));
    CHECK(alike("tron-payment", "tron-paymetn"));
}

TEST_CASE("names two edits apart are not alike") {
    CHECK_FALSE(alike("tron-payment", "tron-paymemts"));
    CHECK_FALSE(alike("tron-payment", "trn-paymen"));
    CHECK_FALSE(alike("abcde", "bcdef"));  // both lose one character and meet
    CHECK_FALSE(alike("abcdef", "acbdfe"));
    CHECK_FALSE(alike("api-gateway", "tron-payment"));
}

TEST_CASE("members of a numbered family are not alike, but their families may be") {
    CHECK_FALSE(alike("node-1", "node-2"));
    CHECK_FALSE(alike("node-9", "node-10"));
    CHECK_FALSE(alike("node-1-b", "node-2-b"));
    CHECK(alike("node-1", "nodes-2"));
    CHECK(alike("node-1", "node-l"));
}

TEST_CASE("a large family does not crowd out others that meet it") {
    std::vector<std::string> texts;
    for (int i = 0; i < 40; ++i)
        texts.push_back("abcde-" + std::to_string(i));
    texts.insert(texts.end(), {"bcdex-1", "bcdef-1"});
    const std::vector<std::string_view> names(texts.begin(), texts.end());
    const auto pairs = look_alikes(names);
    REQUIRE(pairs.size() == 1);
    CHECK(pairs[0].earlier == 40);
    CHECK(pairs[0].later == 41);
}

TEST_CASE("among names of three characters one edit says nothing") {
    CHECK_FALSE(alike("ops", "ups"));
    CHECK(alike("ops", "0ps"));
}

TEST_CASE("each later name is reported once, with an earlier one") {
    const std::vector<std::string_view> names{"payment", "gateway", "paymemt", "paymennt"};
    const auto pairs = look_alikes(names);
    REQUIRE(pairs.size() == 2);
    CHECK(pairs[0].later == 2);
    CHECK(pairs[0].earlier == 0);
    CHECK(pairs[1].later == 3);
    CHECK(pairs[1].earlier == 0);
}

TEST_CASE("thousands of names take time in proportion, also when all are alike") {
    std::vector<std::string> texts;
    const std::string letters = "abcdefghijklmnopqrstuvwxyz";
    for (const char a : letters) {
        for (const char b : letters) {
            for (const char c : letters.substr(0, 5))
                texts.push_back(std::string("very-long-name-of-a-service-") + a + b + c);
        }
    }
    REQUIRE(texts.size() == 3'380);
    const std::vector<std::string_view> names(texts.begin(), texts.end());
    const auto began = std::chrono::steady_clock::now();
    const auto pairs = look_alikes(names);
    const auto took = std::chrono::steady_clock::now() - began;
    CHECK(pairs.size() > 3'000);
    CHECK(took < std::chrono::seconds(2));  // generous: tens of milliseconds alone
}

}  // namespace
}  // namespace beta::directory
