#include "beta/audit/tail.hpp"

#include "chains.hpp"

#include <catch2/catch.hpp>

namespace beta::audit {
namespace {

const std::string now = "2026-01-02T03:04:06.000Z";

TEST_CASE("a whole log is gone on with from its last record") {
    Link link;
    const auto text = joined(chain(3, link));
    const auto tail = tail_of(text, true, {});
    CHECK(tail.last == link);
    CHECK(tail.left.empty());
}

TEST_CASE("an empty file begins a chain") {
    const auto tail = tail_of("", true, {});
    CHECK_FALSE(tail.last);
    CHECK(tail.left.empty());
}

TEST_CASE("wherever a crash cut the last line, the record before it is gone on with") {
    Link link;
    const auto lines = chain(3, link);
    const auto whole = lines[0] + lines[1];
    for (std::size_t cut = 1; cut + 1 < lines[2].size(); ++cut) {
        const auto text = whole + lines[2].substr(0, cut);
        const auto tail = tail_of(text, true, {});
        REQUIRE(tail.last);
        CHECK(tail.last->seq == 2);
        CHECK(tail.left == lines[2].substr(0, cut));
        // The record that tells of it makes the log whole again, and is the only thing to note.
        const auto told = sealed(remark(tail, now), *tail.last, {});
        CHECK(findings(verified({text + '\n' + told.line})) == "a:4 TORN_TOLD");
    }
}

TEST_CASE("a record that lacks but its line feed is whole") {
    Link link;
    auto text = joined(chain(3, link));
    text.pop_back();
    const auto tail = tail_of(text, true, {});
    CHECK(tail.last == link);
    CHECK(tail.left.empty());
    CHECK(tail.lacks_feed);
    CHECK(findings(verified({text + '\n' + sealed(object("start"), link, {}).line})).empty());
}

TEST_CASE("a log of nothing but a torn line begins a chain that tells of it") {
    const std::string text = "{\"seq\":1,\"prev";
    const auto tail = tail_of(text, true, {});
    CHECK_FALSE(tail.last);
    const auto told = sealed(remark(tail, now), {}, {});
    CHECK(findings(verified({text + '\n' + told.line})) == "a:2 TORN_TOLD");
}

TEST_CASE("a torn line that is changed after it was told of is found") {
    Link link;
    const auto lines = chain(2, link);
    const std::string torn = "{\"seq\":3,\"prev";
    const auto tail_text = joined(lines) + torn;
    const auto told = sealed(remark(tail_of(tail_text, true, {}), now), link, {});
    CHECK(findings(verified({joined(lines) + "{\"seq\":3,\"pre\n" + told.line})) ==
          "a:3 NO_RECORD");
}

TEST_CASE("a last line that was changed is told of as broken, and stays a fault") {
    Link link;
    auto lines = chain(3, link);
    lines[2][lines[2].find("denied")] = 'D';
    const auto text = joined(lines);
    const auto tail = tail_of(text, true, {});
    REQUIRE(tail.last);
    CHECK(tail.last->seq == 2);
    CHECK(tail.left == lines[2]);
    const auto told = sealed(remark(tail, now), *tail.last, {});
    CHECK(told.line.contains("\"event\":\"broken\""));
    CHECK(findings(verified({text + told.line})) == "a:3 CHANGED");
}

TEST_CASE(
    "the end of a long file is enough, and a line whose beginning was not read is not taken") {
    Link link;
    const auto lines = chain(3, link);
    const auto text = joined(lines).substr(1);
    CHECK(tail_of(text, false, {}).last == link);
    const auto end = lines[2].substr(1);
    CHECK_FALSE(tail_of(end, false, {}).last);
    CHECK(tail_of(end, false, {}).left == end);
}

}  // namespace
}  // namespace beta::audit
