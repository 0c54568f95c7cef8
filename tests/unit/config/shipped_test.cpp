#include "beta/config/keys.hpp"
#include "beta/directory/directory.hpp"
#include "beta/yaml/document.hpp"

#include "configuration.hpp"

#include <fstream>
#include <iterator>
#include <set>

namespace beta::config {
namespace {

std::string shipped(const std::string& name) {
    std::ifstream file(std::string(BETA_SOURCE_DIR "/config/") + name, std::ios::binary);
    REQUIRE(file.is_open());
    return {std::istreambuf_iterator<char>(file), {}};
}

void collect(const yaml::Node& map, const std::string& prefix, std::set<std::string>& paths) {
    for (const auto& [key, value] : map.members) {
        if (value.kind == yaml::Node::Kind::map && !value.members.empty())
            collect(value, prefix + key.scalar + '.', paths);
        else
            paths.insert(prefix + key.scalar);
    }
}

TEST_CASE("sidecar.yaml is valid and has every key of the table, and no other") {
    const std::string text = shipped("sidecar.yaml");
    parsed(text);
    std::set<std::string> written;
    collect(yaml::parse(text, "sidecar.yaml").value(), "", written);
    std::set<std::string> known;
    for (const Key& key : keys())
        known.emplace(key.path);
    CHECK(written == known);
}

TEST_CASE("every key in sidecar.yaml has its default: the file says what minimal.yaml means") {
    CHECK(parsed(shipped("sidecar.yaml")) == parsed(shipped("minimal.yaml")));
    CHECK(parsed(shipped("sidecar.yaml")).limits == Limits{});
}

TEST_CASE("minimal.yaml has eleven lines") {
    const std::string text = shipped("minimal.yaml");
    CHECK(std::ranges::count(text, '\n') == 11);
}

TEST_CASE("services.yaml is valid and knows the service of sidecar.yaml, without a warning") {
    model::Diagnostics warnings;
    const auto directory =
        directory::Directory::parse(shipped("services.yaml"), "services.yaml", &warnings);
    REQUIRE(directory);
    CHECK(warnings.empty());
    const Config config = parsed(shipped("sidecar.yaml"));
    const auto* const self = (*directory)->find(config.service.str() + '.' + config.plane.str());
    REQUIRE(self != nullptr);
    for (const IngressListener& listener : config.ingress)
        CHECK(self->onion->for_caller(listener.plane.view()) != nullptr);
}

TEST_CASE("every key has a variable of its own, and the variable works") {
    std::set<std::string> names;
    for (const Key& key : keys()) {
        const std::string name = variable_of(key.path);
        CAPTURE(name);
        CHECK(names.insert(name).second);
        const auto config = parse(needed, "sidecar.yaml", {{name, "\x01"}});
        REQUIRE_FALSE(config);
        CHECK(config.error().front().file == name);
        CHECK(config.error().front().code == "CONFIG_BAD_VALUE");
    }
    CHECK(variable_of("limits.head_bytes") == "BETA_LIMITS_HEAD_BYTES");
}

}  // namespace
}  // namespace beta::config
