#include "beta/http/body.hpp"
#include "beta/http/field_id.hpp"

#include <algorithm>
#include <array>

namespace beta::http {
namespace {

constexpr std::array<std::string_view, 25> forbidden{"content-length",
                                                     "transfer-encoding",
                                                     "host",
                                                     "connection",
                                                     "keep-alive",
                                                     "proxy-connection",
                                                     "te",
                                                     "trailer",
                                                     "upgrade",
                                                     "expect",
                                                     "authorization",
                                                     "proxy-authorization",
                                                     "proxy-authenticate",
                                                     "cookie",
                                                     "set-cookie",
                                                     "content-encoding",
                                                     "content-type",
                                                     "content-range",
                                                     "via",
                                                     "forwarded",
                                                     "x-real-ip",
                                                     "x-request-id",
                                                     "max-forwards",
                                                     "proxy-authentication-info",
                                                     "proxy-status"};

bool is_token(std::string_view text) noexcept {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
    });
}

bool is_value(std::string_view text) noexcept {
    return std::ranges::all_of(text, [](char c) {
        return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
    });
}

bool may_trail(std::string_view name) noexcept {
    return !istarts_with(name, "x-beta-") && !istarts_with(name, "x-forwarded-") &&
           !is_look_alike(name) &&
           std::ranges::none_of(forbidden, [name](std::string_view f) { return iequals(f, name); });
}

}  // namespace

bool is_sound_trailer(std::string_view section) {
    while (section != "\r\n") {
        const auto end = section.find("\r\n");
        if (end == section.npos)
            return false;
        const auto line = section.substr(0, end);
        const auto colon = line.find(':');
        if (colon == line.npos || !is_token(line.substr(0, colon)) ||
            !is_value(line.substr(colon + 1)) || !may_trail(line.substr(0, colon)))
            return false;
        section.remove_prefix(end + 2);
    }
    return true;
}

}  // namespace beta::http
