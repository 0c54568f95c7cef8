// Forwarding a head: the received bytes with hop-by-hop fields cut out and ours put in (RFC 9110
// §7.6, §7.6.3).
#pragma once

#include "beta/http/head.hpp"
#include "beta/http/target.hpp"

#include <string>
#include <string_view>

namespace beta::http {

/// What a direction drops besides hop-by-hop fields, and what it adds. Views live as long as the
/// call.
struct HeadChanges {
    bool drop_forwarded = true;     // X-Forwarded-*, Forwarded, X-Real-IP: claims nobody verified
    bool drop_beta = true;          // X-Beta-*: ours alone
    bool drop_via = false;          // towards the app
    bool drop_request_id = false;   // minted anew below
    bool drop_traceparent = false;  // another one is among what is added
    bool drop_tracestate = false;   // a trace begins anew
    bool close = false;             // say `Connection: close`
    bool websocket = false;         // say the upgrade's two hop-by-hop fields; wins over `close`
    std::string_view added = {};    // whole field lines with their CRLF
};

/// Appends the head that goes upstream to `out`: origin form, HTTP/1.1, a Host from the target when
/// there was none.
void write_request(std::string& out, const RequestHead& head, const Target& target,
                   const HeadChanges& changes);

/// Appends the head that goes downstream to `out`.
void write_response(std::string& out, const ResponseHead& head, const HeadChanges& changes);

/// Whether the field travels no further: hop-by-hop by standard, or named in Connection - unless it
/// is a field that carries security or framing, which Connection may not remove (CVE-2024-45410).
bool is_hop_by_hop(const Field& field, const std::vector<Field>& fields) noexcept;

/// How often Via lists the pseudonym `beta` (RFC 9110 §7.6.3): our own token seen again is a loop.
std::size_t own_via_count(const std::vector<Field>& fields) noexcept;

}  // namespace beta::http
