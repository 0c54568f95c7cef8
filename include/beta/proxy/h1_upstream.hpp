// H1Upstream: the HTTP/1.1 client side of one exchange, on a stream borrowed from the pool.
#pragma once

#include "beta/config/limits.hpp"
#include "beta/net/buffer.hpp"
#include "beta/proxy/body_pipe.hpp"
#include "beta/proxy/codec.hpp"
#include "beta/proxy/tunnel.hpp"
#include "beta/upstream/pool.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace beta::proxy {

class H1Upstream final : public net::StreamOwner {
  public:
    H1Upstream(UpstreamEvents& events, net::BlockPool& blocks, const config::Limits& limits,
               http::ResponseHead& scratch);

    /// Lays the head down; it leaves with the first body bytes or with flush().
    void write_head(const http::RequestHead& head, const http::Target& target,
                    const http::HeadChanges& changes);
    /// A 101 is right only when it accepts with these words.
    void expect_websocket(std::string accept) { accept_ = std::move(accept); }
    void attach(upstream::PooledStream& stream);
    /// For a tunnel: nothing on it is HTTP.
    void attach_raw(upstream::PooledStream& stream);
    /// In place of the stream there was, if any: on this one a copy of the request was sent
    /// already, and the `early` bytes of an answer were read.
    void take_over(upstream::PooledStream& stream, std::string_view early);
    /// What write_head() laid down, until it leaves.
    std::string_view laid_down() const noexcept { return out_; }
    bool attached() const noexcept { return stream_ != nullptr; }
    /// Gives the stream up; `clean` is false when it must not be used again.
    upstream::PooledStream* detach(bool& clean);

    std::size_t send_body(std::string_view bytes);
    void flush();
    void finish_request();

    bool anything_sent() const noexcept { return sent_ > 0; }
    bool anything_received() const noexcept { return received_ > 0; }
    bool request_sent() const noexcept { return request_done_ && out_.empty() && !deaf_; }
    bool blocked() const noexcept { return blocked_; }
    /// Blocked, but the peer has taken bytes since this was last asked.
    bool still_reads();
    std::uint64_t body_bytes() const noexcept { return pipe_.payload_bytes(); }
    bool response_complete() const noexcept { return part_ == Part::done; }
    /// Once switched: the stream, and what came behind the 101. Lives until detach().
    TunnelEnd tunnel_end() { return {stream_->stream(), in_, out_}; }
    /// Goes on reading after the downstream has had no room.
    void pull() { read(); }

  private:
    enum class Part : std::uint8_t { head, body, done };

    void stream_ready() override;
    void read();
    void pause();
    void tell_asked();
    bool step();
    bool take_head();
    bool take_body();
    void ended();
    model::Failure why_broken() const;
    void fail(model::Failure failure);

    UpstreamEvents& events_;
    const config::Limits& limits_;
    http::ResponseHead& head_;  // the worker's scratch: used within one call only
    upstream::PooledStream* stream_ = nullptr;
    net::Buffer in_;
    BodyPipe pipe_;
    http::HeadScan scan_;
    std::string out_;
    std::string accept_;  // of the websocket asked for; empty: none was
    std::uint64_t sent_ = 0;
    std::uint64_t received_ = 0;
    std::size_t unsent_ = 0;  // when the peer last had no room
    std::size_t interims_ = 0;
    Part part_ = Part::head;
    bool to_head_ = false;
    bool request_done_ = false;
    bool asked_ = false;    // the pool was told
    bool blocked_ = false;  // the kernel had no room; an edge will tell
    bool deaf_ = false;     // takes no more, but may have answered already
    bool keep_alive_ = false;
    bool eof_ = false;
};

}  // namespace beta::proxy
