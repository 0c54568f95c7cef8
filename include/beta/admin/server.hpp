// Server: the read-only HTTP endpoint for probes and Prometheus, on a thread of its own.
#pragma once

#include "beta/admin/hooks.hpp"
#include "beta/net/descriptor.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace beta::admin {

/// A handful of probes and scrapers; whoever else comes must not hurt.
struct ServerLimits {
    std::size_t connections = 128;                  // one more is closed at once
    std::uint32_t header_bytes = 8192;              // a scraper sends some 300
    std::size_t requests = 1000;                    // per connection, then closed politely
    std::chrono::milliseconds request_time{5'000};  // to send a whole request, or to take an answer
    std::chrono::milliseconds idle_time{
        75'000};  // between two requests; above scrape intervals of a minute
    std::chrono::milliseconds scrape_time{5'000};  // for the workers to bring their numbers
};

class Server {
  public:
    /// `bound` is a bound stream socket, TCP or unix, that does not listen yet.
    Server(net::Descriptor bound, Hooks hooks, ServerLimits limits = {});
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    void start();  // listens, and serves on the thread "admin"
    void stop();   // ends every connection; waits for the thread

  private:
    struct Parts;
    std::shared_ptr<Parts> parts_;
};

}  // namespace beta::admin
