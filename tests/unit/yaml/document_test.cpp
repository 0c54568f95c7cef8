#include "beta/yaml/document.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace beta::yaml {
namespace {

Node read(std::string_view text) {
    auto document = parse(text, "test.yaml");
    if (!document) {
        for (const auto& diagnostic : document.error())
            UNSCOPED_INFO(diagnostic.str());
        FAIL("should have been read");
    }
    return std::move(*document);
}

/// "line:column code" of each error.
std::vector<std::string> refusals(std::string_view text, const Bounds& bounds = {}) {
    const auto document = parse(text, "test.yaml", bounds);
    std::vector<std::string> out;
    if (!document)
        for (const auto& diagnostic : document.error())
            out.push_back(std::to_string(diagnostic.line) + ':' +
                          std::to_string(diagnostic.column) + ' ' + diagnostic.code);
    return out;
}

using Refusals = std::vector<std::string>;

TEST_CASE("a document becomes a tree with the places of its values") {
    const Node root = read("plane: wallet\nlist:\n  - a\n  - {b: \"80\"}\n");
    REQUIRE(root.kind == Node::Kind::map);
    REQUIRE(root.members.size() == 2);
    CHECK(root.find("plane")->scalar == "wallet");
    CHECK(root.find("plane")->line == 1);
    CHECK(root.find("plane")->column == 8);
    const Node* list = root.find("list");
    REQUIRE(list->kind == Node::Kind::sequence);
    REQUIRE(list->items.size() == 2);
    CHECK(list->items[0].line == 3);
    CHECK(list->items[0].column == 5);
    CHECK_FALSE(list->items[0].quoted);
    CHECK(list->items[1].find("b")->quoted);
    CHECK(root.find("absent") == nullptr);
}

TEST_CASE("members keep the order in which they are written") {
    const Node root = read("{z: 1, a: 2, m: 3}");
    REQUIRE(root.members.size() == 3);
    CHECK(root.members[0].first.scalar == "z");
    CHECK(root.members[1].first.scalar == "a");
    CHECK(root.members[2].first.scalar == "m");
}

TEST_CASE("words that other YAML readers turn into booleans and numbers stay words") {
    const Node root = read("[yes, on, 0x10, 1e3, 012]");
    CHECK(root.items[0].scalar == "yes");
    CHECK(root.items[2].scalar == "0x10");
    CHECK(root.items[4].scalar == "012");
}

TEST_CASE("every style of quoting is known as quoted") {
    const Node root = read("a: 'x'\nb: \"x\"\nc: |\n  x\nd: >-\n  x\ne: x\n");
    CHECK(root.find("a")->quoted);
    CHECK(root.find("b")->quoted);
    CHECK(root.find("c")->quoted);
    CHECK(root.find("d")->quoted);
    CHECK_FALSE(root.find("e")->quoted);
}

TEST_CASE("quoting is known after bytes beyond ASCII and after carriage returns") {
    const Node root = read("a: \u00e4\u20ac\U0001f512\r\nb: 'x'\r\nc: \"\u00e4\"\r\n");
    CHECK(root.find("b")->quoted);
    CHECK(root.find("c")->quoted);
    CHECK(root.find("a")->scalar == "\u00e4\u20ac\U0001f512");
}

TEST_CASE("a key without a value is null at the place of the key") {
    const Node root = read("a: 1\nempty:\nb: ~\n");
    CHECK(root.find("empty")->kind == Node::Kind::null);
    CHECK(root.find("empty")->line == 2);
    CHECK(root.find("empty")->column == 1);
    CHECK(root.find("b")->kind == Node::Kind::null);
    CHECK(root.find("b")->line == 3);
}

struct Refused {
    const char* name;
    const char* text;
    const char* expected;
};

TEST_CASE("what makes a reader guess is refused with its place") {
    const auto row = GENERATE(values<Refused>({
        {"anchor on a scalar", "a: &x 1\n", "1:4 YAML_ANCHOR"},
        {"anchor on a list", "a: &x [1]\n", "1:4 YAML_ANCHOR"},
        {"anchor on a map", "a:\n  &x {b: 1}\n", "2:3 YAML_ANCHOR"},
        {"anchor on nothing", "a: &x\n", "1:4 YAML_ANCHOR"},
        {"anchor on a key", "&x a: 1\n", "1:1 YAML_ANCHOR"},
        {"tag on a scalar", "a: !x 1\n", "1:4 YAML_TAG"},
        {"standard tag", "a: !!str 1\n", "1:4 YAML_TAG"},
        {"verbatim tag", "a: !<tag:yaml.org,2002:int> 1\n", "1:4 YAML_TAG"},
        {"the non-specific tag", "a: ! 1\n", "1:4 YAML_TAG"},
        {"the non-specific tag before quotes", "a: ! \"1\"\n", "1:4 YAML_TAG"},
        {"tag on a list", "a: !x [1]\n", "1:4 YAML_TAG"},
        {"the non-specific tag on a map", "a: ! {b: 1}\n", "1:4 YAML_TAG"},
        {"merge key", "a: 1\n<<: {b: 1}\n", "2:1 YAML_MERGE_KEY"},
        {"quoted merge key", "\"<<\": {b: 1}\n", "1:1 YAML_MERGE_KEY"},
        {"duplicate key", "a: 1\nb: 2\na: 3\n", "3:1 YAML_DUPLICATE_KEY"},
        {"duplicate key in quotes", "a: 1\n\"a\": 3\n", "2:1 YAML_DUPLICATE_KEY"},
        {"duplicate key within", "x:\n  - {a: 1, a: 1}\n", "2:12 YAML_DUPLICATE_KEY"},
        {"list as a key", "[a]: 1\n", "1:1 YAML_KEY"},
        {"map as a key", "? {a: 1}\n: 1\n", "1:3 YAML_KEY"},
        {"null as a key", "~: 1\n", "1:1 YAML_KEY"},
        {"second document", "a: 1\n---\nb: 1\n", "2:1 YAML_DOCUMENTS"},
        {"second, empty document", "a: 1\n--- {}\n", "2:1 YAML_DOCUMENTS"},
        {"no text", "", "1:1 YAML_EMPTY"},
        {"comments alone", "# nothing\n\n", "1:1 YAML_EMPTY"},
        {"byte order mark",
         "\xef\xbb\xbf"
         "a: 1\n",
         "1:1 YAML_ENCODING"},
        {"control character", "a: 1\nb: \x01\n", "2:4 YAML_ENCODING"},
        {"overlong encoding", "a: \xc0\xaf\n", "1:4 YAML_ENCODING"},
        {"overlong of three bytes", "a: \xe0\x80\xaf\n", "1:4 YAML_ENCODING"},
        {"surrogate", "a: \xed\xa0\x80\n", "1:4 YAML_ENCODING"},
        {"beyond Unicode", "a: \xf4\x90\x80\x80\n", "1:4 YAML_ENCODING"},
        {"cut sequence", "a: \xe2\x82", "1:4 YAML_ENCODING"},
        {"text that reads backwards", "a: \u202ebackwards\n", "1:4 YAML_ENCODING"},
        {"unclosed list", "a: [1, 2\n", "2:1 YAML_SYNTAX"},
        {"bad indentation", "a:\n    b: 1\n  c: 1\n", "3:3 YAML_SYNTAX"},
        {"unknown alias", "a: *x\n", "1:4 YAML_ALIAS"},
        {"version directive", "%YAML 1.2\n---\na: 1\n", "1:1 YAML_DIRECTIVE"},
        {"tag directive", "%TAG ! x:\n---\na: 1\n", "1:1 YAML_DIRECTIVE"},
        {"carriage return alone", "a: 1 # b\rc: 1\n", "1:9 YAML_ENCODING"},
        {"a tab as indentation", "a:\n\tb: 1\n", "2:1 YAML_SYNTAX"},
        {"an error after wide characters", "\u00e4: \u20ac\n\u00e4\u20ac: *x\n", "2:5 YAML_ALIAS"},
    }));
    DYNAMIC_SECTION(row.name) {
        CHECK(refusals(row.text) == Refusals{row.expected});
    }
}

TEST_CASE("NUL bytes and UTF-16 are refused before libyaml guesses an encoding") {
    CHECK(refusals(std::string_view("a: \0", 4)) == Refusals{"1:4 YAML_ENCODING"});
    CHECK(refusals(std::string_view("\xff\xfe"
                                    "a\0",
                                    4)) == Refusals{"1:1 YAML_ENCODING"});
}

TEST_CASE("every strictness error of a file is reported at once") {
    const auto found = refusals("a: &x 1\nb: *x\nc: !t 1\nc: 2\n");
    CHECK(found ==
          Refusals{"1:4 YAML_ANCHOR", "2:4 YAML_ALIAS", "3:4 YAML_TAG", "4:1 YAML_DUPLICATE_KEY"});
}

TEST_CASE("a flood of errors ends the reading") {
    std::string text;
    for (int i = 0; i < 1000; ++i)
        text += "- !x 1\n";
    CHECK(refusals(text).size() == 64);
}

TEST_CASE("bounds on size, depth and count hold exactly") {
    CHECK(refusals("a: 1", {.bytes = 4}).empty());
    CHECK(refusals("a: 12", {.bytes = 4}) == Refusals{"0:0 YAML_SIZE"});
    CHECK(refusals("[[[1]]]", {.depth = 3}).empty());
    CHECK(refusals("[[[[1]]]]", {.depth = 3}) == Refusals{"1:4 YAML_DEPTH"});
    CHECK(refusals("a: {b: [1]}", {.depth = 2}) == Refusals{"1:8 YAML_DEPTH"});
    CHECK(refusals("[1, 2, 3]", {.nodes = 4}).empty());
    CHECK(refusals("[1, 2, 3, 4]", {.nodes = 4}) == Refusals{"1:11 YAML_NODES"});
}

TEST_CASE("nesting of a million levels is refused without deep recursion") {
    const auto opener = GENERATE(values<std::string>({"[", "{a: ", "- ", "? ", "{? "}));
    std::string text;
    for (int i = 0; i < 1'000'000; ++i)
        text += opener;
    const auto document = parse(text, "deep.yaml");
    REQUIRE_FALSE(document);
    CHECK(document.error().size() == 1);
    CHECK(document.error()[0].code == "YAML_DEPTH");
}

TEST_CASE("a duplicate key names the line of the first") {
    const auto document = parse("a: 1\nb: 2\na: 3\n", "test.yaml");
    REQUIRE_FALSE(document);
    CHECK(document.error()[0].str() ==
          "test.yaml:3:1: error: duplicate key \"a\", first on line 1 [YAML_DUPLICATE_KEY]");
}

}  // namespace
}  // namespace beta::yaml
