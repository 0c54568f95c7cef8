// ProcFile: the small text files of /proc and /sys, read whole and taken apart.
#pragma once

#include <charconv>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beta::telemetry {

inline std::string read_text(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline std::optional<std::uint64_t> to_number(std::string_view text) noexcept {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end == text.data())
        return std::nullopt;
    return value;
}

inline std::optional<std::uint64_t> read_number(const std::filesystem::path& path) {
    return to_number(read_text(path));
}

/// The words of `text` between `separator`s and line ends.
inline std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> words;
    while (!text.empty()) {
        const auto end = text.find_first_of(std::string{separator, '\n'});
        if (end != 0)
            words.push_back(text.substr(0, end));
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
    }
    return words;
}

/// The words of a /proc/<pid>/stat from its third field on: the second, the name, may hold
/// anything, ")" included (proc(5)). Word 0 is field 3.
inline std::vector<std::string_view> stat_words(std::string_view text) {
    const auto name_end = text.rfind(')');
    return name_end == text.npos ? std::vector<std::string_view>{}
                                 : split(text.substr(name_end + 1), ' ');
}

}  // namespace beta::telemetry
