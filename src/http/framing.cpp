#include "beta/http/framing.hpp"

#include "beta/http/field_id.hpp"
#include "beta/http/field_list.hpp"

#include <charconv>
#include <limits>
#include <optional>

namespace beta::http {
namespace {

using model::Failure;

/// 1*DIGIT and nothing else; no leading zero but "0" itself, so that no peer can read it as octal.
std::optional<std::uint64_t> decimal(std::string_view text) noexcept {
    if (text.empty() || text.front() < '0' || text.front() > '9' ||
        (text.front() == '0' && text.size() > 1))
        return std::nullopt;
    std::uint64_t value = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end || value > (std::uint64_t{1} << 62))
        return std::nullopt;
    return value;
}

/// What both kinds of message share: the two fields, alone and well formed (RFC 9112 §6.1, §6.2,
/// §6.3).
template <class Head>
std::expected<std::optional<Framing>, Failure> declared(const Head& head, std::uint64_t limit) {
    const auto codings = head.count(FieldId::transfer_encoding);
    const auto lengths = head.count(FieldId::content_length);
    if (codings + lengths == 0)
        return std::optional<Framing>{};
    // §6.3 rule 3: both fields. Rule 5 lets equal lengths pass as one, §5.2 of RFC 9110 joins two
    // codings: refused, since smuggling is likelier than a mistake.
    if (codings + lengths > 1)
        return std::unexpected(Failure::malformed);
    if (codings == 1) {
        if (head.http10)  // §6.1: an HTTP/1.0 message with Transfer-Encoding has faulty framing
            return std::unexpected(Failure::malformed);
        // §6.3 rule 4: any coding but one `chunked`. (The rule lets such an answer run until the
        // close; who sent it may mean something else.) §6.1: 501 where it is a coding, if not ours.
        const auto value = head.find(FieldId::transfer_encoding)->value;
        if (!iequals(value, "chunked"))
            return std::unexpected(value.find_first_of(" \t,;\f\v\"") == value.npos &&
                                           !value.empty()
                                       ? Failure::coding_unknown
                                       : Failure::malformed);
        return Framing{BodyKind::chunked, 0};  // §6.3 rule 4
    }
    const auto length = decimal(head.find(FieldId::content_length)->value);
    if (!length)  // §6.3 rule 5
        return std::unexpected(Failure::malformed);
    if (*length > limit)
        return std::unexpected(Failure::body_too_large);
    // §6.3 rule 6
    return Framing{*length == 0 ? BodyKind::none : BodyKind::length, *length};
}

}  // namespace

std::expected<Framing, Failure> request_framing(const RequestHead& head, std::uint64_t body_limit) {
    auto framing = declared(head, body_limit);
    if (!framing)
        return std::unexpected(framing.error());
    return framing->value_or(Framing{});  // §6.3 rule 7: a request without either field has no body
}

std::expected<Framing, Failure> response_framing(const ResponseHead& head, bool to_head,
                                                 std::uint64_t body_limit) {
    const bool never_a_body = head.interim() || head.status == 204;
    const bool no_body = never_a_body || to_head || head.status == 304;  // §6.3 rule 1
    // What is not sent may be of any length: HEAD tells that of a large export.
    auto framing = declared(head, no_body ? std::numeric_limits<std::uint64_t>::max() : body_limit);
    if (!framing)
        return std::unexpected(Failure::upstream_malformed);
    // §6.1, RFC 9110 §8.6: neither field may stand in a 1xx or 204
    if (never_a_body && (head.count(FieldId::transfer_encoding) != 0 ||
                         framing->value_or(Framing{}).kind != BodyKind::none))
        return std::unexpected(Failure::upstream_malformed);
    if (no_body)
        return Framing{};
    return framing->value_or(Framing{BodyKind::until_close, 0});  // §6.3 rule 8
}

bool wants_close(const std::vector<Field>& fields, bool http10) noexcept {
    return http10 || lists(fields, FieldId::connection, "close");
}

}  // namespace beta::http
