// Document: strict YAML with places. Anchors, aliases, merge keys, tags, duplicate keys and excess
// are refused.
#pragma once

#include "beta/model/diagnostic.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace beta::yaml {

struct Bounds {
    std::size_t bytes = std::size_t{16} * 1024 * 1024;  // 10,000 rules take about 2 MiB
    std::size_t depth = 16;                             // the languages here need 6
    std::size_t nodes = 2'000'000;
};

/// A value tree of our own, so that libyaml stays in one file. Owned by whoever parsed it; no
/// thread affinity.
struct Node {
    enum class Kind : std::uint8_t { null, scalar, sequence, map };

    Kind kind = Kind::null;
    std::uint32_t line = 0;  // from 1
    std::uint32_t column = 0;
    bool quoted = false;  // "80" in quotes is a word, not a number
    std::string scalar;
    std::vector<Node> items;  // sequence
    struct Member;
    std::vector<Member> members;  // map, in the order written

    const Node* find(std::string_view key) const noexcept;
};

struct Node::Member {
    Node first;
    Node second;
};

/// The one document of `text`; a text without one is an error. Every anchor, alias, tag, directive,
/// merge key and duplicate key is reported at once; a syntax error, a second document or excess
/// ends the reading. Codes start with YAML_. Columns count characters. A key without a value has
/// the place of the key. Never throws, whatever the bytes.
std::expected<Node, model::Diagnostics> parse(std::string_view text, const std::string& file_name,
                                              const Bounds& bounds = {});

/// Gathers diagnostics while a loader walks a tree; helps it to be strict in few words.
class Reader {
  public:
    Reader(std::string file_name, std::string code_prefix)
        : file_(std::move(file_name)), prefix_(std::move(code_prefix)) {}

    void error(const Node& at, std::string message, std::string_view code);
    void warning(const Node& at, std::string message, std::string_view code);

    /// Reports every key of `map` that is not in `allowed`, with the nearest allowed word; false if
    /// not a map.
    bool expect_map(const Node& map, std::string_view what, std::vector<std::string_view> allowed);
    bool expect_sequence(const Node& node, std::string_view what);
    /// nullptr and an error naming `key` when it is absent.
    const Node* require(const Node& map, std::string_view key, std::string_view what);
    /// The scalar's text; empty and an error when it is not a scalar.
    std::string_view word(const Node& node, std::string_view what);

    bool failed() const noexcept { return failed_; }
    model::Diagnostics take() { return std::exchange(diagnostics_, {}); }

  private:
    std::string file_;
    std::string prefix_;
    bool failed_ = false;
    model::Diagnostics diagnostics_;
};

/// `bytes` for a message: ASCII as it is, the rest as \xHH, cut after 80 bytes.
std::string printable(std::string_view bytes);

/// The word of `candidates` within two edits of `word`, or empty: for "did you mean".
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace beta::yaml
