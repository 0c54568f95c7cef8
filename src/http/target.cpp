#include "beta/http/target.hpp"

#include "beta/http/field_id.hpp"

#include <charconv>
#include <cstdint>

namespace beta::http {
namespace {

using model::Failure;

struct Authority {
    std::string_view host;
    std::string_view port;
    bool valid = false;
};

/// Digits of a port that exists: nobody may cut 65616 to 80.
bool is_port(std::string_view text) noexcept {
    std::uint32_t port = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, port);
    return !text.empty() && text.size() <= 5 && error == std::errc{} && stop == end &&
           port <= 65'535;
}

/// host [":" port] of RFC 3986 §3.2 without userinfo; a name only (bracketed literals have no place
/// here).
Authority split_authority(std::string_view text) noexcept {
    Authority result;
    const auto colon = text.find(':');
    result.host = text.substr(0, colon);
    if (colon != text.npos) {
        result.port = text.substr(colon + 1);
        if (!is_port(result.port))
            return result;
    }
    if (result.host.ends_with('.'))
        result.host.remove_suffix(1);
    const bool has_empty_label =
        result.host.starts_with('.') || result.host.ends_with('.') || result.host.contains("..");
    result.valid = !result.host.empty() && result.host.size() <= 253 && !has_empty_label &&
                   result.host.find_first_not_of(
                       "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                       "0123456789-.") == text.npos;
    return result;
}

bool is_query(std::string_view query) noexcept {
    for (const char c : query) {
        if (c <= 0x20 || c == 0x7F || c == '#' || c == '\\' || c == '"' || c == '<' || c == '>')
            return false;  // bytes from 0x80 on are negative as char and fall here too
    }
    return true;
}

}  // namespace

std::expected<Target, Failure> split_target(const RequestHead& head) {
    const auto refuse = [] { return std::unexpected(Failure::malformed); };
    std::string_view rest = head.target;
    std::string_view named;  // the absolute form's authority
    const bool absolute = !rest.starts_with('/');
    if (absolute) {
        if (!istarts_with(rest, "http://"))
            return refuse();
        rest.remove_prefix(7);
        const auto slash = rest.find_first_of("/?");
        if (slash == rest.npos || rest[slash] == '?')
            return refuse();  // an empty path has two spellings: clients send "/"
        named = rest.substr(0, slash);
        rest.remove_prefix(slash);
    }
    if (head.count(FieldId::host) > 1)
        return refuse();
    const Field* const host = head.find(FieldId::host);
    if (host == nullptr && !(absolute && head.http10))
        return refuse();
    const auto authority = split_authority(absolute ? named : host->value);
    if (!authority.valid || (absolute && host != nullptr && !iequals(named, host->value)))
        return refuse();
    const auto mark = rest.find('?');
    Target target{rest.substr(0, mark), rest, authority.host, authority.port};
    if (!is_canonical_path(target.path) || (mark != rest.npos && !is_query(rest.substr(mark + 1))))
        return std::unexpected(Failure::path_not_canonical);
    return target;
}

std::expected<Target, Failure> split_connect_target(const RequestHead& head) {
    const auto named = split_authority(head.target);
    const bool port_has_one_spelling =
        !named.port.empty() && named.port.front() != '0' &&
        (named.port.size() < 5 || named.port <= std::string_view("65535"));
    const bool host_has_one_spelling =  // split_authority() forgives a trailing dot
        named.host.size() + 1 + named.port.size() == head.target.size();
    if (!named.valid || !port_has_one_spelling || !host_has_one_spelling)
        return std::unexpected(Failure::malformed);
    const auto hosts = head.count(FieldId::host);
    if (hosts > 1 || (hosts == 0 && !head.http10))
        return std::unexpected(Failure::malformed);
    if (hosts == 1) {
        const auto value = head.find(FieldId::host)->value;
        if (!iequals(value, head.target) && !iequals(value, named.host))
            return std::unexpected(Failure::malformed);
    }
    return Target{{}, {}, named.host, named.port};
}

std::string_view lower_host(std::string_view host, char (&room)[254]) noexcept {
    if (host.empty() || host.size() > 253)
        return {};
    for (std::size_t i = 0; i < host.size(); ++i) {
        const char c = host[i];
        room[i] = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    return {room, host.size()};
}

}  // namespace beta::http
