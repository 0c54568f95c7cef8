#include "beta/tls/peer_identity.hpp"

#include "io/tls/bad_certificates.hpp"
#include "support/certificates.hpp"

#include <catch2/catch.hpp>
#include <openssl/err.h>
#include <openssl/x509.h>

using namespace std::string_literals;
using namespace beta::testing;
using beta::tls::IdentityTemplate;

namespace {

IdentityTemplate uri_form() {
    return IdentityTemplate::parse("/plane/{plane}/service/{service}", test_trust_domain).value();
}

IdentityTemplate subject_form() {
    return IdentityTemplate::parse("CN={service},OU=plane-{plane}", "").value();
}

Authority& root() {
    static Authority made;
    return made;
}

std::string verdict(const LeafSpec& spec, const IdentityTemplate& form = uri_form()) {
    const auto leaf = read_certificate(root().issue(spec).leaf);
    const auto found = identity_of(*leaf, form);
    return found ? found->plane.str() + "/" + found->service.str()
                 : std::string(name(found.error()));
}

LeafSpec right() {
    return service_leaf("wallet", "tron-payment");
}

void check(const std::vector<Row>& rows, const LeafSpec& good, const IdentityTemplate& form) {
    REQUIRE(verdict(good, form) == "wallet/tron-payment");
    for (const Row& row : rows) {
        INFO(row.name);
        LeafSpec spec = good;
        row.spoil(spec);
        CHECK(verdict(spec, form) == name(row.fault));
    }
}

}  // namespace

TEST_CASE("a certificate whose key is for something else has no identity, in either form") {
    check(bad_uses, right(), uri_form());
    check(bad_uses, subject_leaf("wallet", "tron-payment"), subject_form());
}

TEST_CASE("a certificate with doubled, broken or too many extensions has no identity") {
    check(bad_extensions, right(), uri_form());
}

TEST_CASE("a certificate without exactly one URI of clean bytes has no identity") {
    check(bad_names, right(), uri_form());
}

TEST_CASE("a certificate whose URI is not of our services has no identity") {
    check(bad_uris, right(), uri_form());
}

TEST_CASE("a certificate whose subject leaves doubt has no identity in the subject form") {
    check(bad_subjects, subject_leaf("wallet", "tron-payment"), subject_form());
}

TEST_CASE("a right certificate is whose its URI says, whatever else it holds") {
    struct Good {
        std::string_view name;
        void (*change)(LeafSpec&);
    };
    const auto row = GENERATE(values<Good>({
        {"nothing else", [](LeafSpec&) {}},
        {"no extended key usage", [](LeafSpec& s) { s.extended_key_usage = ""; }},
        {"further purposes",
         [](LeafSpec& s) { s.extended_key_usage = "codeSigning,clientAuth,1.2.3.4,serverAuth"; }},
        {"no basic constraints", [](LeafSpec& s) { s.basic_constraints = ""; }},
        {"further uses of the key",
         [](LeafSpec& s) { s.key_usage = "critical,digitalSignature,keyAgreement"; }},
        {"a critical subjectAltName", [](LeafSpec& s) { s.san_critical = true; }},
        {"a subject of somebody else", [](LeafSpec& s) { s.subject = {{"CN", "api-gateway"}}; }},
        {"names of every other kind",
         [](LeafSpec& s) {
             s.sans.insert(s.sans.begin(), {San::Kind::dns, "api-gateway.ops"});
             s.sans.push_back({San::Kind::ip, "\0\r\n\xff"s});  // numbers, not text
             s.sans.push_back({San::Kind::email, "admin@beta.test"});
             s.sans.push_back({San::Kind::directory, "a directory"});
             s.sans.push_back({San::Kind::other, "admin"});
             s.sans.push_back({San::Kind::registered, "1.2.3.4"});
         }},
        {"an extension that nobody knows",
         [](LeafSpec& s) { s.extra.push_back({"1.3.6.1.4.1.99999.1", "\x05\x00"s}); }},
    }));
    INFO(row.name);
    LeafSpec spec = right();
    row.change(spec);
    CHECK(verdict(spec) == "wallet/tron-payment");
}

TEST_CASE("an identity keeps the text that it was read from") {
    const auto by_uri = read_certificate(root().issue(right()).leaf);
    CHECK(identity_of(*by_uri, uri_form())->id == right_uri);
    LeafSpec spec = subject_leaf("wallet", "tron-payment");
    spec.subject.push_back({"O", "Beta"});
    spec.subject[0].type = SubjectPart::Type::printable;
    const auto by_subject = read_certificate(root().issue(spec).leaf);
    CHECK(identity_of(*by_subject, subject_form())->id == "CN=tron-payment,OU=plane-wallet");
}

TEST_CASE("a leaf of an intermediate has its identity, the intermediate has none") {
    Authority between = root().intermediate({.name = "between"});
    const auto leaf = read_certificate(between.issue("ops", "api-gateway").leaf);
    CHECK(identity_of(*leaf, uri_form())->service.view() == "api-gateway");
    const auto own = read_certificate(between.certificate());
    CHECK(identity_of(*own, uri_form()).error() == IdentityFault::authority);
}

TEST_CASE("a certificate with nothing in it has no identity") {
    const std::shared_ptr<X509> empty(X509_new(), X509_free);
    CHECK(identity_of(*empty, uri_form()).error() == IdentityFault::no_key_usage);
    CHECK(identity_of(*empty, subject_form()).error() == IdentityFault::no_key_usage);
}

TEST_CASE("a certificate that cannot be read leaves OpenSSL's errors as they were") {
    LeafSpec spec = right();
    spec.sans.clear();
    spec.extra.push_back({"2.5.29.17", "\x0c\x02hi"s});
    const auto broken = read_certificate(root().issue(spec).leaf);
    ERR_clear_error();
    CHECK_FALSE(identity_of(*broken, uri_form()));
    CHECK(ERR_peek_error() == 0);
    ERR_raise(ERR_LIB_USER, 7);
    CHECK_FALSE(identity_of(*broken, uri_form()));
    CHECK(ERR_GET_REASON(ERR_peek_last_error()) == 7);
    ERR_clear_error();
}
