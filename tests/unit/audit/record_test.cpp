#include "beta/audit/record.hpp"

#include "beta/model/digest.hpp"

#include "chains.hpp"

#include <catch2/catch.hpp>

namespace beta::audit {
namespace {

TEST_CASE("a record names the one before it and ends with the hash of its own bytes") {
    const auto first = sealed(object("start", ",\"n\":1"), {}, {});
    CHECK(first.line ==
          R"({"seq":1,"previous":")" + std::string(64, '0') +
              R"(","time":"2026-01-02T03:04:05.678Z","event":"start","n":1,"hash":")" +
              first.link.hash + "\"}\n");
    const auto before_hash = first.line.substr(0, first.line.find(",\"hash\":"));
    CHECK(first.link == Link{1, model::sha256_hex(before_hash)});
    const auto second = sealed(object("stop"), first.link, {});
    CHECK(second.link.seq == 2);
    CHECK(second.line.contains("\"previous\":\"" + first.link.hash + '"'));
}

TEST_CASE("a record is read as it was sealed") {
    const auto made =
        sealed(object("denied", ",\"x\":\"a,\\\"hash\\\":\""), {41, std::string(64, 'a')}, {});
    const std::string line = made.line.substr(0, made.line.size() - 1);
    const auto record = read(line);
    REQUIRE(record);
    CHECK(record->link == made.link);
    CHECK(record->previous == std::string(64, 'a'));
    CHECK(record->time == "2026-01-02T03:04:05.678Z");
    CHECK(record->event == "denied");
    CHECK(record->rest == ",\"x\":\"a,\\\"hash\\\":\"");
    CHECK(is_whole(line, {}));
}

TEST_CASE("what has another spelling is no record") {
    const auto made = sealed(object("start"), {}, {}).line;
    const std::string line = made.substr(0, made.size() - 1);
    REQUIRE(read(line));
    const auto with = [&](const std::string& from, const std::string& to) {
        auto text = line;
        return text.replace(text.find(from), from.size(), to);
    };
    CHECK_FALSE(read(""));
    CHECK_FALSE(read(line.substr(1)));
    CHECK_FALSE(read(line + " "));
    CHECK_FALSE(read(with("\"seq\":1", "\"seq\":01")));
    CHECK_FALSE(read(with("\"seq\":1", "\"seq\":+1")));
    CHECK_FALSE(read(with("\"seq\":1", "\"seq\":99999999999999999999")));
    CHECK_FALSE(read(with("\"seq\":1", "\"seq\": 1")));
    CHECK_FALSE(read(with("previous\":\"0", "previous\":\"G")));
    CHECK_FALSE(read(with("\"time\"", "\"date\"")));
    CHECK_FALSE(read(with("start", "start" + std::string(max_line, 'x'))));
}

TEST_CASE("with a key only who has it makes and knows a whole record") {
    const Seal keyed(model::SecretText("0123456789abcdef0123456789abcdef"));
    const auto made = sealed(object("start"), {}, keyed).line;
    const std::string line = made.substr(0, made.size() - 1);
    CHECK(is_whole(line, keyed));
    CHECK_FALSE(is_whole(line, {}));
    CHECK_FALSE(is_whole(line, Seal(model::SecretText("0123456789abcdef0123456789abcdeF"))));
}

}  // namespace
}  // namespace beta::audit
