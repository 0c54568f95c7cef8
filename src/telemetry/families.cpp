#include "families.hpp"

#include <array>
#include <charconv>
#include <cstddef>

namespace beta::telemetry {
namespace {

constexpr std::size_t longest_number = 32;  // of a double, shortest form: 24 characters

template <class Number>
void append(std::string& text, Number value) {
    std::array<char, longest_number> room;  // NOLINT: to_chars fills it
    text.append(room.data(), std::to_chars(room.data(), room.data() + room.size(), value).ptr);
}

/// A label's value: backslash, quote and line feed are escaped.
void append_escaped(std::string& text, std::string_view value) {
    for (auto at = value.find_first_of("\\\"\n"); at != value.npos;
         at = value.find_first_of("\\\"\n")) {
        text.append(value.substr(0, at))
            .append(1, '\\')
            .append(1, value[at] == '\n' ? 'n' : value[at]);
        value.remove_prefix(at + 1);
    }
    text.append(value);
}

using Bounds = std::array<std::string, Histogram::bounds.size() + 1>;

/// Upper bounds of buckets, in seconds, as text: each is written for every destination.
const Bounds& bounds() {
    static const Bounds words = [] {
        Bounds made;
        for (std::size_t i = 0; i < Histogram::bounds.size(); ++i)
            append(made[i], static_cast<double>(Histogram::bounds[i].count()) / 1e6);
        made.back() = "+Inf";
        return made;
    }();
    return words;
}

}  // namespace

void Family::begin(Labels labels) {
    if (!std::exchange(has_head_, true)) {
        text_.append("# HELP ").append(name_).append(1, ' ').append(help_).append(1, '\n');
        text_.append("# TYPE ").append(name_).append(1, ' ').append(type_).append(1, '\n');
    }
    labels_.clear();
    for (const auto& [name, value] : labels) {
        labels_.append(labels_.empty() ? "" : ",").append(name).append("=\"");
        append_escaped(labels_, value);
        labels_.append(1, '"');
    }
}

template <class Number>
void Family::sample(std::string_view suffix, std::string_view bound, Number value) {
    text_.append(name_).append(suffix);
    if (!labels_.empty() || !bound.empty()) {
        text_.append(1, '{').append(labels_);
        if (!bound.empty())
            text_.append(labels_.empty() ? "le=\"" : ",le=\"").append(bound).append(1, '"');
        text_.append(1, '}');
    }
    text_.append(1, ' ');
    append(text_, value);
    text_.append(1, '\n');
}

void Family::add(Labels labels, double value) {
    begin(labels);
    sample({}, {}, value);
}

void Family::add(Labels labels, std::uint64_t value) {
    begin(labels);
    sample({}, {}, value);
}

void Family::add(Labels labels, std::int64_t value) {
    begin(labels);
    sample({}, {}, value);
}

void Family::add(Labels labels, const Histogram& histogram) {
    begin(labels);
    std::uint64_t cumulative = 0;
    for (std::size_t i = 0; i < bounds().size(); ++i) {
        cumulative += histogram.in_bucket(i);
        sample("_bucket", bounds()[i], cumulative);
    }
    sample("_count", {}, cumulative);
    sample("_sum", {}, static_cast<double>(histogram.sum().count()) / 1e9);
}

}  // namespace beta::telemetry
