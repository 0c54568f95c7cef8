// Tickets: sessions that a callee gave one of our workers for resuming, each used once.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

struct ssl_session_st;

namespace beta::tls {

/// Of one destination on one worker. A ticket is good for the certificates it was got with:
/// resuming must never skip what a change of them would refuse (RFC 8446 §C.4 on using it once).
class Tickets {
  public:
    using Clock = std::chrono::system_clock;

    struct Release {
        void operator()(ssl_session_st* session) const noexcept;
    };
    using Session = std::unique_ptr<ssl_session_st, Release>;

    struct Ticket {
        Session session;
        Clock::time_point until;  // what was verified with it holds so long
    };

    /// `generation`: of the credentials that it was got with.
    void put(Ticket ticket, std::uint64_t generation);
    std::optional<Ticket> take(std::uint64_t generation, Clock::time_point now);
    std::size_t size() const noexcept { return tickets_.size(); }

  private:
    static constexpr std::size_t most = 4;  // a few connects at once; each holds a certificate

    std::uint64_t generation_ = 0;
    std::vector<Ticket> tickets_;
};

}  // namespace beta::tls
