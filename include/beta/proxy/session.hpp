// Session: one downstream HTTP/1.1 connection: reads a head, runs an exchange, answers in order,
// again.
#pragma once

#include "beta/net/buffer.hpp"
#include "beta/net/stream.hpp"
#include "beta/proxy/body_pipe.hpp"
#include "beta/proxy/codec.hpp"
#include "beta/proxy/context.hpp"
#include "beta/proxy/exchange.hpp"
#include "beta/proxy/pace.hpp"
#include "beta/proxy/side.hpp"
#include "beta/runtime/timer_wheel.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace beta::proxy {

class Session;

/// The sessions of one listener on one worker: counted, drained together, each ended at the end of
/// a batch.
class Sessions {
  public:
    Sessions(Context& context, const Side& side) : context_(context), side_(side) {}
    ~Sessions();

    void open(net::Descriptor fd);
    std::size_t count() const noexcept { return count_; }
    /// Makes room for a newer connection: closes the oldest of a few that wait for a request. False
    /// when all of them are at work.
    bool shed();
    /// Closes idle connections now; the others after the answer under way.
    void drain();

  private:
    friend class Session;
    void closed(Session& session);

    Context& context_;
    const Side& side_;
    Session* first_ = nullptr;
    Session* last_ = nullptr;
    std::size_t count_ = 0;
};

/// Owned by itself between open and close(); idle it holds no buffer and no exchange.
class Session final : public runtime::Retirable,
                      private net::StreamOwner,
                      private Downstream,
                      private runtime::Timer {
  public:
    Session(Sessions& sessions, Context& context, const Side& side, net::StreamHandle stream);
    ~Session() override;

    void start();
    void drain();
    bool idle() const noexcept {
        return phase_ == Phase::greeting || (phase_ == Phase::head && in_.empty());
    }

  private:
    friend class Sessions;
    enum class Phase : std::uint8_t { greeting, head, exchange, tunnel, flushing, closing, closed };

    // one message after the other
    void stream_ready() override;
    void expired() override;
    void advance();
    bool step();
    bool step_greeting();
    bool step_head();
    bool step_exchange();
    bool step_flush();
    bool step_closing();
    void begin_exchange(std::size_t head_size);
    void refuse(model::Failure failure, const http::RequestHead* head);
    void answer_self();
    void open_exchange();
    bool forward_body();
    bool lend_to_tunnel();
    bool bytes_in_doubt() const;

    // Downstream
    void send_head(const http::ResponseHead& head, const http::Framing& framing,
                   http::HeadChanges changes) override;
    std::size_t send_body(std::string_view bytes) override;
    void flush() override;
    bool blocked() const override { return blocked_; }
    void send_problem(http::Problem problem, bool close) override;
    void send_own_answer(http::OwnAnswer answer) override;
    void finish(bool close) override;
    void abort() override;
    void pull() override { advance(); }

    bool still_reads();
    bool read_more();
    void body_moved(std::size_t bytes);
    acl::Source source() const noexcept;
    void greeted();
    void next_message();
    void half_close();
    void close();
    void arm(std::chrono::milliseconds after);

    Sessions& sessions_;
    Context& context_;
    const Side& side_;
    net::StreamHandle stream_;
    net::Buffer in_;
    BodyPipe request_body_;
    Pace pace_;  // of the request body
    http::HeadScan scan_;
    std::unique_ptr<Exchange> exchange_;
    std::string
        out_;  // what the kernel had no room for, and a head on its way to its first body bytes
    Session* previous_ = nullptr;
    Session* next_ = nullptr;
    std::uint64_t requests_ = 0;
    std::size_t unsent_ = 0;        // when the peer last had no room
    std::uint32_t head_bytes_ = 0;  // of the request, while it is still in the buffer
    Phase phase_ = Phase::head;
    bool advancing_ = false;
    bool again_ = false;
    bool blocked_ = false;  // the peer's window is full; an edge will tell
    bool close_after_ = false;
    bool body_done_ = true;
    bool eof_ = false;
};

}  // namespace beta::proxy
