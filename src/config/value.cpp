#include "beta/config/value.hpp"

#include "beta/config/share.hpp"
#include "beta/yaml/document.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <span>

namespace beta::config {
namespace {

struct Unit {
    std::string_view suffix;
    std::uint64_t factor;
};

// Largest first: the first that divides a bound is the one it is printed with.
constexpr Unit sizes[] = {{"GiB", 1u << 30}, {"MiB", 1u << 20}, {"KiB", 1u << 10}, {"", 1}};
constexpr Unit durations[] = {{"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}};
constexpr Unit plain[] = {{"", 1}};

std::optional<std::uint64_t> with_unit(std::string_view text, std::span<const Unit> units) {
    std::uint64_t number = 0;
    const char* const begin = text.data();
    const char* const end = begin + text.size();
    const auto [stopped, error] = std::from_chars(begin, end, number);
    if (error != std::errc{} || (text.front() == '0' && stopped - begin > 1))
        return std::nullopt;
    const std::string_view suffix(stopped, end);
    for (const Unit& unit : units) {
        if (suffix == unit.suffix &&
            number <= std::numeric_limits<std::uint64_t>::max() / unit.factor)
            return number * unit.factor;
    }
    return std::nullopt;
}

std::string printed(std::uint64_t value, std::span<const Unit> units) {
    for (const Unit& unit : units) {
        if (value >= unit.factor && value % unit.factor == 0)
            return std::to_string(value / unit.factor).append(unit.suffix);
    }
    return std::to_string(value).append(units.back().suffix);
}

Reading<std::uint64_t> read(Value value, Bounds bounds, std::span<const Unit> units,
                            std::string_view kind, std::string_view example) {
    if (!value.quoted) {
        const auto number = with_unit(value.text, units);
        if (number && *number >= bounds.least && *number <= bounds.most)
            return *number;
    }
    std::string must = "must be a ";
    must.append(kind).append(" from ").append(printed(bounds.least, units));
    must.append(" to ").append(printed(bounds.most, units)).append(example);
    return std::unexpected(but_found(std::move(must), value));
}

}  // namespace

std::string but_found(std::string must, Value value) {
    if (value.text.contains("-----BEGIN"))
        return must + "; found a key or a certificate itself, which is not shown";
    must += "; found \"" + yaml::printable(value.text) + '"';
    return value.quoted ? must + " in quotes" : must;
}

Reading<std::uint64_t> read_count(Value value, Bounds bounds) {
    return read(value, bounds, plain, "number", "");
}

Reading<std::uint64_t> read_size(Value value, Bounds bounds) {
    return read(value, bounds, sizes, "size", ", in bytes or as in 32KiB, 1MiB, 1GiB");
}

Reading<std::chrono::milliseconds> read_duration(Value value, Bounds bounds) {
    const auto number = read(value, bounds, durations, "time", ", as in 500ms, 10s, 2m, 1h");
    if (!number)
        return std::unexpected(number.error());
    return std::chrono::milliseconds(*number);
}

Reading<std::uint64_t> read_share(Value value, Bounds bounds) {
    const auto share = value.quoted ? std::nullopt : Share::parse(value.text);
    if (share && share->millionths() >= bounds.least && share->millionths() <= bounds.most)
        return share->millionths();
    return std::unexpected(but_found("must be a share from 0% to 100%, as in 1%, 0.01%", value));
}

Reading<bool> read_flag(Value value) {
    if (!value.quoted && (value.text == "true" || value.text == "false"))
        return value.text == "true";
    return std::unexpected(but_found("must be true or false", value));
}

}  // namespace beta::config
