#include "beta/yaml/document.hpp"

#include <catch2/catch.hpp>

namespace beta::yaml {
namespace {

Node read(std::string_view text) {
    return parse(text, "test.yaml").value();
}

TEST_CASE("an unknown key is reported where it stands with the nearest valid word") {
    Reader reader("acl.yaml", "ACL_");
    const Node root = read("plane: a\nalow: []\n");
    CHECK(reader.expect_map(root, "the file", {"plane", "allow", "deny"}));
    CHECK(reader.failed());
    const auto diagnostics = reader.take();
    REQUIRE(diagnostics.size() == 1);
    CHECK(diagnostics[0].str() ==
          "acl.yaml:2:1: error: unknown key \"alow\" in the file; did you mean \"allow\"? "
          "Keys here: plane, allow, deny [ACL_UNKNOWN_KEY]");
}

TEST_CASE("bytes of a file never reach a message unescaped") {
    Reader reader("acl.yaml", "ACL_");
    CHECK(reader.expect_map(read("\"a\\n\\e[31m\\\"\": 1\n"), "the file", {"plane"}));
    CHECK(reader.take()[0].message ==
          "unknown key \"a\\x0a\\x1b[31m\\x22\" in the file; Keys here: plane");
    CHECK(printable(std::string(200, 'x')).size() == 83);
}

TEST_CASE("a value of the wrong kind is reported as what it is") {
    Reader reader("f", "X_");
    const Node root = read("{a: [1], b: {c: 1}, d: 1, e: }");
    CHECK_FALSE(reader.expect_map(*root.find("a"), "a", {"k"}));
    CHECK_FALSE(reader.expect_sequence(*root.find("d"), "d"));
    CHECK(reader.expect_sequence(*root.find("a"), "a"));
    CHECK(reader.word(*root.find("b"), "b").empty());
    CHECK(reader.word(*root.find("d"), "d") == "1");
    CHECK(reader.word(*root.find("e"), "e").empty());
    const auto diagnostics = reader.take();
    REQUIRE(diagnostics.size() == 4);
    CHECK(diagnostics[0].message == "a must be a map with the keys k; found a list");
    CHECK(diagnostics[1].message == "d must be a list, as in [a, b]; found a single value");
    CHECK(diagnostics[2].message == "b must be a single value; found a map");
    CHECK(diagnostics[3].message == "e must be a single value; found nothing");
    CHECK(diagnostics[3].code == "X_EXPECTED_VALUE");
}

TEST_CASE("a missing key is reported at the map that lacks it") {
    Reader reader("f", "X_");
    const Node root = read("x: 1\n");
    CHECK(reader.require(root, "x", "the file") != nullptr);
    CHECK(reader.require(root, "plane", "the file") == nullptr);
    CHECK(reader.take()[0].str() ==
          "f:1:1: error: the file lacks the key \"plane\" [X_MISSING_KEY]");
}

TEST_CASE("a warning does not fail a reader") {
    Reader reader("f", "X_");
    reader.warning(read("x: 1"), "odd", "ODD");
    CHECK_FALSE(reader.failed());
    CHECK_FALSE(model::has_errors(reader.take()));
}

TEST_CASE("the nearest word is within two edits, one for short words") {
    const std::vector<std::string_view> words{"from", "to", "methods", "paths", "name"};
    CHECK(nearest("form", words) == "from");       // neighbours exchanged
    CHECK(nearest("method", words) == "methods");  // one missing
    CHECK(nearest("pahst", words) == "paths");
    CHECK(nearest("nmae", words) == "name");
    CHECK(nearest("xyz", words).empty());
    CHECK(nearest("at", words).empty());
    CHECK(nearest("", words).empty());
    CHECK(nearest("something", words).empty());
    CHECK(nearest(std::string(10'000, 'a'), words).empty());
}

}  // namespace
}  // namespace beta::yaml
