// Payload: what a body carries, without the framing of its chunks (RFC 9112 §7.1).
#pragma once

#include "beta/http/framing.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace beta::http {

/// Follows bytes that BodyScan has released, cut anywhere: it has seen that they are sound.
class Payload {
  public:
    explicit Payload(BodyKind kind) noexcept
        : part_(kind == BodyKind::chunked ? Part::size : Part::whole) {}

    /// Appends what is payload of `bytes` to `out`.
    void feed(std::string_view bytes, std::string& out);

  private:
    enum class Part : std::uint8_t { whole, size, size_rest, data, data_end, trailers };

    Part part_;
    std::uint64_t left_ = 0;  // of the chunk
};

}  // namespace beta::http
