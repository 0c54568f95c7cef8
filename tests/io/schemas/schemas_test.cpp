// The schemas of schemas/ and the loaders of this program know the same keys, and agree on the
// documents of tests/schemas. That the schemas say what they mean, tests/schemas/judge.cjs shows.
#include "beta/acl/policy.hpp"
#include "beta/casebook/casebook.hpp"
#include "beta/config/config.hpp"
#include "beta/config/keys.hpp"
#include "beta/directory/directory.hpp"
#include "beta/proof/invariant.hpp"

#include "support/json.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

namespace {

using namespace beta;
using boost::json::object;
using Words = std::set<std::string>;
/// What is wrong with a document; nothing when it is fine.
using Load = std::function<model::Diagnostics(const std::string& text)>;

std::string contents(const std::string& name) {
    std::ifstream file(std::string(BETA_SOURCE_DIR) + '/' + name);
    REQUIRE(file);
    return {std::istreambuf_iterator<char>(file), {}};
}

template <class Result>
model::Diagnostics faults(const Result& result) {
    return result ? model::Diagnostics{} : result.error();
}

proof::Policies world() {
    return {acl::Policy::parse("apiVersion: beta.acl/v1\nplane: ops\n"
                               "operations: { payouts.create: { methods: [POST] } }\nallow:\n"
                               "  - { name: a, from: { services: [api-gateway] },"
                               " to: { plane: wallet, services: [tron-payment] } }\n"
                               "  - { name: b, to: { external: [tron-mainnet] } }\n",
                               "ops.yaml")
                .value()};
}

const std::map<std::string, Load> loaders = {
    {"acl", [](const auto& text) { return faults(acl::Policy::parse(text, "f")); }},
    {"acl_test", [](const auto& text) { return faults(casebook::load(text, "f")); }},
    {"invariants",
     [](const auto& text) { return faults(proof::load_invariants(text, "f", world(), {})); }},
    {"services", [](const auto& text) { return faults(directory::Directory::parse(text, "f")); }},
    {"sidecar", [](const auto& text) { return faults(config::parse(text, "f", {})); }},
};

/// Documents are parted by lines of three dashes; the first line of each says what it is.
std::vector<std::string> documents(const std::string& file) {
    std::vector<std::string> out(1);
    std::istringstream lines(contents(file));
    for (std::string line; std::getline(lines, line);) {
        if (line == "---")
            out.emplace_back();
        else
            out.back() += line + '\n';
    }
    return out;
}

/// The loader's own words for the keys of the map in which `text` has the unknown key.
Words keys_beside_the_unknown(const Load& load, const std::string& text) {
    constexpr std::string_view before = "Keys here: ";
    for (const auto& fault : load(text)) {
        const auto at = fault.message.find(before);
        if (at == std::string::npos)
            continue;
        Words out;
        std::istringstream list(fault.message.substr(at + before.size()));
        for (std::string word; std::getline(list, word, ',');)
            out.insert(word.substr(word.starts_with(' ') ? 1 : 0));
        return out;
    }
    FAIL("no loader names the keys of " << text);
    return {};
}

object schema(const std::string& name) {
    return testing::parse_json(contents("schemas/" + name + ".schema.json")).as_object();
}

Words keys_of(const object& map) {
    Words out;
    for (const auto& [key, value] : map.at("properties").as_object())
        out.insert(std::string(key));
    return out;
}

struct Map {
    std::string schema;
    std::string definition;  // in it; empty for the file itself
    std::string text;        // a document with the unknown key zzzzzz in that map
    Words elsewhere = {};    // keys that the loader refuses there in words of their own
};

const std::string acl_head = "apiVersion: beta.acl/v1\nplane: wallet\n";
const std::string rule_head = acl_head + "allow:\n  - { name: a, ";
const std::string invariant_head = "apiVersion: beta.invariants/v1\ninvariants:\n  - { name: a, ";
const std::string directory_head = "apiVersion: beta.directory/v1\n";

const std::vector<Map> maps = {
    {"acl", "", acl_head + "zzzzzz: 1\n"},
    {"acl", "operation", acl_head + "operations: { a: { zzzzzz: 1 } }\n"},
    {"acl", "allow", rule_head + "zzzzzz: 1 }\n"},
    {"acl", "deny", acl_head + "deny:\n  - { name: a, zzzzzz: 1 }\n", {"limit", "tunnel"}},
    {"acl", "from", rule_head + "from: { zzzzzz: 1 } }\n"},
    {"acl", "to", rule_head + "to: { zzzzzz: 1 } }\n"},
    {"acl", "when", rule_head + "when: { zzzzzz: 1 } }\n"},
    {"acl", "limit", rule_head + "limit: { zzzzzz: 1 } }\n"},
    {"acl_test", "", "zzzzzz: 1\n"},
    {"acl_test", "case", "cases: [{ zzzzzz: 1 }]\n"},
    {"invariants", "", "zzzzzz: 1\n"},
    {"invariants", "invariant", invariant_head + "zzzzzz: 1 }\n"},
    {"invariants", "statement", invariant_head + "never: { zzzzzz: 1 } }\n"},
    {"invariants", "exception", invariant_head + "never: { except: { zzzzzz: 1 } } }\n"},
    {"invariants", "from", invariant_head + "never: { from: { zzzzzz: 1 } } }\n"},
    {"invariants", "to", invariant_head + "never: { to: { zzzzzz: 1 } } }\n"},
    {"services", "", directory_head + "zzzzzz: 1\n"},
    {"services", "service", directory_head + "services: { a: { zzzzzz: 1 } }\n"},
    {"services", "external", directory_head + "services: {}\nexternal: { a: { zzzzzz: 1 } }\n"},
    {"sidecar", "listener", "ingress: [{ zzzzzz: 1 }]\n"},
};

TEST_CASE("what the schemas are tried on, the loaders take and refuse alike") {
    for (const auto& [name, load] : loaders) {
        for (const std::string& text : documents("tests/schemas/" + name + ".fine.yaml")) {
            const auto wrong = load(text);
            CAPTURE(name, text, wrong.empty() ? "" : wrong[0].str());
            CHECK(wrong.empty());
        }
        for (const std::string& text : documents("tests/schemas/" + name + ".broken.yaml")) {
            CAPTURE(name, text);
            CHECK_FALSE(load(text).empty());
        }
    }
}

TEST_CASE("each map of each file has the same keys in its schema and in its loader") {
    for (const Map& map : maps) {
        const object whole = schema(map.schema);
        const object& part =
            map.definition.empty()
                ? whole
                : whole.at("definitions").as_object().at(map.definition).as_object();
        Words known = keys_beside_the_unknown(loaders.at(map.schema), map.text);
        for (const std::string& key : map.elsewhere)
            known.erase(key);
        CAPTURE(map.schema, map.definition);
        CHECK(keys_of(part) == known);
        CHECK(part.at("additionalProperties") == false);
    }
}

/// "tor.socks" → its schema, for every key below `map`.
void gather(const object& map, const std::string& prefix, std::map<std::string, object>& out) {
    CHECK(map.at("additionalProperties") == false);
    for (const auto& [key, value] : map.at("properties").as_object()) {
        const std::string path = prefix + std::string(key);
        const object& part = value.as_object();
        if (part.contains("properties"))
            gather(part, path + '.', out);
        else
            out.emplace(path, part);
    }
}

TEST_CASE("every key of the configuration is in its schema with its bounds, and no other") {
    std::map<std::string, object> described;
    gather(schema("sidecar"), "", described);
    Words known;
    for (const config::Key& key : config::keys())
        known.insert(std::string(key.path));
    Words in_schema;
    for (const auto& [path, part] : described)
        in_schema.insert(path);
    CHECK(in_schema == known);
    for (const config::Key& key : config::keys()) {
        const auto found = described.find(std::string(key.path));
        if (found == described.end() || !found->second.contains("maximum"))
            continue;
        CAPTURE(found->first);
        CHECK(found->second.at("minimum").to_number<std::uint64_t>() == key.bounds.least);
        CHECK(found->second.at("maximum").to_number<std::uint64_t>() == key.bounds.most);
    }
}

}  // namespace
