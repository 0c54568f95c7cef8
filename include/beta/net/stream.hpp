// Stream: a connected byte stream (TCP or unix, with TLS over it or not) without blocking, whose
// readiness is remembered between edges.
#pragma once

#include "beta/net/descriptor.hpp"
#include "beta/net/layer.hpp"
#include "beta/runtime/poller.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace beta::net {

/// Told of readiness; may change over the stream's life (a pooled stream passes from exchange to
/// exchange).
class StreamOwner {
  public:
    virtual ~StreamOwner() = default;
    /// Something changed: input, output or hang-up. The stream's flags say what.
    virtual void stream_ready() = 0;
};

/// One worker only. Destroyed through close(): events of the batch under way may still name it.
class Stream : public runtime::Pollable, private Wire {
  public:
    Stream(runtime::Poller& poller, Descriptor fd);
    ~Stream() override;

    /// Registers with the poller; false when it cannot.
    bool watch() noexcept;
    /// Closes the descriptor now, with a last word of the layer's; the object itself goes at the
    /// end of the batch.
    void close() noexcept;
    void set_owner(StreamOwner* owner) noexcept { owner_ = owner; }

    /// From here on every byte goes through `layer`; greet() comes before all else.
    void wrap(std::unique_ptr<Layer> layer) noexcept { layer_ = std::move(layer); }
    /// The layer's handshake; done at once without one.
    Greeting greet();
    const Layer* layer() const noexcept { return layer_.get(); }
    /// Who is there was proved, and is believed until then; whoever uses the stream ends it.
    using Clock = std::chrono::steady_clock;
    void set_good_until(Clock::time_point when) noexcept { good_until_ = when; }
    Clock::time_point good_until() const noexcept { return good_until_; }

    IoResult read(std::span<char> into) noexcept;
    /// Writes `first` then `second` in one system call.
    IoResult write(std::string_view first, std::string_view second = {}) noexcept;
    /// Everything written is the kernel's: nothing waits in a layer.
    bool flushed() const noexcept { return !layer_ || layer_->unsent() == 0; }
    /// Calls the owner again after the other connections had a turn: an edge comes once.
    void yield() { poller_.again(*this); }
    /// Ends our direction: by FIN, or in the layer's own words and without one.
    void shutdown_write() noexcept;
    /// The next close sends RST: the peer must not take a truncated message for a whole one.
    void reset_on_close() noexcept;

    bool readable() const noexcept { return readable_ || (layer_ && layer_->holds_input()); }
    bool writable() const noexcept { return writable_ && flushed(); }
    bool hung_up() const noexcept { return hung_up_; }  // the peer has finished sending, or worse
    bool broken() const noexcept { return broken_; }    // reset, or closed both ways
    /// Asks the kernel whether an idle stream still is one: no byte, no end, no error waiting.
    bool still_idle() noexcept;
    int descriptor() const noexcept { return fd_.get(); }
    /// Bytes written that the peer has not taken yet: falls while a slow peer reads.
    std::size_t unsent() const noexcept;
    /// Outcome of a connect in progress: 0 or an errno.
    int connect_error() const noexcept;

  private:
    void ready(std::uint32_t events) override;
    IoResult receive(std::span<char> into) noexcept override;
    IoResult send(std::string_view first, std::string_view second) noexcept override;

    runtime::Poller& poller_;
    Descriptor fd_;
    std::unique_ptr<Layer> layer_;
    Clock::time_point good_until_ = Clock::time_point::max();
    StreamOwner* owner_ = nullptr;
    bool readable_ = false;
    bool writable_ = false;
    bool hung_up_ = false;
    bool broken_ = false;
    bool watched_ = false;
    bool cut_ = false;  // by reset_on_close
};

/// Owner of a Stream: closes at once, destroys at the end of the batch.
struct StreamCloser {
    runtime::Poller* poller = nullptr;
    void operator()(Stream* stream) const noexcept;
};
using StreamHandle = std::unique_ptr<Stream, StreamCloser>;

StreamHandle make_stream(runtime::Poller& poller, Descriptor fd);

}  // namespace beta::net
