// Every example of acl/README.md, and the files of acl/ that it teaches to write.
#include "beta/acl/path_pattern.hpp"
#include "beta/casebook/trial.hpp"
#include "beta/proof/prove.hpp"

#include "policies.hpp"

#include <fstream>
#include <iterator>
#include <sstream>

namespace beta::acl::test {
namespace {

std::string readme() {
    std::ifstream file(std::string(BETA_SOURCE_DIR) + "/acl/README.md");
    REQUIRE(file);
    return {std::istreambuf_iterator<char>(file), {}};
}

struct Block {
    std::string kind;  // after the three ticks
    std::string text;
};

/// What stands between lines of three ticks, in its order.
std::vector<Block> blocks() {
    std::vector<Block> out;
    std::istringstream lines(readme());
    bool inside = false;
    for (std::string line; std::getline(lines, line);) {
        const bool fence = line.starts_with("```");
        if (fence && !inside)
            out.push_back({line.substr(3), {}});
        else if (inside && !fence)
            out.back().text += line + '\n';
        inside = inside != fence;
    }
    REQUIRE_FALSE(inside);
    return out;
}

/// The only block of this kind that has this word in its first two lines.
std::string block(const std::string& kind, std::string_view word) {
    std::string found;
    for (const Block& one : blocks())
        if (one.kind == kind && one.text.substr(0, 60).contains(word))
            found += one.text;
    REQUIRE_FALSE(found.empty());
    return found;
}

std::shared_ptr<const Policy> example() {
    std::string text = block("yaml", "beta.acl/v1");
    text.resize(text.find("# refused"));  // the other one of that kind
    return policy(text);
}

TEST_CASE("the README has the examples that are tested here, and no others") {
    std::vector<std::string> kinds;
    for (const Block& one : blocks())
        kinds.push_back(one.kind);
    CHECK(kinds == std::vector<std::string>{"yaml", "yaml", "yaml", "errors", "yaml", "explain"});
}

TEST_CASE("the policy of the README decides as its table says, and each rule decides a case") {
    const auto book = casebook::load(block("yaml", "beta.acltest/v1"), "wallet_test.yaml");
    REQUIRE(book.has_value());
    CHECK(book->cases.size() == 14);
    const casebook::Trial trial = casebook::try_out(*book, *example());
    INFO(casebook::to_text({trial}));
    CHECK(trial.failures() == 0);
    CHECK(trial.missing.empty());
}

TEST_CASE("the policy that the README calls refused is, with the errors that it shows") {
    const std::string both = block("yaml", "beta.acl/v1");
    const auto refused = Policy::parse(both.substr(both.find("# refused")), "wallet.yaml");
    REQUIRE_FALSE(refused.has_value());
    std::string errors;
    for (const auto& error : refused.error())
        errors += error.str() + '\n';
    CHECK(errors == block("errors", "error"));
}

TEST_CASE("what the README states of its policy is proved") {
    const proof::Policies policies{example()};
    const auto invariants = proof::load_invariants(block("yaml", "beta.invariants/v1"),
                                                   "invariants.yaml", policies, {});
    REQUIRE(invariants.has_value());
    CHECK(invariants->list.size() == 4);
    for (const proof::Invariant& invariant : invariants->list) {
        INFO(invariant.name);
        CHECK(proof::prove(invariant, policies, {}, invariants->known_by).status ==
              proof::Proof::Status::proved);
    }
}

TEST_CASE("every pattern of the README matches what its table says") {
    std::istringstream lines(readme());
    std::size_t rows = 0;
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("| `/"))
            continue;
        std::vector<std::vector<std::string>> cells(1);
        std::size_t at = 2;
        for (std::size_t tick = line.find('`', at); tick != std::string::npos;) {
            const std::size_t end = line.find('`', tick + 1);
            cells.back().push_back(line.substr(tick + 1, end - tick - 1));
            at = end + 1;
            tick = line.find('`', at);
            if (const std::size_t bar = line.find('|', at); bar < tick)
                cells.emplace_back();
        }
        const auto pattern = PathPattern::parse(cells[0].at(0)).value();
        for (std::size_t cell = 1; cell < cells.size(); ++cell)
            for (const std::string& path : cells[cell])
                CHECK(pattern.matches(path) == (cell == 1));
        ++rows;
    }
    CHECK(rows == 6);
}

}  // namespace
}  // namespace beta::acl::test
