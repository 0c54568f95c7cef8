#include "beta/proxy/session.hpp"

namespace beta::proxy {

Sessions::~Sessions() {
    while (first_ != nullptr)
        first_->close();
}

void Sessions::open(net::Descriptor fd) {
    auto stream = net::make_stream(context_.worker.poller(), std::move(fd));
    auto* const session = new Session(*this, context_, side_, std::move(stream));
    session->next_ = first_;
    if (first_ != nullptr)
        first_->previous_ = session;
    first_ = session;
    ++count_;
    context_.shard.connection(side_.listener(), +1);
    session->start();
}

void Sessions::drain() {
    for (Session* session = first_; session != nullptr;) {
        Session* const next = session->next_;  // drain() may close this one
        session->drain();
        session = next;
    }
}

void Sessions::closed(Session& session) {
    (session.previous_ != nullptr ? session.previous_->next_ : first_) = session.next_;
    if (session.next_ != nullptr)
        session.next_->previous_ = session.previous_;
    --count_;
    context_.shard.connection(side_.listener(), -1);
    context_.worker.poller().retire(std::unique_ptr<runtime::Retirable>(&session));
}

}  // namespace beta::proxy
