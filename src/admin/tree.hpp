// Tree: names and values of a page: one of them is written as JSON and filled into HTML alike.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace beta::admin {

struct Field;

/// Text may hold any bytes: whoever writes a tree escapes it.
class Tree {
  public:
    using List = std::vector<Tree>;
    using Fields = std::vector<Field>;
    using Value = std::variant<std::monostate, std::int64_t, std::string, List, Fields>;

    Tree();  // not known
    Tree(std::integral auto number);
    Tree(std::string text);
    Tree(const char* text);
    Tree(List list);
    Tree(Fields fields);

    const Value& value() const noexcept { return value_; }
    /// By a name, or several with dots between; nullptr when it has none.
    const Tree* find(std::string_view path) const;

  private:
    Value value_;
};

struct Field {
    std::string_view name;  // ours: needs no escaping
    Tree value;
};

// Where Field is known.
inline Tree::Tree() = default;
Tree::Tree(std::integral auto number) : value_(static_cast<std::int64_t>(number)) {}
inline Tree::Tree(std::string text) : value_(std::move(text)) {}
inline Tree::Tree(const char* text) : value_(std::string(text)) {}
inline Tree::Tree(List list) : value_(std::move(list)) {}
inline Tree::Tree(Fields fields) : value_(std::move(fields)) {}

std::string to_json(const Tree& tree);

}  // namespace beta::admin
