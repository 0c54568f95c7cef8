#include "command_line.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

using beta::testing::beta_sidecar;

namespace {

const std::string acl = std::string(BETA_SOURCE_DIR) + "/acl";

/// What the command says of the shipped policies, as from the folder of the sources, without the
/// rules that did not decide.
std::string answer(const std::string& command) {
    std::istringstream words(command);
    std::vector<std::string> arguments;
    for (std::string word; words >> word;)
        arguments.push_back(word);
    arguments.insert(arguments.end(), {"--acl", acl});
    std::istringstream lines(beta_sidecar(arguments).out);
    std::string out;
    for (std::string line; std::getline(lines, line);) {
        if (const auto at = line.find(acl); at != line.npos)
            line.replace(at, acl.size(), "acl");
        if (!line.starts_with("    not "))
            out += line + '\n';
    }
    return out;
}

}  // namespace

TEST_CASE("the README of the policies shows what acl explain says of them") {
    constexpr std::string_view prompt = "$ beta-sidecar ";
    std::ifstream readme(acl + "/README.md");
    std::string line;
    while (std::getline(readme, line) && line != "```explain") {
    }
    std::string shown;
    std::string said;
    std::size_t commands = 0;
    while (std::getline(readme, line) && line != "```") {
        shown += line + '\n';
        if (!line.starts_with(prompt))
            continue;
        said += line + '\n' + answer(line.substr(prompt.size()));
        ++commands;
    }
    CHECK(commands == 3);
    CHECK(shown == said);
}
