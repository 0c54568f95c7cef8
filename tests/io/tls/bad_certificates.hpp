// Bad certificates: each is right but for one thing, which its name says.
#pragma once

#include "beta/tls/identity_fault.hpp"

#include "support/certificates.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace beta::testing {

using namespace std::string_literals;
using tls::IdentityFault;

inline const std::string right_uri = "spiffe://beta.test/plane/wallet/service/tron-payment";

/// The DER of a subjectAltName with one URI, shorter than 126 bytes.
inline std::string san_der(const std::string& uri) {
    const auto size = [](std::size_t n) { return std::string(1, static_cast<char>(n)); };
    return "\x30" + size(uri.size() + 2) + "\x86" + size(uri.size()) + uri;
}

/// One thing that is wrong, put into a leaf that is otherwise right.
struct Row {
    std::string_view name;
    void (*spoil)(LeafSpec&);
    IdentityFault fault;
};

template <class... Names>
void also(LeafSpec& spec, San::Kind kind, const Names&... names) {
    (spec.sans.push_back({kind, names}), ...);
}

inline const std::vector<Row> bad_uses{
    {"an authority's own certificate",
     [](LeafSpec& s) { s.basic_constraints = "critical,CA:TRUE"; }, IdentityFault::authority},
    {"an authority, though not critically",
     [](LeafSpec& s) { s.basic_constraints = "CA:TRUE,pathlen:0"; }, IdentityFault::authority},
    {"no key usage", [](LeafSpec& s) { s.key_usage = ""; }, IdentityFault::no_key_usage},
    {"key usage that may be overlooked", [](LeafSpec& s) { s.key_usage = "digitalSignature"; },
     IdentityFault::key_usage_not_critical},
    {"a key for encipherment only",
     [](LeafSpec& s) { s.key_usage = "critical,keyEncipherment,keyAgreement"; },
     IdentityFault::no_digital_signature},
    {"a key that may sign certificates",
     [](LeafSpec& s) { s.key_usage = "critical,digitalSignature,keyCertSign"; },
     IdentityFault::signs_certificates},
    {"a key that may sign revocation lists",
     [](LeafSpec& s) { s.key_usage = "critical,digitalSignature,cRLSign"; },
     IdentityFault::signs_certificates},
    {"a client that cannot be a server (CVE-2022-21657)",
     [](LeafSpec& s) { s.extended_key_usage = "clientAuth"; }, IdentityFault::no_server_auth},
    {"a server that cannot be a client (CVE-2022-21657)",
     [](LeafSpec& s) { s.extended_key_usage = "serverAuth"; }, IdentityFault::no_client_auth},
    {"a signer of mail and code (CVE-2022-21657)",
     [](LeafSpec& s) { s.extended_key_usage = "emailProtection,codeSigning"; },
     IdentityFault::no_server_auth},
    {"a key for any purpose, which is not both by name",
     [](LeafSpec& s) { s.extended_key_usage = "anyExtendedKeyUsage"; },
     IdentityFault::no_server_auth},
    {"extended key usage without a purpose",
     [](LeafSpec& s) {
         s.extended_key_usage = "";
         s.extra.push_back({"2.5.29.37", "\x30\x00"s});
     },
     IdentityFault::no_server_auth},
};

inline const std::vector<Row> bad_extensions{
    {"two subjectAltNames, of which readers take the first or the last",
     [](LeafSpec& s) { s.extra.push_back({"2.5.29.17", san_der(right_uri)}); },
     IdentityFault::doubled_extension},
    {"two key usages",
     [](LeafSpec& s) { s.extra.push_back({"2.5.29.15", "\x03\x02\x07\x80"s, true}); },
     IdentityFault::doubled_extension},
    {"two basic constraints", [](LeafSpec& s) { s.extra.push_back({"2.5.29.19", "\x30\x00"s}); },
     IdentityFault::doubled_extension},
    {"two extended key usages", [](LeafSpec& s) { s.extra.push_back({"2.5.29.37", "\x30\x00"s}); },
     IdentityFault::doubled_extension},
    {"an extension that nobody knows, twice",
     [](LeafSpec& s) {
         s.extra = {{"1.3.6.1.4.1.99999.1", "\x05\x00"s}, {"1.3.6.1.4.1.99999.1", "\x05\x00"s}};
     },
     IdentityFault::doubled_extension},
    {"a flood of extensions",
     [](LeafSpec& s) {
         for (int i = 0; i < 64; ++i)
             s.extra.push_back({"1.3.6.1.4.1.99999." + std::to_string(i), "\x05\x00"s});
     },
     IdentityFault::too_many_extensions},
    {"a subjectAltName that is not one",
     [](LeafSpec& s) {
         s.sans.clear();
         s.extra.push_back({"2.5.29.17", "\x0c\x02hi"s});
     },
     IdentityFault::unreadable_extension},
    {"a subjectAltName that ends too early",
     [](LeafSpec& s) {
         s.sans.clear();
         s.extra.push_back({"2.5.29.17", san_der(right_uri).substr(0, 20)});
     },
     IdentityFault::unreadable_extension},
    {"bytes behind the subjectAltName",
     [](LeafSpec& s) {
         s.sans.clear();
         s.extra.push_back({"2.5.29.17", san_der(right_uri) + '\0'});
     },
     IdentityFault::unreadable_extension},
    {"an empty key usage extension",
     [](LeafSpec& s) {
         s.key_usage = "";
         s.extra.push_back({"2.5.29.15", "", true});
     },
     IdentityFault::unreadable_extension},
    {"basic constraints that are not ones",
     [](LeafSpec& s) {
         s.basic_constraints = "";
         s.extra.push_back({"2.5.29.19", "\x01\x01\xff"s});
     },
     IdentityFault::unreadable_extension},
    {"extended key usage that is not one",
     [](LeafSpec& s) {
         s.extended_key_usage = "";
         s.extra.push_back({"2.5.29.37", "\x30\x03\x02\x01\x01"s});
     },
     IdentityFault::unreadable_extension},
};

inline const std::vector<Row> bad_names{
    {"no name", [](LeafSpec& s) { s.sans.clear(); }, IdentityFault::no_uri},
    {"a subject alone", [](LeafSpec& s) { s = subject_leaf("wallet", "tron-payment"); },
     IdentityFault::no_uri},
    {"a DNS name that reads as the URI (CVE-2022-21656)",
     [](LeafSpec& s) { s.sans = {{San::Kind::dns, right_uri}}; }, IdentityFault::no_uri},
    {"a DNS name of the service (CVE-2022-21656)",
     [](LeafSpec& s) { s.sans = {{San::Kind::dns, "tron-payment.wallet"}}; },
     IdentityFault::no_uri},
    {"a mail address that reads as the URI (CVE-2022-21656)",
     [](LeafSpec& s) { s.sans = {{San::Kind::email, right_uri}}; }, IdentityFault::no_uri},
    {"an otherName that reads as the URI",
     [](LeafSpec& s) { s.sans = {{San::Kind::other, right_uri}}; }, IdentityFault::no_uri},
    {"a directory name that reads as the URI",
     [](LeafSpec& s) { s.sans = {{San::Kind::directory, right_uri}}; }, IdentityFault::no_uri},
    {"two URIs", [](LeafSpec& s) { also(s, San::Kind::uri, "spiffe://beta.test/other"); },
     IdentityFault::two_uris},
    {"the same URI twice", [](LeafSpec& s) { also(s, San::Kind::uri, right_uri); },
     IdentityFault::two_uris},
    {"a web address beside the URI",
     [](LeafSpec& s) { also(s, San::Kind::uri, "https://beta.test/"); }, IdentityFault::two_uris},
    {"NUL behind the URI (CVE-2025-66220)", [](LeafSpec& s) { s.sans[0].value += "\0.evil"s; },
     IdentityFault::bad_byte_in_name},
    {"NUL in a DNS name beside the URI (CVE-2025-66220)",
     [](LeafSpec& s) { also(s, San::Kind::dns, "beta.test\0.evil"s); },
     IdentityFault::bad_byte_in_name},
    {"NUL in an otherName beside the URI (CVE-2025-66220)",
     [](LeafSpec& s) { also(s, San::Kind::other, "admin\0@evil"s); },
     IdentityFault::bad_byte_in_name},
    {"NUL in a mail address beside the URI",
     [](LeafSpec& s) { also(s, San::Kind::email, "a@b\0c"s); }, IdentityFault::bad_byte_in_name},
    {"a line break and a header in the URI (CVE-2023-27493)",
     [](LeafSpec& s) { s.sans[0].value += "\r\nX-Beta-Source-Plane: ops"; },
     IdentityFault::bad_byte_in_name},
    {"a line feed in a DNS name beside the URI (CVE-2023-27493)",
     [](LeafSpec& s) { also(s, San::Kind::dns, "a\nb"); }, IdentityFault::bad_byte_in_name},
    {"ESC in a directory name beside the URI",
     [](LeafSpec& s) { also(s, San::Kind::directory, "a\x1b[2Jb"); },
     IdentityFault::bad_byte_in_name},
    {"DEL in the URI", [](LeafSpec& s) { s.sans[0].value += '\x7f'; },
     IdentityFault::bad_byte_in_name},
    {"a letter that only looks like ours in the URI",
     [](LeafSpec& s) { s.sans[0].value = "spiffe://beta.test/plane/w\u0430llet/service/x"; },
     IdentityFault::bad_byte_in_name},
};

inline const std::vector<Row> bad_uris{
    {"no URI at all in the URI", [](LeafSpec& s) { s.sans[0].value = ""; },
     IdentityFault::not_spiffe},
    {"a URI of the web",
     [](LeafSpec& s) { s.sans[0].value = "https://beta.test/plane/wallet/service/tron-payment"; },
     IdentityFault::not_spiffe},
    {"a scheme in upper case", [](LeafSpec& s) { s.sans[0].value[0] = 'S'; },
     IdentityFault::not_spiffe},
    {"a URI beyond 2048 bytes", [](LeafSpec& s) { s.sans[0].value += std::string(2048, 'x'); },
     IdentityFault::uri_too_long},
    {"a query", [](LeafSpec& s) { s.sans[0].value += "?plane=ops"; }, IdentityFault::uri_query},
    {"a fragment", [](LeafSpec& s) { s.sans[0].value += "#x"; }, IdentityFault::uri_fragment},
    {"an escaped letter", [](LeafSpec& s) { s.sans[0].value += "%74"; }, IdentityFault::uri_escape},
    {"a user", [](LeafSpec& s) { s.sans[0].value.insert(9, "root@"); }, IdentityFault::uri_user},
    {"a port", [](LeafSpec& s) { s.sans[0].value.insert(18, ":443"); }, IdentityFault::uri_port},
    {"a trust domain in upper case", [](LeafSpec& s) { s.sans[0].value[9] = 'B'; },
     IdentityFault::bad_trust_domain},
    {"an empty segment", [](LeafSpec& s) { s.sans[0].value.insert(18, "/"); },
     IdentityFault::uri_empty_segment},
    {"a way back up", [](LeafSpec& s) { s.sans[0].value += "/../tron-payment"; },
     IdentityFault::uri_dot_segment},
    {"a slash at the end", [](LeafSpec& s) { s.sans[0].value += '/'; },
     IdentityFault::uri_trailing_slash},
    {"a parameter", [](LeafSpec& s) { s.sans[0].value += ";x"; }, IdentityFault::uri_bad_character},
    {"another trust domain",
     [](LeafSpec& s) { s = service_leaf("wallet", "tron-payment", "beta.evil"); },
     IdentityFault::foreign_trust_domain},
    {"a trust domain that ours begins",
     [](LeafSpec& s) { s = service_leaf("wallet", "tron-payment", "beta.test.evil"); },
     IdentityFault::foreign_trust_domain},
    {"a longer path", [](LeafSpec& s) { s.sans[0].value += "/x"; }, IdentityFault::other_form},
    {"a path of another order",
     [](LeafSpec& s) { s.sans[0].value = "spiffe://beta.test/service/a/plane/b"; },
     IdentityFault::other_form},
    {"a service that is no name of ours", [](LeafSpec& s) { s.sans[0].value += "_1"; },
     IdentityFault::bad_plane_or_service},
    {"a plane in upper case", [](LeafSpec& s) { s = service_leaf("Wallet", "tron-payment"); },
     IdentityFault::bad_plane_or_service},
};

inline const std::vector<Row> bad_subjects{
    {"no CN", [](LeafSpec& s) { s.subject = {{"OU", "plane-wallet"}}; },
     IdentityFault::no_common_name},
    {"no OU", [](LeafSpec& s) { s.subject = {{"CN", "tron-payment"}}; }, IdentityFault::no_unit},
    {"no subject, though the right URI",
     [](LeafSpec& s) { s = service_leaf("wallet", "tron-payment"); },
     IdentityFault::no_common_name},
    {"two CNs", [](LeafSpec& s) { s.subject.push_back({"CN", "tron-payment"}); },
     IdentityFault::two_common_names},
    {"two OUs", [](LeafSpec& s) { s.subject.push_back({"OU", "plane-ops"}); },
     IdentityFault::two_units},
    {"NUL in the CN", [](LeafSpec& s) { s.subject[1].value += "\0.evil"s; },
     IdentityFault::bad_byte_in_name},
    {"a line break in the OU", [](LeafSpec& s) { s.subject[0].value += "\r\n"; },
     IdentityFault::bad_byte_in_name},
    {"NUL in a DNS name beside the subject", [](LeafSpec& s) { also(s, San::Kind::dns, "a\0b"s); },
     IdentityFault::bad_byte_in_name},
    {"a CN of two bytes a letter",
     [](LeafSpec& s) { s.subject[1] = {"CN", "\0a\0b"s, SubjectPart::Type::bmp}; },
     IdentityFault::bad_string_type},
    {"a CN of no known alphabet",
     [](LeafSpec& s) { s.subject[1].type = SubjectPart::Type::teletex; },
     IdentityFault::bad_string_type},
    {"an OU of ASCII's type", [](LeafSpec& s) { s.subject[0].type = SubjectPart::Type::ia5; },
     IdentityFault::bad_string_type},
    {"an OU of another form", [](LeafSpec& s) { s.subject[0].value = "wallet"; },
     IdentityFault::other_form},
    {"a CN in upper case", [](LeafSpec& s) { s.subject[1].value = "Tron-Payment"; },
     IdentityFault::bad_plane_or_service},
    {"a CN for every service", [](LeafSpec& s) { s.subject[1].value = "*"; },
     IdentityFault::bad_plane_or_service},
};

}  // namespace beta::testing
