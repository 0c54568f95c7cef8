#include "beta/tls/peer_identity.hpp"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>
#include <optional>

namespace beta::tls {
namespace {

constexpr int most_extensions = 64;  // a leaf has ten; each is compared with each

using Check = std::expected<void, IdentityFault>;

template <auto free>
struct Free {
    template <class T>
    void operator()(T* object) const noexcept {
        free(object);
    }
};

std::string_view text_of(const ASN1_STRING* string) noexcept {
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
            static_cast<std::size_t>(ASN1_STRING_length(string))};
}

bool is_printable(std::string_view text) noexcept {
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

template <class T, auto free>
struct Extension {
    std::unique_ptr<T, Free<free>> value;  // null: the certificate has none
    bool critical = false;
};

/// Bytes behind the value are as bad as none: two readers would not read the same.
template <class T, auto decode, auto free>
std::expected<Extension<T, free>, IdentityFault> extension(const X509& leaf, int nid) noexcept {
    const int place = X509_get_ext_by_NID(&leaf, nid, -1);
    if (place < 0)
        return Extension<T, free>{};
    X509_EXTENSION* const found = X509_get_ext(&leaf, place);
    const std::string_view der = text_of(X509_EXTENSION_get_data(found));
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const auto* const end = at + der.size();
    Extension<T, free> read{
        std::unique_ptr<T, Free<free>>(decode(nullptr, &at, static_cast<long>(der.size()))),
        X509_EXTENSION_get_critical(found) != 0};
    if (!read.value || at != end)
        return std::unexpected(IdentityFault::unreadable_extension);
    return read;
}

/// RFC 5280 §4.2: of each at most one. Which of two counts, readers disagree on.
Check check_extensions(const X509& leaf) noexcept {
    const int count = X509_get_ext_count(&leaf);
    if (count > most_extensions)
        return std::unexpected(IdentityFault::too_many_extensions);
    for (int i = 0; i < count; ++i) {
        const ASN1_OBJECT* const oid = X509_EXTENSION_get_object(X509_get_ext(&leaf, i));
        if (X509_get_ext_by_OBJ(&leaf, oid, i) >= 0)
            return std::unexpected(IdentityFault::doubled_extension);
    }
    return {};
}

Check check_constraints(const X509& leaf) noexcept {
    const auto constraints =
        extension<BASIC_CONSTRAINTS, d2i_BASIC_CONSTRAINTS, BASIC_CONSTRAINTS_free>(
            leaf, NID_basic_constraints);
    if (!constraints)
        return std::unexpected(constraints.error());
    if (constraints->value && constraints->value->ca != 0)
        return std::unexpected(IdentityFault::authority);
    return {};
}

Check check_key_usage(const X509& leaf) noexcept {
    constexpr int digital_signature = 0;  // bits of RFC 5280 §4.2.1.3
    constexpr int key_cert_sign = 5;
    constexpr int crl_sign = 6;
    const auto usage =
        extension<ASN1_BIT_STRING, d2i_ASN1_BIT_STRING, ASN1_BIT_STRING_free>(leaf, NID_key_usage);
    if (!usage)
        return std::unexpected(usage.error());
    if (!usage->value)
        return std::unexpected(IdentityFault::no_key_usage);
    const auto has = [&](int bit) { return ASN1_BIT_STRING_get_bit(usage->value.get(), bit) != 0; };
    if (has(key_cert_sign) || has(crl_sign))
        return std::unexpected(IdentityFault::signs_certificates);
    if (!has(digital_signature))
        return std::unexpected(IdentityFault::no_digital_signature);
    if (!usage->critical)
        return std::unexpected(IdentityFault::key_usage_not_critical);
    return {};
}

/// Absent: for any purpose. anyExtendedKeyUsage is not what X509-SVID §4.4 asks for.
Check check_extended_key_usage(const X509& leaf) noexcept {
    const auto usage =
        extension<EXTENDED_KEY_USAGE, d2i_EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free>(
            leaf, NID_ext_key_usage);
    if (!usage)
        return std::unexpected(usage.error());
    if (!usage->value)
        return {};
    bool server = false;
    bool client = false;
    for (int i = 0; i < sk_ASN1_OBJECT_num(usage->value.get()); ++i) {
        const int purpose = OBJ_obj2nid(sk_ASN1_OBJECT_value(usage->value.get(), i));
        server = server || purpose == NID_server_auth;
        client = client || purpose == NID_client_auth;
    }
    if (!server)
        return std::unexpected(IdentityFault::no_server_auth);
    if (!client)
        return std::unexpected(IdentityFault::no_client_auth);
    return {};
}

bool is_printable_name(const X509_NAME* name) noexcept {
    for (int i = 0; i < X509_NAME_entry_count(name); ++i) {
        if (!is_printable(text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i)))))
            return false;
    }
    return true;
}

/// Kinds that carry no text have nothing to check: nobody prints or compares them here.
bool is_printable_name(const GENERAL_NAME& name) noexcept {
    switch (name.type) {
        case GEN_URI:
        case GEN_DNS:
        case GEN_EMAIL:
            return is_printable(text_of(name.d.ia5));
        case GEN_DIRNAME:
            return is_printable_name(name.d.directoryName);
        case GEN_OTHERNAME: {
            const ASN1_TYPE& value = *name.d.otherName->value;
            const bool is_text =
                (ASN1_tag2bit(value.type) & (B_ASN1_DIRECTORYSTRING | B_ASN1_DISPLAYTEXT)) != 0;
            return !is_text || is_printable(text_of(value.value.asn1_string));
        }
        default:
            return true;
    }
}

struct Uris {
    std::string first;
    std::size_t count = 0;
};

std::expected<Uris, IdentityFault> uris_of(const X509& leaf) noexcept {
    const auto names =
        extension<GENERAL_NAMES, d2i_GENERAL_NAMES, GENERAL_NAMES_free>(leaf, NID_subject_alt_name);
    if (!names)
        return std::unexpected(names.error());
    Uris uris;
    const int count = names->value ? sk_GENERAL_NAME_num(names->value.get()) : 0;
    for (int i = 0; i < count; ++i) {
        const GENERAL_NAME& name = *sk_GENERAL_NAME_value(names->value.get(), i);
        if (!is_printable_name(name))
            return std::unexpected(IdentityFault::bad_byte_in_name);
        if (name.type == GEN_URI && uris.count++ == 0)
            uris.first = text_of(name.d.uniformResourceIdentifier);
    }
    return uris;
}

std::expected<std::string_view, IdentityFault> only(const X509_NAME* subject, int nid,
                                                    IdentityFault none,
                                                    IdentityFault two) noexcept {
    const int place = X509_NAME_get_index_by_NID(subject, nid, -1);
    if (place < 0)
        return std::unexpected(none);
    if (X509_NAME_get_index_by_NID(subject, nid, place) >= 0)
        return std::unexpected(two);
    const ASN1_STRING* const value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, place));
    const int type = ASN1_STRING_type(value);
    if (type != V_ASN1_UTF8STRING && type != V_ASN1_PRINTABLESTRING)
        return std::unexpected(IdentityFault::bad_string_type);
    if (!is_printable(text_of(value)))
        return std::unexpected(IdentityFault::bad_byte_in_name);
    return text_of(value);
}

std::expected<model::Identity, IdentityFault> of_subject(const X509& leaf,
                                                         const IdentityTemplate& form) noexcept {
    const X509_NAME* const subject = X509_get_subject_name(&leaf);
    const auto common_name = only(subject, NID_commonName, IdentityFault::no_common_name,
                                  IdentityFault::two_common_names);
    if (!common_name)
        return std::unexpected(common_name.error());
    const auto unit =
        only(subject, NID_organizationalUnitName, IdentityFault::no_unit, IdentityFault::two_units);
    if (!unit)
        return std::unexpected(unit.error());
    return form.match_subject(*common_name, *unit);
}

std::expected<model::Identity, IdentityFault> read(const X509& leaf,
                                                   const IdentityTemplate& form) noexcept {
    for (const auto check :
         {check_extensions, check_constraints, check_key_usage, check_extended_key_usage}) {
        if (const auto passed = check(leaf); !passed)
            return std::unexpected(passed.error());
    }
    const auto uris = uris_of(leaf);
    if (!uris)
        return std::unexpected(uris.error());
    if (form.is_subject_form())
        return of_subject(leaf, form);
    if (uris->count != 1)
        return std::unexpected(uris->count == 0 ? IdentityFault::no_uri : IdentityFault::two_uris);
    return form.match_uri(uris->first);
}

}  // namespace

std::expected<model::Identity, IdentityFault> identity_of(
    const x509_st& leaf, const IdentityTemplate& identity_template) noexcept {
    ERR_set_mark();
    auto identity = read(leaf, identity_template);
    ERR_pop_to_mark();
    return identity;
}

}  // namespace beta::tls
