#include "support/certificates.hpp"

#include "support/files.hpp"

#include <catch2/catch.hpp>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>

using namespace std::chrono_literals;
using namespace beta::testing;

namespace {

std::shared_ptr<X509_CRL> read_crl(const std::string& pem) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> in(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
    return {PEM_read_bio_X509_CRL(in.get(), nullptr, nullptr, nullptr), X509_CRL_free};
}

/// What OpenSSL says of a leaf: the root and the second certificate of its chain are all it has.
int verdict(const Authority& trusted, const Issued& issued, const std::string& crl = "") {
    const std::shared_ptr<X509_STORE> store(X509_STORE_new(), X509_STORE_free);
    X509_STORE_add_cert(store.get(), read_certificate(trusted.root()).get());
    if (!crl.empty()) {
        X509_STORE_add_crl(store.get(), read_crl(crl).get());
        X509_STORE_set_flags(store.get(), X509_V_FLAG_CRL_CHECK);
    }
    const std::shared_ptr<STACK_OF(X509)> others(sk_X509_new_null(),
                                                 [](auto* stack) { sk_X509_free(stack); });
    std::shared_ptr<X509> between;
    if (issued.chain.size() > issued.leaf.size()) {
        between = read_certificate(issued.chain.substr(issued.leaf.size()));
        sk_X509_push(others.get(), between.get());
    }
    const std::shared_ptr<X509_STORE_CTX> context(X509_STORE_CTX_new(), X509_STORE_CTX_free);
    const auto leaf = read_certificate(issued.leaf);
    X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), others.get());
    X509_verify_cert(context.get());
    return X509_STORE_CTX_get_error(context.get());
}

}  // namespace

TEST_CASE("a leaf of the test authority leads to its root and to no other") {
    Authority root;
    Authority stranger;  // of the same name
    const Issued issued = root.issue("wallet", "tron-payment");
    CHECK(verdict(root, issued) == X509_V_OK);
    CHECK(verdict(stranger, issued) != X509_V_OK);
    CHECK(issued.chain == issued.leaf);
}

TEST_CASE("a leaf of an intermediate comes with what leads to the root") {
    Authority root;
    Authority between = root.intermediate({.name = "between"});
    Issued issued = between.issue("wallet", "tron-payment");
    CHECK(issued.chain == issued.leaf + between.certificate());
    CHECK(between.root() == root.certificate());
    CHECK(verdict(root, issued) == X509_V_OK);
    issued.chain = issued.leaf;
    CHECK(verdict(root, issued) == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
}

TEST_CASE("a test leaf is valid at the times that were asked for") {
    Authority root;
    LeafSpec spec = service_leaf("ops", "api-gateway");
    spec.not_before = -2h;
    spec.not_after = -1h;
    CHECK(verdict(root, root.issue(spec)) == X509_V_ERR_CERT_HAS_EXPIRED);
    spec.not_before = 1h;
    spec.not_after = 2h;
    CHECK(verdict(root, root.issue(spec)) == X509_V_ERR_CERT_NOT_YET_VALID);
}

TEST_CASE("a revocation list of the test authority revokes what it names") {
    Authority root;
    const Issued good = root.issue("ops", "api-gateway");
    const Issued bad = root.issue("ops", "api-gateway");
    const std::string list = root.crl({bad.serial});
    CHECK(verdict(root, good, list) == X509_V_OK);
    CHECK(verdict(root, bad, list) == X509_V_ERR_CERT_REVOKED);
    CHECK(verdict(root, good, root.crl({}, -1h)) == X509_V_ERR_CRL_HAS_EXPIRED);
}

TEST_CASE("a test key is written for its owner alone, over what was there") {
    const Files files;
    Authority root;
    root.issue("ops", "old").write(files.root() / "c.pem", files.root() / "k.pem");
    const Issued issued = root.issue("ops", "api-gateway");
    issued.write(files.root() / "c.pem", files.root() / "k.pem");
    using std::filesystem::perms;
    CHECK(std::filesystem::status(files.root() / "k.pem").permissions() ==
          (perms::owner_read | perms::owner_write));
    CHECK(text_of(files.root() / "c.pem") == issued.chain);
    CHECK(text_of(files.root() / "k.pem") == issued.key);
}
