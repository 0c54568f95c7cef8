#include "beta/proxy/session.hpp"

namespace beta::proxy {
namespace {

constexpr int looked_at_to_shed = 64;  // from the oldest on: a flood must not make accepting dear

}  // namespace

Sessions::~Sessions() {
    while (first_ != nullptr)
        first_->close();
}

void Sessions::open(net::Descriptor fd) {
    auto stream = net::make_stream(context_.worker.poller(), std::move(fd));
    if (side_.wants_certificate()) {
        auto layer = context_.snapshot->credentials->accept(side_.source().plane);
        if (!layer)
            return;  // no memory: nobody is served in clear
        stream->wrap(std::move(layer));
    }
    auto* const session = new Session(*this, context_, side_, std::move(stream));
    session->next_ = first_;
    if (first_ != nullptr)
        first_->previous_ = session;
    else
        last_ = session;
    first_ = session;
    ++count_;
    context_.shard.connection(side_.listener(), +1);
    session->start();
}

bool Sessions::shed() {
    Session* session = last_;
    for (int i = 0; i < looked_at_to_shed && session != nullptr; ++i) {
        if (session->idle()) {
            session->close();
            return true;
        }
        session = session->previous_;
    }
    return false;
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
    (session.next_ != nullptr ? session.next_->previous_ : last_) = session.previous_;
    --count_;
    context_.shard.connection(side_.listener(), -1);
    context_.worker.poller().retire(std::unique_ptr<runtime::Retirable>(&session));
}

}  // namespace beta::proxy
