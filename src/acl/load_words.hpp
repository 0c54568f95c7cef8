// WordReader: the lists and values of one rule or operation, strict, with its name in each message.
#pragma once

#include "beta/acl/path_pattern.hpp"
#include "beta/yaml/document.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beta::acl {

class WordReader {
  public:
    using Words = std::vector<std::string_view>;

    /// `owner` begins every message, as in: rule "pays". Words that are messages are made only when
    /// something is wrong: nearly every file is read without an error.
    WordReader(yaml::Reader& reader, std::string owner)
        : reader_(reader), owner_(std::move(owner)) {}

    void fault(const yaml::Node& at, std::string_view message, std::string_view code);

    bool expect_map(const yaml::Node& node, std::string_view what, const Words& keys);
    /// The text of a scalar, nothing and an error for what is none.
    std::optional<std::string_view> word(const yaml::Node& node, std::string_view what);
    /// Which of `words` it is; an error with the nearest of them when it is none.
    std::optional<std::size_t> one_of(const yaml::Node& node, std::string_view what,
                                      const Words& words);
    std::optional<std::uint32_t> number(const yaml::Node& node, std::string_view what,
                                        std::uint32_t most);

    std::vector<std::string> methods(const yaml::Node& node);
    std::vector<PathPattern> paths(const yaml::Node& node);
    /// Names of services or external hosts.
    std::vector<std::string> names(const yaml::Node& node, std::string_view what);
    /// A list of at least one good word, each once. `check` says what is wrong with one, or
    /// nothing.
    template <class Check>
    std::vector<std::string> words(const yaml::Node& node, std::string_view what,
                                   const Check& check);

  private:
    bool expect_words(const yaml::Node& node, std::string_view what);
    void fault_in_word(const yaml::Node& word, std::string_view what, std::string_view wrong,
                       std::string_view code);
    void refuse_repeated(const yaml::Node& node, std::string_view what);

    yaml::Reader& reader_;
    std::string owner_;
};

template <class Check>
std::vector<std::string> WordReader::words(const yaml::Node& node, std::string_view what,
                                           const Check& check) {
    std::vector<std::string> out;
    if (!expect_words(node, what))
        return out;
    out.reserve(node.items.size());
    for (const yaml::Node& item : node.items) {
        if (const std::string wrong = check(item.scalar); !wrong.empty())
            fault_in_word(item, what, wrong, "WORD");
        else
            out.push_back(item.scalar);
    }
    refuse_repeated(node, what);
    return out;
}

}  // namespace beta::acl
