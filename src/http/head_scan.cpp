#include "beta/http/head.hpp"

#include <cstring>

namespace beta::http {

HeadScan::State HeadScan::feed(std::string_view buffer, const HeadLimits& limits) noexcept {
    while (position_ < buffer.size()) {
        const auto* const from = buffer.data() + position_;
        const auto* const found =
            static_cast<const char*>(std::memchr(from, '\n', buffer.size() - position_));
        if (lines_ > 0 && (buffer[line_] == ' ' || buffer[line_] == '\t'))
            return State::malformed;  // obs-fold, RFC 9112 §5.2
        if (lines_ == 0 && buffer.size() - line_ > limits.target_bytes + 64) {
            const auto end = found == nullptr ? buffer.size() : std::size_t(found - buffer.data());
            if (end - line_ > limits.target_bytes + 64)  // 64: method, blanks and version
                return State::target_too_long;
        }
        if (found == nullptr) {
            position_ = buffer.size();
            break;
        }
        const auto end = static_cast<std::size_t>(found - buffer.data());
        if (end == line_ || buffer[end - 1] != '\r')
            return State::malformed;
        position_ = end + 1;
        if (position_ > limits.bytes)
            return State::too_large;
        if (end - line_ == 1) {  // the empty line
            if (lines_ == 0)
                return State::malformed;  // an empty line before the start line is refused, not
                                          // skipped
            return State::complete;
        }
        line_ = position_;
        if (++lines_ > limits.field_count + 1)
            return State::too_large;
    }
    return buffer.size() > limits.bytes ? State::too_large : State::need_more;
}

}  // namespace beta::http
