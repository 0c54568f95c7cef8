#include "beta/tls/identity_template.hpp"

#include "spiffe_id.hpp"

#include <algorithm>
#include <utility>

namespace beta::tls {
namespace {

// With the longest trust domain and two names in it, a URI is still within SPIFFE's 2048 bytes.
constexpr std::size_t longest_template = 1024;

using Text = std::expected<std::string, std::string>;

bool is_brace(char c) noexcept {
    return c == '{' || c == '}';
}

bool is_hole_name(std::string_view text) noexcept {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

/// Text of a CN or OU that needs no quoting in any notation (RFC 4514 §2.4).
bool is_plain(std::string_view text) noexcept {
    constexpr std::string_view special = ",+\"\\<>;={}";
    return std::ranges::all_of(
        text, [&](char c) { return c >= ' ' && c <= '~' && !special.contains(c); });
}

std::expected<model::Identity, IdentityFault> identity(std::string_view plane,
                                                       std::string_view service, std::string id) {
    auto plane_name = model::PlaneName::parse(plane);
    auto service_name = model::ServiceName::parse(service);
    if (!plane_name || !service_name)
        return std::unexpected(IdentityFault::bad_plane_or_service);
    return model::Identity{std::move(*plane_name), std::move(*service_name), std::move(id)};
}

/// What stands in the place of the brace; nothing where the text around it differs.
std::optional<std::string_view> between(std::string_view text, std::string_view before,
                                        std::string_view after) noexcept {
    if (text.size() < before.size() + after.size() || !text.starts_with(before) ||
        !text.ends_with(after))
        return std::nullopt;
    return text.substr(before.size(), text.size() - before.size() - after.size());
}

}  // namespace

std::expected<IdentityTemplate, std::string> IdentityTemplate::parse(
    std::string_view text, std::string_view trust_domain) {
    if (text.size() > longest_template)
        return std::unexpected("an identity template has at most 1024 bytes");
    if (text.starts_with('/'))
        return parse_path(text, trust_domain);
    if (text.starts_with("CN=") || text.starts_with("OU="))
        return parse_subject(text);
    return std::unexpected(
        "an identity template is the path of a SPIFFE ID, like /plane/{plane}/service/{service}, "
        "or a subject, like CN={service},OU=plane-{plane}; a DNS name is no identity");
}

std::expected<IdentityTemplate, std::string> IdentityTemplate::parse_path(
    std::string_view text, std::string_view trust_domain) {
    if (!is_trust_domain(trust_domain))
        return std::unexpected(std::string(sentence(IdentityFault::bad_trust_domain)));
    Path path{std::string(trust_domain), {}};
    while (!text.empty()) {
        const std::string_view segment = take_segment(text);
        const auto name = between(segment, "{", "}");
        if (name && is_hole_name(*name)) {
            const auto kind = *name == "plane"     ? Segment::Kind::plane
                              : *name == "service" ? Segment::Kind::service
                                                   : Segment::Kind::any;
            path.segments.push_back({kind, std::string(*name)});
        } else if (std::ranges::any_of(segment, is_brace)) {
            return std::unexpected(
                "a brace is a whole segment and its name is lower-case letters, digits, dashes "
                "and underscores: write /plane/{plane}, not /plane-{plane}");
        } else if (is_segment(segment)) {
            path.segments.push_back({Segment::Kind::literal, std::string(segment)});
        } else {
            return std::unexpected(
                "a segment is letters, digits, dots, dashes and underscores, neither . nor .. nor "
                "empty: write one slash between two segments and none at the end");
        }
    }
    const auto count = [&](std::string_view name) {
        return std::ranges::count_if(path.segments, [&](const Segment& segment) {
            return segment.kind != Segment::Kind::literal && segment.text == name;
        });
    };
    if (count("plane") != 1 || count("service") != 1)
        return std::unexpected("an identity template holds {plane} once and {service} once");
    for (const Segment& segment : path.segments) {
        if (count(segment.text) > 1)
            return std::unexpected("the template holds {" + segment.text +
                                   "} twice: two braces are not compared, give each its own name");
    }
    return IdentityTemplate(std::move(path));
}

std::expected<IdentityTemplate, std::string> IdentityTemplate::parse_subject(
    std::string_view text) {
    constexpr std::string_view form =
        "a subject template is one CN and one OU, {service} in one and {plane} in the other, with "
        "plain text around them and no space at the comma: CN={service},OU=plane-{plane}";
    constexpr std::size_t key_size = 3;  // "CN="
    Subject subject;
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view first = text.substr(0, comma);
    const std::string_view second = text.substr(std::min(comma + 1, text.size()));
    const bool unit_first = first.starts_with("OU=");
    if (!second.starts_with(unit_first ? "CN=" : "OU="))
        return std::unexpected(std::string(form));

    const auto take = [](std::string_view part, std::string_view hole, Attribute& into) {
        part.remove_prefix(key_size);
        const std::size_t at = part.find(hole);
        if (at == std::string_view::npos)
            return false;
        into = {std::string(part.substr(0, at)), std::string(part.substr(at + hole.size()))};
        return is_plain(into.before) && is_plain(into.after);
    };
    const std::string_view unit = unit_first ? first : second;
    const std::string_view common_name = unit_first ? second : first;
    subject.unit_is_plane = unit.contains("{plane}");
    if (!take(unit, subject.unit_is_plane ? "{plane}" : "{service}", subject.unit) ||
        !take(common_name, subject.unit_is_plane ? "{service}" : "{plane}", subject.common_name))
        return std::unexpected(std::string(form));
    return IdentityTemplate(std::move(subject));
}

std::expected<model::Identity, IdentityFault> IdentityTemplate::match_uri(
    std::string_view uri) const {
    const auto* const form = std::get_if<Path>(&form_);
    if (!form)
        return std::unexpected(IdentityFault::other_form);
    const auto id = split_spiffe_id(uri);
    if (!id)
        return std::unexpected(id.error());
    if (id->trust_domain != form->trust_domain)
        return std::unexpected(IdentityFault::foreign_trust_domain);
    std::string_view path = id->path;
    std::string_view plane;
    std::string_view service;
    for (const Segment& wanted : form->segments) {
        const std::string_view segment = path.empty() ? path : take_segment(path);
        if (segment.empty() || (wanted.kind == Segment::Kind::literal && segment != wanted.text))
            return std::unexpected(IdentityFault::other_form);
        if (wanted.kind == Segment::Kind::plane)
            plane = segment;
        if (wanted.kind == Segment::Kind::service)
            service = segment;
    }
    if (!path.empty())
        return std::unexpected(IdentityFault::other_form);
    return identity(plane, service, std::string(uri));
}

std::expected<model::Identity, IdentityFault> IdentityTemplate::match_subject(
    std::string_view common_name, std::string_view unit) const {
    const auto* const form = std::get_if<Subject>(&form_);
    if (!form)
        return std::unexpected(IdentityFault::other_form);
    const auto of_name = between(common_name, form->common_name.before, form->common_name.after);
    const auto of_unit = between(unit, form->unit.before, form->unit.after);
    if (!of_name || !of_unit)
        return std::unexpected(IdentityFault::other_form);
    std::string id = "CN=" + std::string(common_name) + ",OU=" + std::string(unit);
    return form->unit_is_plane ? identity(*of_unit, *of_name, std::move(id))
                               : identity(*of_name, *of_unit, std::move(id));
}

std::optional<std::string> IdentityTemplate::uri_of(const model::PlaneName& plane,
                                                    const model::ServiceName& service) const {
    const auto* const form = std::get_if<Path>(&form_);
    if (!form)
        return std::nullopt;
    std::string uri = std::string(spiffe_scheme) + form->trust_domain;
    for (const Segment& segment : form->segments) {
        if (segment.kind == Segment::Kind::any)
            return std::nullopt;
        uri += '/';
        uri += segment.kind == Segment::Kind::plane     ? plane.view()
               : segment.kind == Segment::Kind::service ? service.view()
                                                        : std::string_view(segment.text);
    }
    return uri;
}

}  // namespace beta::tls
