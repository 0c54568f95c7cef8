// BodyPipe: a body on its way through a buffer: scanned once, forwarded as the other side has room.
#pragma once

#include "beta/http/body.hpp"
#include "beta/net/buffer.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace beta::proxy {

class BodyPipe {
  public:
    explicit BodyPipe(net::Buffer& buffer) : buffer_(buffer) {}

    void begin(http::Framing framing, const http::BodyLimits& limits) {
        scan_ = http::BodyScan(framing, limits);
        cleared_ = 0;
        failure_ = model::Failure::none;
    }

    /// Scans what arrived and returns what may be forwarded now (a prefix of the buffer).
    std::string_view ready() {
        if (!scan_.done() && failure_ == model::Failure::none) {
            const auto step = scan_.feed(buffer_.data().substr(cleared_));
            cleared_ += step.bytes;
            failure_ = step.failure;
        }
        return buffer_.data().substr(0, cleared_);
    }
    void forwarded(std::size_t bytes) {
        buffer_.consume(bytes);
        cleared_ -= bytes;
    }

    /// Sound bytes wait for room on the other side.
    bool waiting() const noexcept { return cleared_ > 0; }
    /// Everything of the body was forwarded.
    bool complete() const noexcept { return scan_.done() && cleared_ == 0; }
    /// Everything of the body has arrived.
    bool received() const noexcept { return scan_.done(); }
    bool may_end_here() const noexcept { return scan_.may_end_here(); }
    model::Failure failure() const noexcept { return failure_; }
    std::uint64_t payload_bytes() const noexcept { return scan_.payload_bytes(); }

  private:
    net::Buffer& buffer_;
    http::BodyScan scan_;
    std::size_t cleared_ = 0;  // scanned, not yet forwarded
    model::Failure failure_ = model::Failure::none;
};

}  // namespace beta::proxy
