#include "beta/http/field_id.hpp"

#include <boost/beast/http/field.hpp>

#include <algorithm>
#include <array>

namespace beta::http {
namespace {

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

FieldId family(std::string_view name) noexcept {
    if (istarts_with(name, "x-beta-"))
        return FieldId::beta;
    if (istarts_with(name, "x-forwarded-") || iequals(name, "x-real-ip"))
        return FieldId::forwarded;
    if (iequals(name, "x-request-id"))
        return FieldId::request_id;
    if (iequals(name, "traceparent"))
        return FieldId::traceparent;
    if (iequals(name, "tracestate"))
        return FieldId::tracestate;
    if (iequals(name, "proxy-status"))
        return FieldId::proxy_status;
    return FieldId::other;
}

}  // namespace

bool iequals(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                              [](char x, char y) { return lower(x) == lower(y); });
}

bool istarts_with(std::string_view text, std::string_view prefix) noexcept {
    return text.size() >= prefix.size() && iequals(text.substr(0, prefix.size()), prefix);
}

FieldId identify(boost::beast::http::field known, std::string_view name) noexcept {
    using F = boost::beast::http::field;
    switch (known) {
        case F::host:
            return FieldId::host;
        case F::connection:
            return FieldId::connection;
        case F::keep_alive:
            return FieldId::keep_alive;
        case F::proxy_connection:
            return FieldId::proxy_connection;
        case F::proxy_authenticate:
        case F::proxy_authorization:
        case F::proxy_authentication_info:
            return FieldId::proxy_auth;
        case F::te:
            return FieldId::te;
        case F::trailer:
            return FieldId::trailer;
        case F::transfer_encoding:
            return FieldId::transfer_encoding;
        case F::content_length:
            return FieldId::content_length;
        case F::upgrade:
            return FieldId::upgrade;
        case F::expect:
            return FieldId::expect;
        case F::max_forwards:
            return FieldId::max_forwards;
        case F::via:
            return FieldId::via;
        case F::user_agent:
            return FieldId::user_agent;
        case F::forwarded:
            return FieldId::forwarded;
        default:
            return family(name);
    }
}

bool is_look_alike(std::string_view name) noexcept {
    if (name.find('_') == std::string_view::npos)
        return false;
    std::array<char, 32> dashed{};
    const auto size = std::min(name.size(), dashed.size());
    std::transform(name.begin(), name.begin() + static_cast<std::ptrdiff_t>(size), dashed.begin(),
                   [](char c) { return c == '_' ? '-' : c; });
    const std::string_view text{dashed.data(), size};
    if (family(text) != FieldId::other)
        return true;
    return name.size() == size &&
           (iequals(text, "content-length") || iequals(text, "transfer-encoding"));
}

}  // namespace beta::http
