// Naive words: lists of names and path patterns read in the plainest way, for oracles. They share
// no code with the engine.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace beta::support {

using Words = std::vector<std::string>;

inline Words cut(std::string_view path) {
    Words out(1);
    for (const char c : path.substr(1)) {
        if (c == '/')
            out.emplace_back();
        else
            out.back() += c;
    }
    return out;
}

inline bool path_fits(const std::string& pattern, std::string_view path) {
    auto wanted = cut(pattern);
    const auto given = cut(path);
    const bool deep = wanted.back() == "**";
    if (deep)
        wanted.pop_back();
    if (deep ? given.size() < wanted.size() : given.size() != wanted.size())
        return false;
    for (std::size_t i = 0; i < wanted.size(); ++i)
        if (wanted[i] == "*" ? given[i].empty() : wanted[i] != given[i])
            return false;
    return true;
}

inline bool holds(const Words& list, std::string_view word) {
    return std::ranges::find(list, word) != list.end();
}

}  // namespace beta::support
