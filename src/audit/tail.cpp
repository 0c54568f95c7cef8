#include "beta/audit/tail.hpp"

#include "beta/model/digest.hpp"

#include <utility>

namespace beta::audit {
namespace {

/// Where the line that ends before `end` begins; npos when that lies before what was read.
std::size_t beginning_of(std::string_view text, std::size_t end, bool from_start) {
    const auto feed = end == 0 ? text.npos : text.find_last_of('\n', end - 1);
    if (feed != text.npos)
        return feed + 1;
    return from_start ? 0 : text.npos;
}

std::optional<Link> link_of(std::string_view line, const Seal& seal) {
    auto record = read(line);
    if (!record || !is_whole(line, seal))
        return std::nullopt;
    return std::move(record->link);
}

}  // namespace

Tail tail_of(std::string_view end, bool from_start, const Seal& seal) {
    const auto open = beginning_of(end, end.size(), from_start);
    if (open < end.size()) {
        if (auto link = link_of(end.substr(open), seal))
            return {.last = std::move(link), .left = {}, .lacks_feed = true};
    }
    const bool lacks_feed = !end.empty() && !end.ends_with('\n');
    for (auto feed = end.find_last_of('\n'); feed != end.npos;) {
        const auto begin = beginning_of(end, feed, from_start);
        if (begin == end.npos)
            break;
        if (auto link = link_of(end.substr(begin, feed - begin), seal))
            return {
                .last = std::move(link), .left = end.substr(feed + 1), .lacks_feed = lacks_feed};
        if (begin == 0)
            break;
        feed = begin - 1;
    }
    return {.last = std::nullopt, .left = end, .lacks_feed = lacks_feed};
}

std::string remark(const Tail& tail, std::string_view time) {
    const bool is_torn = !tail.left.contains('\n');
    std::string out = "{\"time\":\"";
    out.append(time).append(is_torn ? "\",\"event\":\"torn\"" : "\",\"event\":\"broken\"");
    out += ",\"bytes\":" + std::to_string(tail.left.size());
    return out + ",\"digest\":\"" + model::sha256_hex(tail.left) + "\"}\n";
}

}  // namespace beta::audit
