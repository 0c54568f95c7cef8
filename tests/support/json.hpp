// A strict JSON parser that is not ours, to judge what we write.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace beta::testing {

/// RFC 8259 and UTF-8 to the letter; throws std::runtime_error with the text otherwise.
boost::json::value parse_json(std::string_view text);

/// The string at `key`; throws when there is none.
std::string word(const boost::json::object& object, std::string_view key);

/// The lines of `text`, each of which must end in a line feed.
std::vector<std::string> lines_of(std::string_view text);

}  // namespace beta::testing
