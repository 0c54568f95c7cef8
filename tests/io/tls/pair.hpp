// Pair: api-gateway of ops calls blockchain-core of chain, sidecar to sidecar with certificates,
// through a fake tor.
#pragma once

#include "support/certificates.hpp"
#include "support/client.hpp"
#include "support/fake_tor.hpp"
#include "support/fake_upstream.hpp"
#include "support/running_sidecar.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace beta::testing {

/// The two authorities, one a plane, and a folder for what they issue.
class TlsFiles {
  public:
    TlsFiles();
    ~TlsFiles();
    TlsFiles(const TlsFiles&) = delete;
    TlsFiles& operator=(const TlsFiles&) = delete;

    Authority ops{AuthoritySpec{.name = "ops root"}};
    Authority chain{AuthoritySpec{.name = "chain root"}};

    /// Puts certificate and key for `who` into the folder; what is there is replaced.
    void install(const std::string& who, const Issued& issued) const;
    void trust(const std::string& plane, const std::string& pem) const;
    void revoke(const std::string& crl) const;
    /// The lines of `identity:` and `tls:` of a sidecar that uses them.
    std::string lines(const std::string& who, const std::string& more = {}) const;
    const std::filesystem::path& folder() const noexcept { return folder_; }

  private:
    std::filesystem::path folder_;
};

/// What a test of one pair may change before it runs.
struct PairSetup {
    std::string caller_service = "api-gateway";
    std::string caller_tls{};  // more of `tls:`: "crl: /path, "
    std::string callee_tls{};
    std::string callee_service = "blockchain-core";
    std::string callee_plane = "chain";
    std::string callee_identity{};  // instead of certificates
    std::string services{};
    std::string caller_extra{};
    std::string callee_extra{};
    bool callee_crl = false;  // of both authorities, empty at first
};

class Pair {
  public:
    explicit Pair(const PairSetup& setup = {})
        : Pair(setup, [](const Message&) { return ok("hello"); }) {}
    Pair(const PairSetup& setup, FakeUpstream::Handler handler) : app(std::move(handler)) {
        start(setup);
    }
    Pair(const PairSetup& setup, std::vector<Script> scripts) : app(std::move(scripts)) {
        start(setup);
    }

    TlsFiles files;
    FakeUpstream app;
    FakeTor tor;
    std::uint64_t caller_serial = 0;
    std::unique_ptr<RunningSidecar> callee;
    std::unique_ptr<RunningSidecar> caller;

    /// One request on a connection of its own.
    Message get(const std::string& path = "/ok") const;
    /// The value of one sample of /metrics, 0 when there is none.
    static std::uint64_t metric(const RunningSidecar& sidecar, const std::string& sample);
    std::uint64_t handshakes(const RunningSidecar& sidecar, const std::string& direction,
                             const std::string& result) const {
        return metric(sidecar, "beta_sidecar_tls_handshakes_total{direction=\"" + direction +
                                   "\",result=\"" + result + "\"}");
    }

  private:
    void start(const PairSetup& setup);
};

/// Where a policy names the calling service.
inline std::string only_the_gateway(const std::string& plane) {
    return "apiVersion: beta.acl/v1\nplane: " + plane + R"(
allow:
  - name: gateway
    from: { plane: ops, services: [api-gateway] }
    to: { services: [blockchain-core, other-service] }
    paths: [/ok, /ok/**]
)";
}

}  // namespace beta::testing
