#include "beta/http/field_id.hpp"
#include "beta/http/trace_context.hpp"
#include "beta/proxy/exchange.hpp"

#include <algorithm>

// The trace that a request is part of: what came with it is followed, else one begins here. Whether
// it is recorded is decided once, by whoever began it; a request that is not has no span anywhere.
namespace beta::proxy {
namespace {

/// Ours, as random as an id of a request.
http::TraceParent begun(std::string_view random, std::uint8_t flags) noexcept {
    return {.trace_id = random, .parent_id = random.substr(16), .flags = flags};
}

}  // namespace

void Exchange::follow_trace(const http::RequestHead& head) {
    if (context_.spans == nullptr)
        return;
    const std::string_view own{id_.data(), id_.size()};
    const auto given = http::trace_parent(head);
    if (given ? !given->is_sampled() : !context_.spans->samples(own))
        return;
    auto& trace = *(trace_ = std::make_unique<Trace>());
    auto& ids = trace.ids;
    const auto random = context_.ids.next();
    std::ranges::copy(given ? given->trace_id : own, ids.trace.begin());
    std::copy_n(random.begin(), ids.span.size(), ids.span.begin());
    ids.has_parent = given.has_value();
    trace.flags = http::TraceParent::sampled;
    if (given) {
        std::ranges::copy(given->parent_id, ids.parent.begin());
        trace.state = http::trace_state(head);
        trace.flags = given->flags;
    }
    record_.trace_id = ids.trace_id();
    record_.span_id = ids.span_id();
}

/// The next one on the way is told of our span, or that there is none. A host outside is not told
/// of a trace that our app did not speak of.
void Exchange::write_trace(const http::RequestHead& head, bool outside, http::HeadChanges& changes,
                           std::string& added) const {
    const std::string_view own{id_.data(), id_.size()};
    const bool is_broken = http::restarts_trace(head);
    const bool is_given = head.find(http::FieldId::traceparent) != nullptr;
    const bool begins = is_broken || (!is_given && context_.spans != nullptr && !outside);
    if (!begins && (!trace_ || !is_given))
        return;
    changes.drop_traceparent = true;
    changes.drop_tracestate = begins;
    added += http::traceparent_line(trace_ ? http::TraceParent{.trace_id = trace_->ids.trace_id(),
                                                               .parent_id = trace_->ids.span_id(),
                                                               .flags = trace_->flags}
                                           : begun(own, 0));
    changes.added = added;
}

}  // namespace beta::proxy
