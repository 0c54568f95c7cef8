#include "beta/http/forward.hpp"

#include "beta/http/field_id.hpp"
#include "beta/http/field_list.hpp"

#include <array>
#include <charconv>

namespace beta::http {
namespace {

/// Only end-to-end fields that carry no meaning for safety may be named away by Connection.
bool connection_may_remove(const Field& field) noexcept {
    return field.id == FieldId::other && !iequals(field.name, "authorization") &&
           !iequals(field.name, "cookie") && !iequals(field.name, "content-type") &&
           !iequals(field.name, "content-encoding") && !istarts_with(field.name, "sec-websocket-");
}

bool is_dropped(const Field& field, const std::vector<Field>& fields,
                const HeadChanges& changes) noexcept {
    switch (field.id) {
        case FieldId::beta:
            return changes.drop_beta;
        case FieldId::forwarded:
            return changes.drop_forwarded;
        case FieldId::via:
            return changes.drop_via;
        case FieldId::request_id:
            return changes.drop_request_id;
        case FieldId::traceparent:
            return changes.drop_traceparent;
        case FieldId::tracestate:
            return changes.drop_tracestate;
        default:
            return is_hop_by_hop(field, fields);
    }
}

/// Neighbouring lines that stay are copied as one run of bytes.
void write_fields(std::string& out, const std::vector<Field>& fields, const HeadChanges& changes) {
    const char* run = nullptr;
    const char* end = nullptr;
    for (const auto& field : fields) {
        if (is_dropped(field, fields, changes))
            continue;
        if (field.line.data() != end) {
            if (run != nullptr)
                out.append(run, end);
            run = field.line.data();
        }
        end = field.line.data() + field.line.size();
    }
    if (run != nullptr)
        out.append(run, end);
    if (changes.websocket)
        out += "Connection: Upgrade\r\nUpgrade: websocket\r\n";
    else if (changes.close)
        out += "Connection: close\r\n";
    out += changes.added;
    out += "\r\n";
}

}  // namespace

bool is_hop_by_hop(const Field& field, const std::vector<Field>& fields) noexcept {
    switch (field.id) {
        case FieldId::connection:
        case FieldId::keep_alive:
        case FieldId::proxy_connection:
        case FieldId::proxy_auth:
        case FieldId::te:
        case FieldId::upgrade:
            return true;
        case FieldId::other:
            break;
        default:
            return false;  // Transfer-Encoding stays: the body's bytes are forwarded as they came
    }
    for (const auto& other : fields) {
        if (other.id == FieldId::connection)
            return connection_may_remove(field) && lists(fields, FieldId::connection, field.name);
    }
    return false;
}

std::size_t own_via_count(const std::vector<Field>& fields) noexcept {
    std::size_t count = 0;
    for (const auto& field : fields) {
        if (field.id != FieldId::via)
            continue;
        std::string_view rest = field.value;
        std::string_view element;
        while (next_element(rest, element)) {
            const auto blank = element.find_first_of(" \t");  // received-protocol RWS received-by
            if (blank == element.npos)
                continue;
            auto by = element.substr(blank);
            by.remove_prefix(by.find_first_not_of(" \t"));
            if (iequals(by.substr(0, by.find_first_of(" \t(")), "beta"))
                ++count;
        }
    }
    return count;
}

void write_request(std::string& out, const RequestHead& head, const Target& target,
                   const HeadChanges& changes) {
    out += head.method;
    out += ' ';
    out += target.path_query;
    // A client of HTTP/1.0 cannot read chunks: the upstream must know (RFC 9112 §6.1).
    out += head.http10 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n";
    if (head.find(FieldId::host) == nullptr) {
        out += "Host: ";
        out += target.host;
        out += "\r\n";
    }
    write_fields(out, head.fields, changes);
}

void write_response(std::string& out, const ResponseHead& head, const HeadChanges& changes) {
    std::array<char, 3> code{};
    std::to_chars(code.data(), code.data() + code.size(), head.status);
    out += "HTTP/1.1 ";
    out.append(code.data(), code.size());
    out += ' ';
    out += head.reason;
    out += "\r\n";
    write_fields(out, head.fields, changes);
}

}  // namespace beta::http
