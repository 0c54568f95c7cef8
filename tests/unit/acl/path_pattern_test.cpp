#include "beta/acl/path_pattern.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace beta::acl {
namespace {

struct Match {
    const char* pattern;
    const char* path;
    bool matches;
};

TEST_CASE("a pattern matches segment by segment") {
    const auto row = GENERATE(values<Match>({
        {"/a/b", "/a/b", true},
        {"/a/b", "/a/B", false},  // case counts
        {"/a/b", "/a/bb", false},
        {"/a/b", "/a", false},
        {"/a/b", "/a/b/c", false},
        {"/a/b", "/a/b/", false},  // the trailing slash counts
        {"/a/b/", "/a/b/", true},
        {"/a/b/", "/a/b", false},
        {"/", "/", true},
        {"/", "/a", false},
        {"/*", "/a", true},
        {"/*", "/", false},  // a star is never an empty segment
        {"/a/*", "/a/", false},
        {"/a/*", "/a/b", true},
        {"/a/*", "/a/b/", false},
        {"/a/*/", "/a/b/", true},
        {"/a/*", "/a/b/c", false},
        {"/*/b", "/a/b", true},
        {"/*/b", "/b", false},
        {"/**", "/", true},
        {"/**", "/a/b/c", true},
        {"/a/**", "/a", true},  // any number of segments, none included
        {"/a/**", "/a/", true},
        {"/a/**", "/a/b/c/", true},
        {"/a/**", "/ab", false},
        {"/a/**", "/", false},
        {"/a/*/**", "/a", false},
        {"/a/*/**", "/a/", false},
        {"/a/*/**", "/a/b", true},
        {"/*", "/-._~!$&'()*+,=:@", true},  // CVE-2025-46821: every legal pchar matches a star
        {"/%2A", "/*", true},
        {"/a:b", "/a%3Ab", true},  // one character, two spellings
        {"/a%3ab", "/a:b", true},
        {"/%C3%A4", "/%c3%a4", true},
        {"/a%20b", "/a%20b", true},
        {"/a%20b", "/a%21b", false},
    }));
    DYNAMIC_SECTION(row.pattern << " and " << row.path) {
        CHECK(PathPattern::parse(row.pattern).value().matches(row.path) == row.matches);
    }
}

TEST_CASE("the pattern of everything matches no path that is not canonical") {
    const auto path = GENERATE(values<std::string>({"",
                                                    "a",
                                                    "//",
                                                    "/a//b",
                                                    "/.",
                                                    "/..",
                                                    "/a/./b",
                                                    "/a/../b",
                                                    "/a/..",
                                                    "/%2e%2e/a",
                                                    "/a%2fb",
                                                    "/a%5Cb",
                                                    "/a%00",
                                                    "/a;b",
                                                    "/a%3Bb",
                                                    "/a?b",
                                                    "/a%3Fb",
                                                    "/a#b",
                                                    "/a%23b",
                                                    "/a\\b",
                                                    "/a b",
                                                    "/a%",
                                                    "/a%2",
                                                    "/a%zz",
                                                    "/a%2525",
                                                    "/a%7f",
                                                    "/a%0a",
                                                    "/%61",
                                                    "/%c0%af",
                                                    "/%e0%80",
                                                    "/%ed%a0%80",
                                                    "/%e2%82",
                                                    "/%80",
                                                    "/%e2%82x",
                                                    "/%f4%90%80%80",
                                                    "/%c3/%a4",
                                                    "/%f5%80%80%80",
                                                    "/\xe2\x82\xac",
                                                    std::string("/a\0b", 4)}));
    DYNAMIC_SECTION("path " << path) {
        CHECK_FALSE(PathPattern::parse("/**").value().matches(path));
        CHECK_FALSE(PathPattern::parse(path));
    }
}

struct Refused {
    const char* text;
    PatternError error;
};

TEST_CASE("a pattern that could be read in two ways is refused") {
    const auto row = GENERATE(values<Refused>({
        {"", PatternError::no_leading_slash},
        {"*", PatternError::no_leading_slash},
        {"a/b", PatternError::no_leading_slash},
        {"/a*", PatternError::star_in_segment},
        {"/*a", PatternError::star_in_segment},
        {"/***", PatternError::star_in_segment},
        {"/a/**/b", PatternError::deep_not_last},
        {"/**/", PatternError::deep_not_last},
        {"/**/**", PatternError::deep_not_last},
        {"/a//b", PatternError::not_canonical},
        {"/a?x", PatternError::not_canonical},
        {"/[a-z]+", PatternError::not_canonical},
        {"/{id}", PatternError::not_canonical},
        {"/\xc3\xa4", PatternError::not_canonical},
    }));
    DYNAMIC_SECTION(row.text) {
        const auto pattern = PathPattern::parse(row.text);
        REQUIRE_FALSE(pattern);
        CHECK(pattern.error() == row.error);
        CHECK(sentence(row.error).size() > 10);
    }
}

std::string repeated(const std::string& piece, int times) {
    std::string out;
    for (int i = 0; i < times; ++i)
        out += piece;
    return out;
}

TEST_CASE("a pattern has at most 32 segments, a path any number") {
    CHECK(PathPattern::parse(repeated("/a", 32)));
    CHECK(PathPattern::parse(repeated("/a", 33)).error() == PatternError::too_many_segments);
    const auto longest = PathPattern::parse(repeated("/a", 32)).value();
    CHECK(longest.matches(repeated("/a", 32)));
    CHECK_FALSE(longest.matches(repeated("/a", 33)));
    CHECK(PathPattern::parse("/a/**").value().matches(repeated("/a", 4000)));
    const auto deep = PathPattern::parse(repeated("/a", 31) + "/**").value();
    CHECK(deep.matches(repeated("/a", 31)));
    CHECK(deep.matches(repeated("/a", 33)));
}

TEST_CASE("a segment that is longer than any literal matches stars alone") {
    const std::string longest(255, 'a');
    CHECK(PathPattern::parse("/" + longest).value().matches("/" + longest));
    CHECK(PathPattern::parse("/" + longest + "a").error() == PatternError::segment_too_long);
    CHECK(PathPattern::parse("/*").value().matches("/" + longest + longest));
    CHECK_FALSE(PathPattern::parse("/" + longest).value().matches("/" + repeated("%C3%A4", 200)));
    CHECK(PathPattern::parse("/*").value().matches("/" + repeated("%C3%A4", 200)));
}

}  // namespace
}  // namespace beta::acl
