// IdentityFault: every reason why a certificate tells nobody's identity.
#pragma once

#include <cstdint>
#include <string_view>

namespace beta::tls {

enum class IdentityFault : std::uint8_t {
    // extensions (RFC 5280 §4.2)
    too_many_extensions,
    doubled_extension,
    unreadable_extension,
    // what the key is for (X509-SVID §4)
    authority,
    no_key_usage,
    key_usage_not_critical,
    no_digital_signature,
    signs_certificates,
    no_server_auth,
    no_client_auth,
    // names
    bad_byte_in_name,  // NUL, CR, LF, any other control character, or not ASCII
    no_uri,
    two_uris,
    // the URI (SPIFFE-ID §2)
    uri_too_long,
    not_spiffe,
    uri_query,
    uri_fragment,
    uri_escape,
    uri_user,
    uri_port,
    bad_trust_domain,
    uri_empty_segment,
    uri_dot_segment,
    uri_trailing_slash,
    uri_bad_character,
    // the subject
    no_common_name,
    two_common_names,
    no_unit,
    two_units,
    bad_string_type,
    // whose it is
    foreign_trust_domain,
    other_form,  // the template is another: a path, a subject or a number of segments
    bad_plane_or_service,
    count_
};

/// For metrics and logs: the enumerator as it is written here. Static; any thread.
std::string_view name(IdentityFault fault) noexcept;
/// One plain sentence; names the remedy where there is one.
std::string_view sentence(IdentityFault fault) noexcept;

}  // namespace beta::tls
