#include "beta/tls/tickets.hpp"

#include <openssl/ssl.h>

#include <utility>

namespace beta::tls {

void Tickets::Release::operator()(ssl_session_st* session) const noexcept {
    SSL_SESSION_free(session);
}

void Tickets::put(Ticket ticket, std::uint64_t generation) {
    if (generation != generation_)
        tickets_.clear();
    generation_ = generation;
    if (tickets_.size() == most)
        tickets_.erase(tickets_.begin());
    tickets_.push_back(std::move(ticket));
}

std::optional<Tickets::Ticket> Tickets::take(std::uint64_t generation, Clock::time_point now) {
    if (generation != generation_)
        tickets_.clear();
    while (!tickets_.empty()) {
        auto ticket = std::move(tickets_.back());
        tickets_.pop_back();
        if (now < ticket.until && SSL_SESSION_is_resumable(ticket.session.get()) == 1)
            return ticket;
    }
    return std::nullopt;
}

}  // namespace beta::tls
