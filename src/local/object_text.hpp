// ObjectText: one JSON object of the app, read strictly and written anew.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

namespace beta::local {

struct ObjectText {
    std::string level;    // JSON string content; empty: none
    std::string message;  // the same
    std::string rest;     // the object of all other members, in their order
};

/// Numbers stay as they are spelt, strings are escaped so that neither a parser nor a terminal can
/// take them for more than text. The error says in words what is wrong, and where.
std::expected<ObjectText, std::string> read_object(std::string_view json, std::size_t depth);

}  // namespace beta::local
