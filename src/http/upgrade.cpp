#include "beta/http/upgrade.hpp"

#include "beta/http/field_id.hpp"
#include "beta/http/field_list.hpp"
#include "beta/model/digest.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace beta::http {
namespace {

using model::Failure;

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The value of the only field of this name; nothing when there is none or more than one.
std::optional<std::string_view> only(const std::vector<Field>& fields, std::string_view name) {
    std::optional<std::string_view> found;
    for (const auto& field : fields) {
        if (field.id != FieldId::other || !iequals(field.name, name))
            continue;
        if (found)
            return std::nullopt;
        found = field.value;
    }
    return found;
}

/// RFC 4648 §4 of exactly 16 bytes: 22 characters, the last of which has four bits that are zero,
/// and two of padding.
bool is_key(std::string_view text) noexcept {
    if (text.size() != 24 || !text.ends_with("=="))
        return false;
    const auto digits = text.substr(0, 22);
    return digits.find_first_not_of(alphabet) == digits.npos &&
           std::string_view("AQgw").find(digits.back()) != std::string_view::npos;
}

std::string base64_of(const model::Sha1& bytes) {
    std::string out;
    unsigned held = 0;
    unsigned bits = 0;
    for (const auto byte : bytes) {
        bits = (bits << 8) | byte;
        for (held += 8; held >= 6; held -= 6)
            out += alphabet[(bits >> (held - 6)) & 63];
    }
    out += alphabet[(bits << (6 - held)) & 63];  // 160 bits: four are left, and one '=' fills up
    out += '=';
    return out;
}

/// Whether Upgrade offers a websocket, alone. Offered among others the outcome would be the
/// server's choice, and only one of them is relayed.
std::expected<bool, Failure> offers_websocket(const std::vector<Field>& fields) {
    std::size_t offers = 0;
    for (const auto& field : fields) {
        std::string_view rest = field.id == FieldId::upgrade ? field.value : std::string_view{};
        for (std::string_view element; next_element(rest, element);)
            ++offers;
    }
    if (!lists(fields, FieldId::upgrade, "websocket"))
        return false;
    if (offers > 1)
        return std::unexpected(Failure::malformed);
    return true;
}

}  // namespace

std::expected<Switch, Failure> requested_switch(const RequestHead& head, const Framing& framing) {
    const bool has_body = framing.kind != BodyKind::none;
    if (head.method == "CONNECT") {
        if (has_body)  // RFC 9110 §9.3.6: it has no content, and what follows are tunnel bytes
            return std::unexpected(Failure::malformed);
        return Switch::connect;
    }
    // RFC 9110 §7.8: it is for this hop when Connection says so, and never from HTTP/1.0.
    if (head.http10 || !lists(head.fields, FieldId::connection, "upgrade"))
        return Switch::none;
    const auto offered = offers_websocket(head.fields);
    if (!offered)
        return std::unexpected(offered.error());
    if (!*offered)
        return Switch::none;
    // RFC 6455 §4.1: a GET without a body, version 13, a key of 16 bytes.
    const auto key = only(head.fields, "Sec-WebSocket-Key");
    const bool sound = head.method == "GET" && !has_body && key && is_key(*key) &&
                       only(head.fields, "Sec-WebSocket-Version") == "13";
    if (!sound)
        return std::unexpected(Failure::malformed);
    return Switch::websocket;
}

std::string websocket_accept(const RequestHead& head) {
    std::string text(only(head.fields, "Sec-WebSocket-Key").value_or(std::string_view{}));
    text += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    return base64_of(model::sha1(text));
}

bool is_websocket_answer(const ResponseHead& head, std::string_view accept) {
    const auto* const upgrade = head.find(FieldId::upgrade);
    return head.status == 101 && !head.http10 && head.count(FieldId::upgrade) == 1 &&
           iequals(upgrade->value, "websocket") &&
           lists(head.fields, FieldId::connection, "upgrade") && !accept.empty() &&
           only(head.fields, "Sec-WebSocket-Accept") == accept;
}

}  // namespace beta::http
