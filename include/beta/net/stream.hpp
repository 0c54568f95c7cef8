// Stream: a connected byte stream (TCP or unix) without blocking, whose readiness is remembered
// between edges.
#pragma once

#include "beta/net/descriptor.hpp"
#include "beta/runtime/poller.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace beta::net {

enum class IoState : std::uint8_t { ok, would_block, end, error };

struct IoResult {
    IoState state = IoState::ok;
    std::size_t bytes = 0;
};

/// Told of readiness; may change over the stream's life (a pooled stream passes from exchange to
/// exchange).
class StreamOwner {
  public:
    virtual ~StreamOwner() = default;
    /// Something changed: input, output or hang-up. The stream's flags say what.
    virtual void stream_ready() = 0;
};

/// One worker only. Destroyed through close(): events of the batch under way may still name it.
class Stream : public runtime::Pollable {
  public:
    Stream(runtime::Poller& poller, Descriptor fd);
    ~Stream() override;

    /// Registers with the poller; false when it cannot.
    bool watch() noexcept;
    /// Closes the descriptor now; the object itself goes at the end of the batch.
    void close() noexcept;
    void set_owner(StreamOwner* owner) noexcept { owner_ = owner; }

    IoResult read(std::span<char> into) noexcept;
    /// Writes `first` then `second` in one system call.
    IoResult write(std::string_view first, std::string_view second = {}) noexcept;
    /// Calls the owner again after the other connections had a turn: an edge comes once.
    void yield() { poller_.again(*this); }
    void shutdown_write() noexcept;
    /// The next close sends RST: the peer must not take a truncated message for a whole one.
    void reset_on_close() noexcept;

    bool readable() const noexcept { return readable_; }
    bool writable() const noexcept { return writable_; }
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

    runtime::Poller& poller_;
    Descriptor fd_;
    StreamOwner* owner_ = nullptr;
    bool readable_ = false;
    bool writable_ = false;
    bool hung_up_ = false;
    bool broken_ = false;
    bool watched_ = false;
};

/// Owner of a Stream: closes at once, destroys at the end of the batch.
struct StreamCloser {
    runtime::Poller* poller = nullptr;
    void operator()(Stream* stream) const noexcept;
};
using StreamHandle = std::unique_ptr<Stream, StreamCloser>;

StreamHandle make_stream(runtime::Poller& poller, Descriptor fd);

}  // namespace beta::net
