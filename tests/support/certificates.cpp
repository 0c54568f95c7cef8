#include "support/certificates.hpp"

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace beta::testing {
namespace {

template <auto free>
struct Free {
    template <class T>
    void operator()(T* object) const noexcept {
        free(object);
    }
};

/// OpenSSL answers null or 0 for every failure; here each of them is the test's end.
template <class T>
T must(T result, const char* what) {
    if (!result) {
        std::array<char, 256> why{};
        ERR_error_string_n(ERR_get_error(), why.data(), why.size());
        throw std::runtime_error(std::string(what) + ": " + why.data());
    }
    return result;
}

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

template <class Write>
std::string to_pem(Write write) {
    const std::unique_ptr<BIO, Free<BIO_free_all>> out(must(BIO_new(BIO_s_mem()), "BIO_new"));
    must(write(out.get()), "PEM_write_bio");
    char* data = nullptr;
    const long size = BIO_get_mem_data(out.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate) {
    return to_pem([&](BIO* out) { return PEM_write_bio_X509(out, certificate); });
}

std::shared_ptr<EVP_PKEY> new_key() {
    return {must(EVP_EC_gen("P-256"), "EVP_EC_gen"), EVP_PKEY_free};
}

int type_of(SubjectPart::Type type) {
    switch (type) {
        case SubjectPart::Type::utf8:
            return V_ASN1_UTF8STRING;
        case SubjectPart::Type::printable:
            return V_ASN1_PRINTABLESTRING;
        case SubjectPart::Type::teletex:
            return V_ASN1_TELETEXSTRING;
        case SubjectPart::Type::bmp:
            return V_ASN1_BMPSTRING;
        case SubjectPart::Type::universal:
            return V_ASN1_UNIVERSALSTRING;
        case SubjectPart::Type::ia5:
            return V_ASN1_IA5STRING;
    }
    throw std::logic_error("a string type without a number");
}

void add_part(X509_NAME* name, const SubjectPart& part) {
    must(
        X509_NAME_add_entry_by_txt(name, part.key.c_str(), type_of(part.type), bytes_of(part.value),
                                   static_cast<int>(part.value.size()), -1, 0),
        "X509_NAME_add_entry_by_txt");
}

template <class String>
String* fill(String* string, std::string_view value) {
    must(ASN1_STRING_set(string, value.data(), static_cast<int>(value.size())), "ASN1_STRING_set");
    return string;
}

int general_name_type(San::Kind kind) {
    switch (kind) {
        case San::Kind::uri:
            return GEN_URI;
        case San::Kind::dns:
            return GEN_DNS;
        case San::Kind::email:
            return GEN_EMAIL;
        case San::Kind::ip:
            return GEN_IPADD;
        case San::Kind::directory:
            return GEN_DIRNAME;
        case San::Kind::other:
            return GEN_OTHERNAME;
        case San::Kind::registered:
            return GEN_RID;
    }
    throw std::logic_error("a SAN without a type");
}

void* general_name_value(const San& san) {
    switch (san.kind) {
        case San::Kind::ip:
            return fill(ASN1_OCTET_STRING_new(), san.value);
        case San::Kind::directory: {
            X509_NAME* const name = X509_NAME_new();
            add_part(name, {"CN", san.value});
            return name;
        }
        case San::Kind::other: {
            OTHERNAME* const other = must(OTHERNAME_new(), "OTHERNAME_new");
            ASN1_OBJECT_free(other->type_id);
            other->type_id = OBJ_txt2obj("1.3.6.1.4.1.311.20.2.3", 1);  // a user principal name
            ASN1_TYPE_set(other->value, V_ASN1_UTF8STRING, fill(ASN1_UTF8STRING_new(), san.value));
            return other;
        }
        case San::Kind::registered:
            return OBJ_txt2obj(san.value.c_str(), 1);
        default:
            return fill(ASN1_IA5STRING_new(), san.value);
    }
}

void add_sans(X509* certificate, const LeafSpec& spec) {
    if (spec.sans.empty())
        return;
    const std::unique_ptr<GENERAL_NAMES, Free<GENERAL_NAMES_free>> names(GENERAL_NAMES_new());
    for (const San& san : spec.sans) {
        GENERAL_NAME* const name = must(GENERAL_NAME_new(), "GENERAL_NAME_new");
        GENERAL_NAME_set0_value(name, general_name_type(san.kind),
                                must(general_name_value(san), "a SAN"));
        must(sk_GENERAL_NAME_push(names.get(), name), "sk_GENERAL_NAME_push");
    }
    must(X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(),
                           spec.san_critical ? 1 : 0, X509V3_ADD_DEFAULT),
         "subjectAltName");
}

void add_extension(X509* certificate, X509* issuer, int nid, const std::string& words) {
    if (words.empty())
        return;
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509V3_set_ctx_nodb(&context);
    const std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>> extension(
        must(X509V3_EXT_conf_nid(nullptr, &context, nid, words.c_str()), words.c_str()));
    must(X509_add_ext(certificate, extension.get(), -1), "X509_add_ext");
}

void add_raw(X509* certificate, const RawExtension& raw) {
    const std::unique_ptr<ASN1_OBJECT, Free<ASN1_OBJECT_free>> oid(
        must(OBJ_txt2obj(raw.oid.c_str(), 1), raw.oid.c_str()));
    const std::unique_ptr<ASN1_OCTET_STRING, Free<ASN1_OCTET_STRING_free>> der(
        fill(ASN1_OCTET_STRING_new(), raw.der));
    const std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>> extension(
        must(X509_EXTENSION_create_by_OBJ(nullptr, oid.get(), raw.critical ? 1 : 0, der.get()),
             "X509_EXTENSION_create_by_OBJ"));
    must(X509_add_ext(certificate, extension.get(), -1), "X509_add_ext");
}

/// Version 3, no extensions, not signed yet.
std::shared_ptr<X509> begin(EVP_PKEY* key, std::uint64_t serial, std::chrono::seconds not_before,
                            std::chrono::seconds not_after) {
    std::shared_ptr<X509> made(must(X509_new(), "X509_new"), X509_free);
    must(X509_set_version(made.get(), X509_VERSION_3), "X509_set_version");
    must(ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), serial), "serial");
    must(X509_gmtime_adj(X509_getm_notBefore(made.get()), not_before.count()), "notBefore");
    must(X509_gmtime_adj(X509_getm_notAfter(made.get()), not_after.count()), "notAfter");
    must(X509_set_pubkey(made.get(), key), "X509_set_pubkey");
    return made;
}

void finish(X509* made, X509* issuer, EVP_PKEY* issuer_key) {
    must(X509_set_issuer_name(made, X509_get_subject_name(issuer)), "X509_set_issuer_name");
    add_extension(made, issuer, NID_subject_key_identifier, "hash");
    add_extension(made, issuer, NID_authority_key_identifier, "keyid");
    must(X509_sign(made, issuer_key, EVP_sha256()), "X509_sign");
}

}  // namespace

LeafSpec service_leaf(std::string_view plane, std::string_view service,
                      std::string_view trust_domain) {
    LeafSpec spec;
    spec.sans.push_back({San::Kind::uri, "spiffe://" + std::string(trust_domain) + "/plane/" +
                                             std::string(plane) + "/service/" +
                                             std::string(service)});
    return spec;
}

LeafSpec subject_leaf(std::string_view plane, std::string_view service) {
    LeafSpec spec;
    spec.subject = {{"OU", "plane-" + std::string(plane)}, {"CN", std::string(service)}};
    return spec;
}

void Issued::write(const std::filesystem::path& chain_file,
                   const std::filesystem::path& key_file) const {
    write_file(chain_file, chain, 0644);
    write_file(key_file, key, 0600);
}

Authority::Authority(const AuthoritySpec& spec) : Authority(spec, nullptr) {}

Authority::Authority(const AuthoritySpec& spec, Authority* parent) : key_(new_key()) {
    own_ = begin(key_.get(), parent ? parent->next_serial_++ : 1, spec.not_before, spec.not_after);
    add_part(X509_get_subject_name(own_.get()), {"CN", spec.name});
    X509* const issuer = parent ? parent->own_.get() : own_.get();
    if (!parent)
        must(X509_set_issuer_name(own_.get(), X509_get_subject_name(issuer)), "issuer");
    add_extension(own_.get(), issuer, NID_basic_constraints, spec.basic_constraints);
    add_extension(own_.get(), issuer, NID_key_usage, spec.key_usage);
    finish(own_.get(), issuer, parent ? parent->key_.get() : key_.get());
    certificate_ = pem_of(own_.get());
    root_ = parent ? parent->root_ : certificate_;
    chain_ = parent ? certificate_ + parent->chain_ : "";
}

Authority Authority::intermediate(const AuthoritySpec& spec) {
    return {spec, this};
}

Issued Authority::issue(const LeafSpec& spec) {
    const std::uint64_t serial = next_serial_++;
    const auto key = new_key();
    const auto leaf = begin(key.get(), serial, spec.not_before, spec.not_after);
    for (const SubjectPart& part : spec.subject)
        add_part(X509_get_subject_name(leaf.get()), part);
    add_extension(leaf.get(), own_.get(), NID_basic_constraints, spec.basic_constraints);
    add_extension(leaf.get(), own_.get(), NID_key_usage, spec.key_usage);
    add_extension(leaf.get(), own_.get(), NID_ext_key_usage, spec.extended_key_usage);
    add_sans(leaf.get(), spec);
    for (const RawExtension& raw : spec.extra)
        add_raw(leaf.get(), raw);
    finish(leaf.get(), own_.get(), key_.get());
    std::string pem = pem_of(leaf.get());
    std::string chain = pem + chain_;
    return {std::move(pem), std::move(chain), to_pem([&](BIO* out) {
                return PEM_write_bio_PKCS8PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr,
                                                     nullptr);
            }),
            serial};
}

std::string Authority::crl(const std::vector<std::uint64_t>& revoked,
                           std::chrono::seconds next_update) const {
    const std::unique_ptr<X509_CRL, Free<X509_CRL_free>> list(X509_CRL_new());
    must(X509_CRL_set_version(list.get(), X509_CRL_VERSION_2), "X509_CRL_set_version");
    must(X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(own_.get())), "issuer");
    const std::unique_ptr<ASN1_TIME, Free<ASN1_TIME_free>> time(ASN1_TIME_new());
    must(X509_gmtime_adj(time.get(), -std::chrono::seconds(std::chrono::hours(48)).count()),
         "lastUpdate");
    must(X509_CRL_set1_lastUpdate(list.get(), time.get()), "lastUpdate");
    for (const std::uint64_t serial : revoked) {
        X509_REVOKED* const entry = must(X509_REVOKED_new(), "X509_REVOKED_new");
        const std::unique_ptr<ASN1_INTEGER, Free<ASN1_INTEGER_free>> number(ASN1_INTEGER_new());
        must(ASN1_INTEGER_set_uint64(number.get(), serial), "serial");
        must(X509_REVOKED_set_serialNumber(entry, number.get()), "serial");
        must(X509_REVOKED_set_revocationDate(entry, time.get()), "revocationDate");
        must(X509_CRL_add0_revoked(list.get(), entry), "X509_CRL_add0_revoked");
    }
    must(X509_gmtime_adj(time.get(), next_update.count()), "nextUpdate");
    must(X509_CRL_set1_nextUpdate(list.get(), time.get()), "nextUpdate");
    must(X509_CRL_sign(list.get(), key_.get(), EVP_sha256()), "X509_CRL_sign");
    return to_pem([&](BIO* out) { return PEM_write_bio_X509_CRL(out, list.get()); });
}

std::shared_ptr<X509> read_certificate(const std::string& pem) {
    const std::unique_ptr<BIO, Free<BIO_free_all>> in(
        must(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), "BIO_new_mem_buf"));
    return {must(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr), "PEM_read_bio_X509"),
            X509_free};
}

std::string der_of(const std::string& pem) {
    unsigned char* out = nullptr;
    const int size = i2d_X509(read_certificate(pem).get(), &out);
    must(size > 0, "i2d_X509");
    std::string der(reinterpret_cast<const char*>(out), static_cast<std::size_t>(size));
    OPENSSL_free(out);
    return der;
}

void write_file(const std::filesystem::path& path, std::string_view text, unsigned mode) {
    const std::string beside = path.string() + ".new";
    const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    const bool written =
        file >= 0 && ::fchmod(file, mode) == 0 &&
        ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    if (file < 0 || ::close(file) != 0 || !written)
        throw std::runtime_error("cannot write " + beside);
    std::filesystem::rename(beside, path);
}

}  // namespace beta::testing
