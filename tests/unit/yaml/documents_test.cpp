#include "beta/yaml/documents.hpp"

#include <catch2/catch.hpp>

namespace beta::yaml {
namespace {

TEST_CASE("several documents are read where they are asked for, up to a bound") {
    const auto all = parse_all("a: 1\n---\n---\n- b\n", "test.yaml", {}, 3);
    REQUIRE(all);
    REQUIRE(all->size() == 3);
    CHECK((*all)[0].find("a")->scalar == "1");
    CHECK((*all)[1].kind == Node::Kind::null);
    CHECK((*all)[2].items[0].line == 4);
    const auto more = parse_all("a: 1\n---\nb: 1\n---\nc: 1\n", "test.yaml", {}, 2);
    REQUIRE_FALSE(more);
    CHECK(more.error()[0].str() == "test.yaml:4:1: error: more than 2 documents [YAML_DOCUMENTS]");
}

}  // namespace
}  // namespace beta::yaml
