#include "beta/directory/host_name.hpp"

#include "beta/model/names.hpp"

#include <algorithm>
#include <array>

namespace beta::directory {
namespace {

constexpr std::size_t longest_host = 253;  // RFC 1035 §2.3.4, without length bytes

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

bool is_hex_digit(char c) noexcept {
    return is_digit(c) || (c >= 'a' && c <= 'f');
}

/// What a URL parser reads as the last part of an IPv4 address: decimal, octal or hexadecimal.
bool is_number(std::string_view label) noexcept {
    if (label.starts_with("0x"))
        return std::ranges::all_of(label.substr(2), is_hex_digit);
    return std::ranges::all_of(label, is_digit);
}

/// RFC 5890 §2.3.2.1: what a reader sees is not what is written.
bool is_punycode(std::string_view label) noexcept {
    return label.starts_with("xn--");
}

/// Top-level names that no public resolver may answer (RFC 6761, 6762, 7686; ICANN for .internal,
/// where clouds keep their metadata servers: a Tor exit in such a cloud would reach its own).
std::string_view objection_to_last_label(std::string_view label) noexcept {
    if (is_number(label))
        return "an IP address is not a name: Tor exits are asked for names only";
    constexpr std::array<std::string_view, 4> local{"localhost", "local", "internal",
                                                    "localdomain"};
    if (std::ranges::find(local, label) != local.end())
        return "a local name means nothing at a Tor exit, or the exit's own machine";
    return {};
}

std::string_view objection_to_label(std::string_view label) noexcept {
    if (!model::ServiceName::parse(label))
        return "a host is a DNS name in lower case, its labels of letters, digits and inner "
               "dashes, "
               "without a dot at the end";
    if (is_punycode(label))
        return "punycode (xn--) hides what a reader would see; use a host with a plain name";
    if (label == "onion")  // x.onion.example.com too: made to be taken for an onion
        return "an onion address belongs under `services:`, as the `onion` of a service";
    return {};
}

}  // namespace

std::string_view objection_to_host(std::string_view host) noexcept {
    if (host.contains(':'))
        return "a host has neither port nor IPv6 address in it; the port is a key of its own";
    if (host.size() > longest_host)
        return "a host name has at most 253 characters";
    std::string_view last;
    for (std::string_view rest = host;;) {
        const auto dot = rest.find('.');
        last = rest.substr(0, dot);
        if (const auto objection = objection_to_label(last); !objection.empty())
            return objection;
        if (dot == rest.npos)
            break;
        rest.remove_prefix(dot + 1);
    }
    if (const auto objection = objection_to_last_label(last); !objection.empty())
        return objection;
    return last.size() == host.size() ? "a host outside has at least one dot in its name" : "";
}

std::string_view objection_to_service(std::string_view label) noexcept {
    if (is_number(label))
        return "a name of digits only would be taken for an IP address";
    if (is_punycode(label))
        return "punycode (xn--) hides what a reader would see";
    if (label == "localhost")
        return "an application that says \"localhost\" means itself";
    return {};
}

std::string_view objection_to_plane(std::string_view label) noexcept {
    if (label == "onion" || label == "local" || label == "internal")
        return "\"service.plane\" would be taken for a special name outside this system";
    return objection_to_service(label);
}

}  // namespace beta::directory
