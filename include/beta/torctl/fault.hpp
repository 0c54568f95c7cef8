// Fault: every way a conversation with tor's control port can go wrong, each with its sentence.
#pragma once

#include <cstdint>
#include <string_view>

namespace beta::torctl {

enum class Fault : std::uint8_t {
    // what came is not the control protocol (control-spec §2.3)
    malformed_line,
    http_answer,
    event_inside_reply,
    line_too_long,
    too_many_lines,
    reply_too_large,
    // authentication (control-spec §3.5, §3.21, §3.24)
    not_protocol_info,
    no_method,          // none that tor offers can be used with what we were given
    password_needed,    // tor offers passwords only, and none is configured
    password_unusable,  // control characters, or too long
    cookie_unreadable,  // no such file, no right to it
    cookie_size,        // a cookie is 32 bytes; a file of another size is something else
    challenge_malformed,
    server_hash_wrong,  // whoever answers does not know the cookie
    refused,            // 515
    unexpected_reply,
    not_onion_added,  // no answer to ADD_ONION
};

std::string_view sentence(Fault fault) noexcept;

}  // namespace beta::torctl
