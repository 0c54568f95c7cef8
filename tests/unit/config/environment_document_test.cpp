#include "beta/config/keys.hpp"
#include "beta/yaml/document.hpp"

#include "configuration.hpp"

#include <fstream>
#include <iterator>

namespace beta::config {
namespace {

std::string text_of(const std::string& name) {
    std::ifstream file(std::string(BETA_SOURCE_DIR "/") + name, std::ios::binary);
    REQUIRE(file.is_open());
    return {std::istreambuf_iterator<char>(file), {}};
}

/// What config/sidecar.yaml says, where every key but the needed ones has its default.
std::string default_of(const yaml::Node& root, std::string_view path) {
    for (const std::string_view needed_key :
         {"service", "plane", "app", "acl", "services", "tls.certificate", "tls.key", "tls.ca",
          "tls.trust_domain"})
        if (path == needed_key)
            return "none";
    const yaml::Node* node = &root;
    for (std::string_view rest = path;;) {
        const auto dot = rest.find('.');
        node = node->find(rest.substr(0, dot));
        REQUIRE(node != nullptr);
        if (dot == rest.npos)
            break;
        rest.remove_prefix(dot + 1);
    }
    return node->kind == yaml::Node::Kind::scalar ? '`' + node->scalar + '`' : "none";
}

/// In the words of the refusal: "be a number from 0 to 256".
std::string right_value(const Key& key) {
    Draft draft = new_draft();
    const std::string problem = key.set(draft, {"\x01"}, key);
    constexpr std::string_view must = "must ";
    REQUIRE(problem.starts_with(must));
    return problem.substr(must.size(), problem.find("; ") - must.size());
}

TEST_CASE("docs/environment.md ends in a row for each variable, in the words of the program") {
    const auto root = yaml::parse(text_of("config/sidecar.yaml"), "sidecar.yaml").value();
    std::string table = "| Variable | Key | Must | Default |\n|---|---|---|---|\n";
    for (const Key& key : keys())
        table += "| `" + variable_of(key.path) + "` | `" + std::string(key.path) + "` | " +
                 right_value(key) + " | " + default_of(root, key.path) + " |\n";
    const auto document = text_of("docs/environment.md");
    const auto begin = document.find("| Variable | Key |");
    REQUIRE(begin != document.npos);
    CHECK(document.substr(begin) == table);
}

TEST_CASE("docs/environment.md has the names of existing deployments, and they are understood") {
    const auto document = text_of("docs/environment.md");
    for (const std::string name :
         {"SERVICE_NAME", "SERVICE_PORT", "PLANE", "ACL_POLICY_FILE", "LOG_LEVEL",
          "SERVICE_DISCOVERY_MODE", "ONION_RESOLUTION_ENABLED"}) {
        CAPTURE(name);
        CHECK_THAT(document, Catch::Contains("| `" + name + "` |"));
        CHECK_THAT(errors_of(needed, {{name, "\x01"}}).front(),
                   Catch::Contains(name + ": error: "));
    }
}

}  // namespace
}  // namespace beta::config
