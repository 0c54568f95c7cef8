// Exchange: one request and its answer: identify, decide, locate, borrow, relay, settle.
#pragma once

#include "beta/http/payload.hpp"
#include "beta/http/upgrade.hpp"
#include "beta/local/ask.hpp"
#include "beta/proxy/codec.hpp"
#include "beta/proxy/context.hpp"
#include "beta/proxy/h1_upstream.hpp"
#include "beta/proxy/hedge.hpp"
#include "beta/proxy/side.hpp"
#include "beta/proxy/tunnel.hpp"
#include "beta/runtime/timer_wheel.hpp"
#include "beta/telemetry/record.hpp"
#include "beta/trace/span.hpp"
#include "beta/upstream/pool.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace beta::proxy {

/// Lives from the parsed head to the settled record; its session retires it then. Knows no codec of
/// the downstream.
class Exchange final : public runtime::Retirable,
                       private UpstreamEvents,
                       private upstream::Borrower,
                       private TunnelEvents,
                       private HedgeEvents,
                       private runtime::Timer {
  public:
    /// Views of `source` outlive the exchange.
    Exchange(Context& context, const Side& side, const acl::Source& source, Downstream& downstream);
    ~Exchange() override;

    /// Views of `head` and `target` need to live during the call only.
    void begin(const http::RequestHead& head, const http::Target& target,
               const http::Framing& framing);
    /// Refused before there was a request to decide on; `head` is null when not even that was
    /// readable.
    void refuse(model::Failure failure, const http::RequestHead* head);

    /// Forwards what there is room for.
    std::size_t request_body(std::string_view bytes);
    void request_end(std::uint64_t payload_bytes);
    void request_failed(model::Failure failure);  // malformed or late body
    void flush() { upstream_.flush(); }
    void downstream_writable() { upstream_.pull(); }
    void downstream_gone();

    bool answered() const noexcept { return answered_; }  // a final head went downstream
    bool settled() const noexcept { return settled_; }
    /// What comes behind the head may not be HTTP: it is not looked at before the answer.
    bool may_switch() const noexcept { return switch_ != http::Switch::none && !switched_; }
    /// The answer that opens a tunnel is laid down; the session lends its stream next.
    bool switched() const noexcept { return switched_; }
    void open_tunnel(TunnelEnd downstream);
    bool takes_body() const noexcept {
        return local_ != nullptr || (upstream_.attached() && !upstream_.blocked());
    }

  private:
    // the story
    void note(const http::RequestHead& head, std::string_view path);
    std::optional<model::Failure> unspeakable(const http::RequestHead& head) const;
    acl::Decision decide(const http::RequestHead& head, const http::Target& target,
                         const acl::Destination& destination);
    /// False when the limit refused the request, which is settled then.
    bool take_limit(const acl::Decision& decision);
    void write_head(const http::RequestHead& head, const http::Target& target,
                    const acl::Decision& decision, bool outside);
    void borrow(const acl::Permit& permit);
    void settle(model::Failure failure);
    void count();

    // the trace that it is part of (exchange_trace.cpp)
    struct Trace {
        trace::Ids ids;
        std::string state;
        std::uint8_t flags = 0;
    };
    void follow_trace(const http::RequestHead& head);
    void write_trace(const http::RequestHead& head, bool outside, http::HeadChanges& changes,
                     std::string& added) const;

    // the connection becomes something else (exchange_tunnel.cpp)
    void open_connect(upstream::PooledStream& stream);
    void switch_over(const http::ResponseHead& head, const http::Framing& framing,
                     const http::HeadChanges& changes);
    void note_bytes();

    // a second copy, by another circuit (exchange_hedge.cpp)
    void prepare_hedge(upstream::PooledStream& stream);
    bool leave_to_hedge(model::Failure failure);
    void take_over(std::string_view early);
    void hedge_begins() override { ++record_.attempts; }
    void hedge_sent() override;
    void hedge_answers(std::string_view early) override { take_over(early); }
    void hedge_ended() override;

    // the sidecar itself is meant (exchange_local.cpp)
    struct LocalCall {
        local::Ask ask;
        http::Payload payload;
        std::string body = {};
    };
    void begin_local(const http::RequestHead& head, const http::Target& target,
                     const http::Framing& framing);
    void gather(std::string_view bytes);
    void answer_local();
    void take_logs();
    void refuse_logs(telemetry::AppLogResult result, std::size_t lines, model::Failure failure,
                     std::string_view detail, std::string_view fields = {});
    void answer(unsigned status, std::string_view body);

    // every failure ends here
    void fail(model::Failure failure, std::string_view detail = {}, std::string_view fields = {});
    bool try_another_stream(model::Failure failure);
    void release_stream();
    void await_response();

    void upstream_writable() override;
    void response_head(const http::ResponseHead& head, const http::Framing& framing) override;
    std::size_t response_body(std::string_view bytes) override;
    void response_paused() override { downstream_.flush(); }
    void response_end() override;
    void upstream_failed(model::Failure failure) override;
    void upstream_switched() override;
    bool wants_new_stream() const override { return switch_ == http::Switch::connect; }
    void tunnel_ended(model::Failure failure) override;
    void borrowed(upstream::PooledStream& stream) override;
    void refused(model::Failure failure) override;
    void expired() override;

    Context& context_;
    const Side& side_;
    acl::Source source_;
    Downstream& downstream_;
    SnapshotHandle snapshot_;
    H1Upstream upstream_;
    std::optional<acl::Permit> permit_;
    telemetry::Record record_;
    RequestId id_;
    std::string notes_;  // method, path, agent, request id: what the record's views point at
    std::chrono::steady_clock::time_point began_;
    std::unique_ptr<Trace> trace_;  // only where it is recorded
    std::unique_ptr<Tunnel> tunnel_;
    std::unique_ptr<Hedge> hedge_;
    std::unique_ptr<LocalCall> local_;
    model::Failure first_failure_ = model::Failure::none;  // of the first copy, left to the hedge
    http::Switch switch_ = http::Switch::none;             // what the request asks for
    bool switched_ = false;
    bool to_head_ = false;
    bool id_given_ = false;  // by the app; otherwise it is one of ours
    bool close_ = false;     // the downstream connection ends with this answer
    bool waiting_ = false;
    bool request_done_ = false;
    bool answered_ = false;
    bool settled_ = false;
};

}  // namespace beta::proxy
