#include "support/json.hpp"

#include <boost/json/parse.hpp>

#include <stdexcept>

namespace beta::testing {

boost::json::value parse_json(std::string_view text) {
    boost::system::error_code error;
    auto value = boost::json::parse({text.data(), text.size()}, error);
    if (error)
        throw std::runtime_error(error.message() + ": " + std::string(text));
    return value;
}

std::string word(const boost::json::object& object, std::string_view key) {
    const auto& text = object.at({key.data(), key.size()}).as_string();
    return {text.data(), text.size()};
}

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        if (end == text.npos)
            throw std::runtime_error("the last line has no end: " + std::string(text));
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    return lines;
}

}  // namespace beta::testing
