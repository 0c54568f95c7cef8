#include "beta/torctl/words.hpp"

#include "beta/torctl/quoted.hpp"

#include <algorithm>

namespace beta::torctl {
namespace {

bool is_key_character(char c) noexcept {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/// How long the key at the front is, of "KEY=…"; 0 where none is. "$9695…=name" is no key.
std::size_t key_length(std::string_view rest) noexcept {
    const auto end = std::ranges::find_if_not(rest, is_key_character);
    return end != rest.end() && *end == '=' ? static_cast<std::size_t>(end - rest.begin()) : 0;
}

std::string take_word(std::string_view& rest) {
    if (rest.starts_with('"'))
        return take_quoted(rest);
    const auto word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(word.size());
    return std::string(word);
}

}  // namespace

Words::Words(std::string_view line) {
    while (!line.empty()) {
        if (line.front() == ' ') {
            line.remove_prefix(1);
        } else if (const auto length = key_length(line); length > 0) {
            std::string key(line.substr(0, length));
            line.remove_prefix(length + 1);
            keyed_.emplace_back(std::move(key), take_word(line));
        } else {
            bare_.push_back(take_word(line));
        }
    }
}

std::string_view Words::at(std::size_t place) const noexcept {
    return place < bare_.size() ? std::string_view(bare_[place]) : std::string_view{};
}

std::optional<std::string> Words::value(std::string_view key) const {
    const auto found = std::ranges::find(keyed_, key, &decltype(keyed_)::value_type::first);
    return found == keyed_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace beta::torctl
