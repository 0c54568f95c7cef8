// Options: what one run of the load generator is to do.
#pragma once

#include "tls.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace beta::bench {

struct Options {
    std::uint16_t port = 0;
    std::string host = "tron-payment";
    std::string path = "/bytes/1024";
    std::uint64_t expect_bytes = 0;  // of the answer's body; by default what `path` asks for
    unsigned expect_status = 200;
    std::size_t body = 0;  // POST that many bytes; 0: GET
    std::size_t connections = 32;
    double seconds = 0;            // either that long,
    std::uint64_t requests = 0;    // or that many
    bool new_connections = false;  // one for each request
    bool wait = false;             // with all connections open, for a byte on stdin
    bool absolute = false;         // forward-proxy form of the target
    PemFiles tls;                  // all three: mutual TLS
    bool resume = false;           // every connection but the first by a ticket
    std::size_t idle = 0;  // open that many, one request each, then hold them until stdin ends
};

/// From "--name value" pairs. Throws std::invalid_argument with a sentence for people.
Options parse_options(int argc, char** argv);

/// The bytes of one request.
std::string request_text(const Options& options);

}  // namespace beta::bench
