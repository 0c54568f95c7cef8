#include "beta/model/onion_address.hpp"

#include <algorithm>

namespace beta::model {
namespace {

constexpr std::size_t kept = 4;
constexpr std::size_t suspicious_length = 40;  // no name of ours has that many without a dash

bool is_alphanumeric(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// Whether ".onion" follows, in any case.
bool onion_follows(std::string_view rest) noexcept {
    constexpr std::string_view suffix = ".onion";
    return rest.size() >= suffix.size() &&
           std::ranges::equal(rest.substr(0, suffix.size()), suffix,
                              [](char c, char wanted) { return (c | 0x20) == (wanted | 0x20); });
}

}  // namespace

std::string redact_onions(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto end = std::ranges::find_if_not(text, is_alphanumeric);
        const auto length = static_cast<std::size_t>(end - text.begin());
        const auto word = text.substr(0, length);
        text.remove_prefix(length);
        if (length > kept && (length >= suspicious_length || onion_follows(text)))
            out.append(word.substr(0, kept)).append("…");
        else
            out += word;
        if (!text.empty()) {
            out += text.front();
            text.remove_prefix(1);
        }
    }
    return out;
}

}  // namespace beta::model
