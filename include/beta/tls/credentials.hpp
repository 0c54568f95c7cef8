// Credentials: this service's certificate and key, and whom it trusts for which plane. Immutable;
// swapped whole.
#pragma once

#include "beta/config/config.hpp"
#include "beta/model/diagnostic.hpp"
#include "beta/net/layer.hpp"
#include "beta/tls/expected.hpp"
#include "beta/tls/tickets.hpp"

#include <chrono>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace beta::tls {

class Credentials {
  public:
    using Clock = std::chrono::system_clock;

    /// Reads every file that config.tls names, and refuses what would fail or harm later: a key
    /// that others can read, a certificate of another service, one that is not of the key, or that
    /// its own plane's authority does not vouch for. Every error at once; never a byte of the key
    /// in one. `without_key` leaves the key alone: for checking where it is not at hand.
    static std::expected<std::shared_ptr<const Credentials>, model::Diagnostics> load(
        const config::Config& config, bool without_key = false);
    ~Credentials();
    Credentials(const Credentials&) = delete;
    Credentials& operator=(const Credentials&) = delete;

    /// The layer of a connection that came to the listener of `plane`: its peer must be of it.
    std::unique_ptr<net::Layer> accept(std::string_view plane) const;
    /// The layer of a connection of ours to `expected`. `tickets` gets what the callee gives.
    /// Needs trusts(expected.plane).
    std::unique_ptr<net::Layer> connect(const Expected& expected,
                                        std::shared_ptr<Tickets> tickets) const;
    bool trusts(std::string_view plane) const;

    const std::string& id() const noexcept;  // ours, as in the certificate
    /// When the first certificate of our chain expires.
    Clock::time_point until() const noexcept;
    /// Hex SHA-256 of our leaf: which certificate is in force.
    const std::string& fingerprint() const noexcept;

  private:
    struct Parts;
    explicit Credentials(std::unique_ptr<const Parts> parts);
    std::unique_ptr<const Parts> parts_;
};

/// The files that Credentials::load reads, and the folder where `tls.ca` is one.
std::vector<std::string> files_of(const config::Config& config);

}  // namespace beta::tls
