#include "beta/yaml/document.hpp"

#include <algorithm>

namespace beta::yaml {
namespace {

std::string_view kind_in_words(Node::Kind kind) noexcept {
    switch (kind) {
        case Node::Kind::null:
            return "nothing";
        case Node::Kind::scalar:
            return "a single value";
        case Node::Kind::sequence:
            return "a list";
        case Node::Kind::map:
            return "a map";
    }
    return "something else";
}

std::string joined(const std::vector<std::string_view>& words) {
    std::string out;
    for (const std::string_view word : words) {
        if (!out.empty())
            out += ", ";
        out += word;
    }
    return out;
}

}  // namespace

const Node* Node::find(std::string_view key) const noexcept {
    const auto found = std::ranges::find_if(
        members, [&](const auto& member) { return member.first.scalar == key; });
    return found == members.end() ? nullptr : &found->second;
}

void Reader::error(const Node& at, std::string message, std::string_view code) {
    failed_ = true;
    diagnostics_.push_back({.file = file_,
                            .line = at.line,
                            .column = at.column,
                            .message = std::move(message),
                            .code = prefix_ + std::string(code)});
}

void Reader::warning(const Node& at, std::string message, std::string_view code) {
    diagnostics_.push_back({.file = file_,
                            .line = at.line,
                            .column = at.column,
                            .message = std::move(message),
                            .code = prefix_ + std::string(code),
                            .severity = model::Diagnostic::Severity::warning});
}

bool Reader::expect_map(const Node& map, std::string_view what,
                        std::vector<std::string_view> allowed) {
    if (map.kind != Node::Kind::map) {
        error(map,
              std::string(what) + " must be a map with the keys " + joined(allowed) + "; found " +
                  std::string(kind_in_words(map.kind)),
              "EXPECTED_MAP");
        return false;
    }
    for (const auto& [key, value] : map.members) {
        if (std::ranges::find(allowed, key.scalar) != allowed.end())
            continue;
        std::string message =
            "unknown key \"" + printable(key.scalar) + "\" in " + std::string(what) + "; ";
        const std::string_view guess = nearest(key.scalar, allowed);
        if (!guess.empty())
            message += "did you mean \"" + std::string(guess) + "\"? ";
        error(key, message + "Keys here: " + joined(allowed), "UNKNOWN_KEY");
    }
    return true;
}

bool Reader::expect_sequence(const Node& node, std::string_view what) {
    if (node.kind == Node::Kind::sequence)
        return true;
    error(node,
          std::string(what) + " must be a list, as in [a, b]; found " +
              std::string(kind_in_words(node.kind)),
          "EXPECTED_LIST");
    return false;
}

const Node* Reader::require(const Node& map, std::string_view key, std::string_view what) {
    const Node* found = map.find(key);
    if (found == nullptr)
        error(map, std::string(what) + " lacks the key \"" + std::string(key) + '"', "MISSING_KEY");
    return found;
}

std::string_view Reader::word(const Node& node, std::string_view what) {
    if (node.kind == Node::Kind::scalar)
        return node.scalar;
    error(node,
          std::string(what) + " must be a single value; found " +
              std::string(kind_in_words(node.kind)),
          "EXPECTED_VALUE");
    return {};
}

std::string printable(std::string_view bytes) {
    constexpr std::size_t shown = 80;
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const char c : bytes.substr(0, shown)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte < 0x7f && c != '"' && c != '\\')
            out += c;
        else
            out.append({'\\', 'x', digits[byte >> 4], digits[byte & 15]});
    }
    return bytes.size() > shown ? out + "..." : out;
}

}  // namespace beta::yaml
