// Heard: all that a control port's bytes say, read in pieces, with small limits so that inputs meet
// them.
#pragma once

#include "beta/torctl/reply.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace beta::fuzz {

struct Heard {
    std::vector<torctl::Reply> replies;
    std::optional<torctl::Fault> fault;

    bool operator==(const Heard&) const = default;
};

inline Heard hear(std::string_view bytes, std::size_t piece) {
    torctl::ReplyReader reader({.line_bytes = 512, .lines = 16, .bytes = 2048});
    Heard heard;
    while (!bytes.empty() && !heard.fault) {
        reader.receive(bytes.substr(0, piece));
        bytes.remove_prefix(std::min(piece, bytes.size()));
        for (auto next = reader.next();; next = reader.next()) {
            if (!next)
                heard.fault = next.error();
            if (!next || !*next)
                break;
            heard.replies.push_back(std::move(**next));
        }
    }
    return heard;
}

}  // namespace beta::fuzz
