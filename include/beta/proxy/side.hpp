// Side: what differs between egress and ingress: who asks, whom for, what is added and dropped on
// the way.
#pragma once

#include "beta/acl/decision.hpp"
#include "beta/directory/directory.hpp"
#include "beta/http/forward.hpp"
#include "beta/http/head.hpp"
#include "beta/http/target.hpp"
#include "beta/model/failure.hpp"
#include "beta/telemetry/shard.hpp"

#include <atomic>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace beta::proxy {

/// One per listener, shared by the sessions of all workers; immutable, but for what it counts.
class Side {
  public:
    virtual ~Side() = default;

    /// A caller got through to us: its handshake is done, or its first request is read.
    void arrived() const noexcept { arrivals_.fetch_add(1, std::memory_order_relaxed); }
    std::uint64_t arrivals() const noexcept { return arrivals_.load(std::memory_order_relaxed); }

    virtual acl::Direction direction() const noexcept = 0;
    virtual telemetry::Listener listener() const noexcept = 0;
    /// identify: who is on the other end, as far as the listener tells. Never from what it says in
    /// the message.
    virtual acl::Source source() const noexcept = 0;
    /// A caller must prove by certificate that it is of source().plane; this side speaks TLS.
    virtual bool wants_certificate() const noexcept = 0;
    /// The sidecar itself is meant by this host, lower case: nobody else ever sees the request.
    virtual bool answers(std::string_view host) const noexcept = 0;
    /// locate by name: the host the request names, lower case. Fails with unknown_destination or
    /// misdirected.
    virtual std::expected<acl::Destination, model::Failure> locate(
        const directory::Directory& directory, std::string_view host) const = 0;
    /// The same for CONNECT, which names a port too. Only hosts outside have tunnels.
    virtual std::expected<acl::Destination, model::Failure> locate_tunnel(
        const directory::Directory& directory, std::string_view host,
        std::string_view port) const = 0;
    /// Our own token in Via: how many times it may have been put there before this request is a
    /// loop.
    virtual std::size_t own_hops_allowed() const noexcept = 0;
    /// The local app is told the reason of a refusal in full, a remote peer is not.
    virtual bool full_detail() const noexcept = 0;
    virtual bool accepts_request_id() const noexcept = 0;
    /// What to drop from the request of `source`, and what to add: appended to `added`, whole
    /// lines.
    virtual http::HeadChanges request_changes(const acl::Source& source,
                                              const acl::Decision& decision,
                                              std::string_view request_id, bool has_request_id,
                                              std::string& added) const = 0;
    virtual http::HeadChanges response_changes() const = 0;
    /// A connect that failed for no reason that tor named.
    virtual model::Failure unreachable() const noexcept = 0;

  private:
    mutable std::atomic<std::uint64_t> arrivals_ = 0;
};

}  // namespace beta::proxy
