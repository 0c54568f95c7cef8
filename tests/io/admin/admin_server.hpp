// AdminServer: a running admin::Server on a free port, with hooks that a test may change.
#pragma once

#include "beta/admin/server.hpp"
#include "beta/net/listener.hpp"

#include "support/client.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace beta::testing {

inline admin::Hooks plain_hooks() {
    return {.metrics = [](auto answer) { answer([] { return std::string("up 1\n"); }); },
            .ready =
                [] {
                    return admin::Readiness{.ready = true,
                                            .checks = {{"policy", true, "12 rules"}}};
                },
            .live = [] { return true; }};
}

class AdminServer {
  public:
    explicit AdminServer(admin::Hooks hooks = plain_hooks(), admin::ServerLimits limits = {}) {
        auto socket = net::bind_listener(*model::Endpoint::parse("127.0.0.1:0"), false);
        address_ = net::bound_address(*socket);
        server_ = std::make_unique<admin::Server>(std::move(*socket), std::move(hooks), limits);
        server_->start();
    }

    std::uint16_t port() const { return endpoint().port(); }
    model::Endpoint endpoint() const { return *model::Endpoint::parse(address_); }
    admin::Server& operator*() { return *server_; }

    Message get(const std::string& target) const {
        return Client(port()).ask("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }

  private:
    std::string address_;
    std::unique_ptr<admin::Server> server_;
};

}  // namespace beta::testing
