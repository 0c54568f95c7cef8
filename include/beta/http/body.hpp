// BodyScan: follows a body through the bytes as they come and says which of them belong to it (RFC
// 9112 §6, §7.1).
#pragma once

#include "beta/http/framing.hpp"
#include "beta/model/failure.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace beta::http {

struct BodyLimits {
    std::uint64_t body_bytes;
    std::size_t chunk_extension_bytes;
    std::size_t trailer_bytes;
};

/// Pure. Bytes are released for forwarding only when the protocol element they belong to was seen
/// whole and is sound: a chunk-size line, a chunk's CRLF, the trailer section. The buffer must have
/// room for trailer_bytes.
class BodyScan {
  public:
    enum class State : std::uint8_t { more, done, failed };

    struct Step {
        std::size_t bytes = 0;  // of the input, to be forwarded as they are
        State state = State::more;
        model::Failure failure = model::Failure::none;  // malformed or body_too_large
    };

    BodyScan() = default;
    BodyScan(Framing framing, const BodyLimits& limits);

    /// Looks at `in` (everything unread); consumes a prefix of it.
    Step feed(std::string_view in);
    /// The peer has closed its side: fine for until_close, a truncated message for the others.
    bool may_end_here() const noexcept { return framing_.kind == BodyKind::until_close || done_; }
    bool done() const noexcept { return done_; }
    std::uint64_t payload_bytes() const noexcept { return payload_; }

  private:
    enum class Part : std::uint8_t { size_line, data, data_end, trailers };

    Step chunked(std::string_view in);
    bool size_line(std::string_view in, Step& step);
    bool data(std::string_view in, Step& step);
    bool data_end(std::string_view in, Step& step);
    bool trailers(std::string_view in, Step& step);
    static bool fail(Step& step, model::Failure failure) noexcept;

    Framing framing_;
    BodyLimits limits_{};
    Part part_ = Part::size_line;
    bool done_ = true;
    std::uint64_t left_ = 0;  // of the length, or of the chunk
    std::uint64_t payload_ = 0;
};

/// Whether a trailer section (field lines and the empty line) is sound and carries nothing that a
/// trailer must not: framing, routing, credentials, connection fields, X-Beta-* (RFC 9110 §6.5.1).
bool is_sound_trailer(std::string_view section);

}  // namespace beta::http
