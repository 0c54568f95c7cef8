// Line: the usual set-up of a proxy test: client, sidecar, SOCKS port, upstream behind the onion of
// tron-payment.
#pragma once

#include "support/client.hpp"
#include "support/fake_tor.hpp"
#include "support/fake_upstream.hpp"
#include "support/running_sidecar.hpp"

#include <string>
#include <utility>
#include <vector>

namespace beta::testing {

struct Line {
    FakeUpstream upstream;
    FakeTor tor;
    RunningSidecar sidecar;
    Client client;

    explicit Line(std::vector<Script> scripts, const std::string& extra = {})
        : Line(Tag{}, extra, std::move(scripts)) {}
    explicit Line(FakeUpstream::Handler handler, const std::string& extra = {})
        : Line(Tag{}, extra, std::move(handler)) {}
    /// `extra`: more lines of the configuration, e.g. "limits: { header_time: 300ms }\n".
    explicit Line(const std::string& extra = {}) : Line(Tag{}, extra, std::string("hello")) {}

  private:
    struct Tag {};
    template <class Upstream>
    Line(Tag, const std::string& extra, Upstream what)
        : upstream(std::move(what)),
          tor(),
          sidecar({.socks_port = tor.port(), .extra = extra}),
          client(sidecar.egress()) {
        tor.route(RunningSidecar::onion(1), 80, upstream.port());
    }
};

inline const std::string get_ok = "GET /ok HTTP/1.1\r\nHost: tron-payment\r\n\r\n";

}  // namespace beta::testing
