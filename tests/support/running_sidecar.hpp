// RunningSidecar: a whole sidecar in this process, on free ports, between peers of the test.
#pragma once

#include "beta/app/sidecar.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace beta::testing {

/// What a test may change. The defaults: service api-gateway on ops; tron-payment on wallet behind
/// onion(1) port 80 and blockchain-core on chain behind onion(2); outside, tron-mainnet is
/// tron.example.com:443 and outside is outside.example.com:8443; everything under /ok is allowed,
/// the rule `never` denies /never.
struct SidecarSetup {
    std::uint16_t socks_port = 1;  // nothing listens there
    std::uint16_t app_port = 1;
    std::uint16_t control_port = 0;                 // of tor; 0 for none
    std::string tor = {};                           // more of `tor:`: ", probe: 1s"
    std::string acl = {};                           // the whole file; empty for the default
    std::string identity = "identity: listener\n";  // and the lines of `tls:`
    std::string app_health = "every: off";          // no connection but those of requests
    std::string log = "access: false";              // of `log:`
    std::string extra = {};  // more lines of the configuration: "limits: { … }"
    unsigned workers = 1;
    bool page = true;
    // Another service than the default, and who may call it:
    std::string service = "api-gateway";
    std::string plane = "ops";
    std::string caller = "chain";
    std::string services = {};  // the whole file; empty for the default
};

class RunningSidecar {
  public:
    explicit RunningSidecar(const SidecarSetup& setup);
    ~RunningSidecar();
    RunningSidecar(const RunningSidecar&) = delete;
    RunningSidecar& operator=(const RunningSidecar&) = delete;

    std::uint16_t egress() const { return port_of("egress"); }
    std::uint16_t ingress() const { return port_of("ingress:" + caller_); }
    std::uint16_t admin() const { return port_of("admin"); }
    /// New contents of the files that a reload reads: in force after it, or a while by themselves.
    void write_acl(const std::string& text) const;
    void write_services(const std::string& text) const;
    app::Sidecar& operator*() { return *sidecar_; }
    app::Sidecar* operator->() { return sidecar_.get(); }

    /// The onion addresses of the directory: valid ones, made from the keys 0x01… and 0x02….
    static std::string onion(unsigned char key);

  private:
    std::uint16_t port_of(const std::string& listener) const;

    std::filesystem::path folder_;
    std::string caller_;
    std::unique_ptr<app::Sidecar> sidecar_;
};

}  // namespace beta::testing
