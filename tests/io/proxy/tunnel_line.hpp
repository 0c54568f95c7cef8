// TunnelLine: a sidecar whose policy lets CONNECT through to tron-mainnet, between byte-level
// peers.
#pragma once

#include "support/client.hpp"
#include "support/fake_tor.hpp"
#include "support/fake_upstream.hpp"
#include "support/running_sidecar.hpp"

#include <string>
#include <utility>
#include <vector>

namespace beta::testing {

struct TunnelLine {
    FakeUpstream upstream;  // what stands at tron.example.com:443
    FakeTor tor;
    RunningSidecar sidecar;
    Client client;

    /// `plain`: plain requests to tron-mainnet are allowed too.
    explicit TunnelLine(std::vector<Script> scripts, const std::string& extra = {},
                        bool plain = false)
        : upstream(std::move(scripts)),
          tor(),
          sidecar({.socks_port = tor.port(), .acl = acl(plain), .extra = extra}),
          client(sidecar.egress()) {
        tor.route("tron.example.com", 443, upstream.port());
    }

    bool has_metric(const std::string& text) const {
        const auto all = Client(sidecar.admin()).ask("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n");
        return all.body.find(text) != std::string::npos;
    }

    static std::string acl(bool plain) {
        return std::string(
                   "apiVersion: beta.acl/v1\nplane: ops\nallow:\n"
                   "  - { name: out, from: { services: [api-gateway] }, to: { plane: \"*\" } }\n"
                   "  - { name: in, from: { plane: chain }, to: { services: [api-gateway] } }\n"
                   "  - name: tunnel\n    from: { services: [api-gateway] }\n"
                   "    to: { external: [tron-mainnet] }\n    tunnel: true\n") +
               (plain ? "  - { name: plain, from: { services: [api-gateway] },"
                        " to: { external: [tron-mainnet] } }\n"
                      : "");
    }
};

inline const std::string connect_head =
    "CONNECT tron.example.com:443 HTTP/1.1\r\nHost: tron.example.com:443\r\n\r\n";
inline const std::string established =
    "HTTP/1.1 200 Connection established\r\nProxy-Status: beta\r\n\r\n";

}  // namespace beta::testing
