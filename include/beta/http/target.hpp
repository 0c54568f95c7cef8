// Target: the request target taken apart once, and the check that its path is canonical (RFC 9112
// §3.2, RFC 3986 §3.3).
#pragma once

#include "beta/http/head.hpp"
#include "beta/model/failure.hpp"

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

namespace beta::http {

/// Views into the head. `authority` is the Host (or the absolute form's authority) without its
/// port; the caller compares it with names, nothing else.
struct Target {
    std::string_view path;        // canonical, without query: what the policy sees
    std::string_view path_query;  // as received, what is forwarded byte for byte
    std::string_view host;  // as received, port and one trailing dot removed; may be upper case
    std::string_view port;  // digits, or empty
};

/// Origin form and absolute form (`http://` only). asterisk and authority forms are refused as
/// malformed; two Hosts, none (but HTTP/1.0 in absolute form), or a Host that differs from the
/// absolute authority are malformed.
std::expected<Target, model::Failure> split_target(const RequestHead& head);

/// The authority form of CONNECT (RFC 9112 §3.2.3): `host:port`, both needed, and nothing around
/// them. A Host that differs is malformed; one that leaves out the port does not differ, and
/// HTTP/1.0 needs none. `path` and `path_query` stay empty.
std::expected<Target, model::Failure> split_connect_target(const RequestHead& head);

/// One spelling per resource: begins with '/', only pchar and valid %XX (upper or lower hex), no
/// dot segment, no empty segment but a last one, no encoded slash, backslash, NUL, percent or dot,
/// no ';', no '#', valid UTF-8.
bool is_canonical_path(std::string_view path) noexcept;

/// Lower-case copy of a host name into `room`; empty when it is not a DNS name of 1..253
/// characters.
std::string_view lower_host(std::string_view host, char (&room)[254]) noexcept;

}  // namespace beta::http
