// RecordLine: what the access log and the audit log say alike of a request, within the same bounds.
#pragma once

#include "beta/telemetry/json_text.hpp"
#include "beta/telemetry/record.hpp"

#include <cstddef>

namespace beta::telemetry {

// Longest values written, in bytes. Longer ones come from floods; what is cut is marked.
inline constexpr std::size_t name_bytes = 256;
inline constexpr std::size_t method_bytes = 32;
inline constexpr std::size_t path_bytes = 2048;
inline constexpr std::size_t id_bytes = 128;

inline void text_if_known(JsonLine& line, std::string_view key, std::string_view value,
                          std::size_t limit) noexcept {
    if (!value.empty())
        line.text(key, value, limit);
}

/// Which way, from whom, to whom, and the plane of the other side.
inline void write_parties(JsonLine& line, const Record& record) noexcept {
    const bool egress = record.direction == acl::Direction::egress;
    line.word("beta.direction", word(record.direction));
    text_if_known(line, "beta.source", record.source_service, name_bytes);
    text_if_known(line, "beta.destination", record.destination, name_bytes);
    text_if_known(line, "beta.plane", egress ? record.destination_plane : record.source_plane,
                  name_bytes);
}

}  // namespace beta::telemetry
