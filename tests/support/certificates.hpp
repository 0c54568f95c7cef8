// Authority: a certificate authority of tests. It signs whatever it is asked to, right or wrong.
#pragma once

#include <openssl/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beta::testing {

inline constexpr std::string_view test_trust_domain = "beta.test";

/// One name of a subjectAltName, with any bytes: nothing is checked.
struct San {
    enum class Kind : std::uint8_t { uri, dns, email, ip, directory, other, registered };

    Kind kind = Kind::uri;
    std::string value;  // ip: 4 or 16 bytes; directory: its CN; registered: an OID in digits
};

/// One attribute of a subject.
struct SubjectPart {
    enum class Type : std::uint8_t { utf8, printable, teletex, bmp, universal, ia5 };

    std::string key;  // "CN", "OU", "O"
    std::string value;
    Type type = Type::utf8;
};

/// An extension of raw bytes, put behind all others: for doubled and broken ones.
struct RawExtension {
    std::string oid;  // "2.5.29.17"
    std::string der;  // what its OCTET STRING holds
    bool critical = false;
};

/// The words of openssl.cnf (x509v3_config(5)); an empty text leaves the extension out.
struct LeafSpec {
    std::vector<San> sans{};  // in this order; none: no subjectAltName
    bool san_critical = false;
    std::vector<SubjectPart> subject{};
    std::chrono::seconds not_before{-3600};  // from now
    std::chrono::seconds not_after{86400};
    std::string basic_constraints = "critical,CA:FALSE";
    std::string key_usage = "critical,digitalSignature";
    std::string extended_key_usage = "serverAuth,clientAuth";
    std::vector<RawExtension> extra{};
};

/// The leaf that a sidecar holds: the one URI of its plane and service, and nothing to mend.
LeafSpec service_leaf(std::string_view plane, std::string_view service,
                      std::string_view trust_domain = test_trust_domain);
/// The leaf of an authority that knows no URIs: CN=<service>, OU=plane-<plane>.
LeafSpec subject_leaf(std::string_view plane, std::string_view service);

struct Issued {
    std::string leaf;   // PEM
    std::string chain;  // PEM: the leaf, then what leads to the root, without the root
    std::string key;    // PEM, PKCS #8
    std::uint64_t serial = 0;

    /// The chain, and the key with mode 0600. Files that exist are replaced as a whole.
    void write(const std::filesystem::path& chain_file,
               const std::filesystem::path& key_file) const;
};

struct AuthoritySpec {
    std::string name = "beta test root";
    std::chrono::seconds not_before{-3600};  // from now
    std::chrono::seconds not_after{86400};
    std::string basic_constraints = "critical,CA:TRUE";
    std::string key_usage = "critical,keyCertSign,cRLSign";
};

class Authority {
  public:
    /// A root with a new P-256 key. Two roots of one name are still two.
    explicit Authority(const AuthoritySpec& spec = {});
    /// One whose certificate this one signs; its leaves come with that certificate in their chain.
    Authority intermediate(const AuthoritySpec& spec);

    Issued issue(const LeafSpec& spec);
    Issued issue(std::string_view plane, std::string_view service) {
        return issue(service_leaf(plane, service));
    }

    const std::string& certificate() const noexcept { return certificate_; }  // PEM
    const std::string& root() const noexcept { return root_; }                // PEM, to be trusted
    /// PEM. `next_update` in the past makes a list that is out of date.
    std::string crl(const std::vector<std::uint64_t>& revoked,
                    std::chrono::seconds next_update = std::chrono::hours(24)) const;

  private:
    Authority(const AuthoritySpec& spec, Authority* parent);

    std::shared_ptr<EVP_PKEY> key_;
    std::shared_ptr<X509> own_;
    std::string certificate_;
    std::string root_;
    std::string chain_;  // what leads from a leaf of this one to the root
    std::uint64_t next_serial_ = 0x1000;
};

/// The first certificate of a PEM text; throws where there is none.
std::shared_ptr<X509> read_certificate(const std::string& pem);
std::string der_of(const std::string& pem);

/// Written beside, then renamed: a reader sees the old file or the new one.
void write_file(const std::filesystem::path& path, std::string_view text, unsigned mode);

}  // namespace beta::testing
