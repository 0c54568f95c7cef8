#include "load_words.hpp"

#include "beta/model/names.hpp"

#include <algorithm>
#include <charconv>
#include <unordered_set>

namespace beta::acl {
namespace {

constexpr std::size_t longest_method = 32;

std::string method_fault(std::string_view word) {
    const bool fits = !word.empty() && word.size() <= longest_method && word[0] >= 'A' &&
                      word[0] <= 'Z' && std::ranges::all_of(word, [](char c) {
                          return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
                      });
    return fits ? "" : "a method in upper case, as GET; leave methods out to mean every method";
}

std::string name_fault(std::string_view word) {
    if (word == "*")
        return "names are literal; leave services out to mean every service";
    const auto name = model::ServiceName::parse(word);
    return name ? "" : std::string(model::sentence(name.error()));
}

std::string quoted(std::string_view text) {
    return '"' + yaml::printable(text) + '"';
}

std::string joined(const WordReader::Words& words) {
    std::string out;
    for (const std::string_view word : words)
        out.append(out.empty() ? "" : ", ").append(word);
    return out;
}

}  // namespace

void WordReader::fault(const yaml::Node& at, std::string_view message, std::string_view code) {
    reader_.error(at, owner_ + ": " + std::string(message), code);
}

void WordReader::fault_in_word(const yaml::Node& word, std::string_view what,
                               std::string_view wrong, std::string_view code) {
    fault(word, std::string(what) + ' ' + quoted(word.scalar) + ": " + std::string(wrong), code);
}

bool WordReader::expect_map(const yaml::Node& node, std::string_view what, const Words& keys) {
    const bool known = node.kind == yaml::Node::Kind::map &&
                       std::ranges::all_of(node.members, [&keys](const auto& member) {
                           return std::ranges::find(keys, member.first.scalar) != keys.end();
                       });
    if (known)
        return true;
    return reader_.expect_map(node, what.empty() ? owner_ : owner_ + ": " + std::string(what),
                              keys);
}

std::optional<std::string_view> WordReader::word(const yaml::Node& node, std::string_view what) {
    if (node.kind == yaml::Node::Kind::scalar)
        return node.scalar;
    reader_.word(node, owner_ + ": " + std::string(what));
    return std::nullopt;
}

std::optional<std::size_t> WordReader::one_of(const yaml::Node& node, std::string_view what,
                                              const Words& words) {
    const auto given = word(node, what);
    if (!given)
        return std::nullopt;
    const auto found = std::ranges::find(words, *given);
    if (found != words.end())
        return static_cast<std::size_t>(found - words.begin());
    const std::string_view guess = yaml::nearest(*given, words);
    fault_in_word(node, what,
                  (guess.empty() ? "" : "did you mean " + quoted(guess) + "? ") +
                      "expected one of " + joined(words),
                  "WORD");
    return std::nullopt;
}

std::optional<std::uint32_t> WordReader::number(const yaml::Node& node, std::string_view what,
                                                std::uint32_t most) {
    const auto text = word(node, what);
    if (!text)
        return std::nullopt;
    std::uint32_t value = 0;
    const char* const end = text->data() + text->size();
    const auto [stopped, error] = std::from_chars(text->data(), end, value);
    if (error == std::errc{} && stopped == end && !node.quoted && text->front() != '0' &&
        value <= most)
        return value;
    fault_in_word(node, what, "expected a number from 1 to " + std::to_string(most), "NUMBER");
    return std::nullopt;
}

std::vector<std::string> WordReader::methods(const yaml::Node& node) {
    return words(node, "methods", method_fault);
}

std::vector<PathPattern> WordReader::paths(const yaml::Node& node) {
    std::vector<PathPattern> out;
    words(node, "paths", [&out](std::string_view word) -> std::string {
        auto pattern = PathPattern::parse(word);
        if (!pattern)
            return std::string(sentence(pattern.error()));
        out.push_back(std::move(*pattern));
        return {};
    });
    return out;
}

std::vector<std::string> WordReader::names(const yaml::Node& node, std::string_view what) {
    return words(node, what, name_fault);
}

bool WordReader::expect_words(const yaml::Node& node, std::string_view what) {
    if (node.kind != yaml::Node::Kind::sequence) {
        reader_.expect_sequence(node, owner_ + ": " + std::string(what));
        return false;
    }
    if (node.items.empty())
        fault(node,
              std::string(what) +
                  " is an empty list, which nothing matches; leave it out to mean any",
              "EMPTY");
    const auto is_word = [](const auto& item) { return item.kind == yaml::Node::Kind::scalar; };
    if (std::ranges::all_of(node.items, is_word))
        return true;
    for (const yaml::Node& item : node.items)
        word(item, "each of " + std::string(what));
    return false;
}

/// A good word named twice is a slip; one that is wrong has been reported already.
void WordReader::refuse_repeated(const yaml::Node& node, std::string_view what) {
    if (node.items.size() < 2)
        return;
    std::unordered_set<std::string_view> seen;
    for (const yaml::Node& item : node.items)
        if (!seen.insert(item.scalar).second)
            fault_in_word(item, what, "named twice", "REPEATED");
}

}  // namespace beta::acl
