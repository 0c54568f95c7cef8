#include "beta/tls/identity_fault.hpp"

#include <array>
#include <cstddef>

namespace beta::tls {
namespace {

struct Facts {
    std::string_view name;
    std::string_view sentence;
};

constexpr std::array<Facts, static_cast<std::size_t>(IdentityFault::count_)> table{{
    {"too_many_extensions", "the certificate has more than 64 extensions"},
    {"doubled_extension", "the certificate has one extension twice"},
    {"unreadable_extension", "an extension of the certificate cannot be read"},
    {"authority",
     "the certificate is an authority's (cA is true): a service needs a leaf of its own"},
    {"no_key_usage", "the certificate has no keyUsage: issue it with digitalSignature, critical"},
    {"key_usage_not_critical", "keyUsage must be marked critical"},
    {"no_digital_signature", "keyUsage lacks digitalSignature"},
    {"signs_certificates", "keyUsage has keyCertSign or cRLSign, which no leaf may have"},
    {"no_server_auth", "extendedKeyUsage lacks serverAuth: a sidecar needs it and clientAuth"},
    {"no_client_auth", "extendedKeyUsage lacks clientAuth: a sidecar needs it and serverAuth"},
    {"bad_byte_in_name", "a name in the certificate holds a byte that is not printable ASCII"},
    {"no_uri", "the certificate has no URI among its names: a DNS name says nothing here"},
    {"two_uris", "the certificate has more than one URI among its names"},
    {"uri_too_long", "a SPIFFE ID has at most 2048 bytes"},
    {"not_spiffe", "the URI does not begin with spiffe://"},
    {"uri_query", "a SPIFFE ID has no query"},
    {"uri_fragment", "a SPIFFE ID has no fragment"},
    {"uri_escape", "a SPIFFE ID has no percent-encoding"},
    {"uri_user", "a SPIFFE ID has no user"},
    {"uri_port", "a SPIFFE ID has no port"},
    {"bad_trust_domain",
     "a trust domain is 1 to 255 lower-case letters, digits, dots, dashes and underscores"},
    {"uri_empty_segment", "the path of a SPIFFE ID has no empty segment"},
    {"uri_dot_segment", "the path of a SPIFFE ID has no segment . or .."},
    {"uri_trailing_slash", "a SPIFFE ID does not end with a slash"},
    {"uri_bad_character",
     "the path of a SPIFFE ID consists of letters, digits, dots, dashes and underscores"},
    {"no_common_name", "the subject has no CN"},
    {"two_common_names", "the subject has more than one CN"},
    {"no_unit", "the subject has no OU"},
    {"two_units", "the subject has more than one OU"},
    {"bad_string_type", "CN and OU must be of type UTF8String or PrintableString"},
    {"foreign_trust_domain", "the certificate is of another trust domain"},
    {"other_form", "what the certificate names is not of the form of the identity template"},
    {"bad_plane_or_service",
     "plane and service of a certificate are lower-case letters, digits and inner dashes"},
}};

}  // namespace

std::string_view name(IdentityFault fault) noexcept {
    return table[static_cast<std::size_t>(fault)].name;
}

std::string_view sentence(IdentityFault fault) noexcept {
    return table[static_cast<std::size_t>(fault)].sentence;
}

}  // namespace beta::tls
