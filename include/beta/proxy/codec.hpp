// Downstream and Upstream as an exchange sees them: messages, not bytes on a wire. HTTP/1.1
// implements both.
#pragma once

#include "beta/http/forward.hpp"
#include "beta/http/framing.hpp"
#include "beta/http/head.hpp"
#include "beta/http/problem.hpp"
#include "beta/http/target.hpp"

#include <cstddef>
#include <string_view>

namespace beta::proxy {

/// The side that asks. Body bytes travel as the codec received them; a codec that frames otherwise
/// converts.
class Downstream {
  public:
    virtual ~Downstream() = default;

    virtual void send_head(const http::ResponseHead& head, const http::Framing& framing,
                           http::HeadChanges changes) = 0;
    /// Takes as much as there is room for; the rest is offered again after
    /// Exchange::downstream_writable().
    virtual std::size_t send_body(std::string_view bytes) = 0;
    virtual void flush() = 0;
    /// The peer has no room now; the codec watches that it reads at all.
    virtual bool blocked() const = 0;
    /// A whole answer of our own; nothing was sent before but interim ones.
    virtual void send_problem(http::Problem problem, bool close) = 0;
    virtual void send_own_answer(http::OwnAnswer answer) = 0;
    /// The answer is complete. `close`: the connection must not be used again.
    virtual void finish(bool close) = 0;
    /// The answer cannot be completed: the peer must see that it is truncated.
    virtual void abort() = 0;
    /// The upstream has room: deliver more of the request body; or lend the connection to
    /// Exchange::open_tunnel(), once it has switched.
    virtual void pull() = 0;
};

/// What the upstream codec tells the exchange.
class UpstreamEvents {
  public:
    virtual ~UpstreamEvents() = default;
    virtual void upstream_writable() = 0;
    virtual void response_head(const http::ResponseHead& head, const http::Framing& framing) = 0;
    virtual std::size_t response_body(std::string_view bytes) = 0;
    /// More is to come, nobody knows when.
    virtual void response_paused() = 0;
    virtual void response_end() = 0;
    virtual void upstream_failed(model::Failure failure) = 0;
    /// After response_head() of a 101: what follows is not HTTP.
    virtual void upstream_switched() = 0;
};

}  // namespace beta::proxy
