#include "beta/http/body.hpp"

#include <algorithm>

namespace beta::http {
namespace {

using model::Failure;

constexpr std::size_t max_size_digits = 15;  // 2^60: no sum of two can overflow

int hex(char c) noexcept {
    if (c >= '0' && c <= '9')
        return c - '0';
    const char low = static_cast<char>(c | 0x20);
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/// chunk-ext of RFC 9112 §7.1.1 as printable bytes: no control may hide in what we forward.
bool is_extension(std::string_view text) noexcept {
    if (text.empty())
        return true;
    return text.front() == ';' &&
           std::ranges::all_of(text, [](char c) { return c == '\t' || (c >= 0x20 && c < 0x7F); });
}

}  // namespace

BodyScan::BodyScan(Framing framing, const BodyLimits& limits)
    : framing_(framing),
      limits_(limits),
      done_(framing.kind == BodyKind::none),
      left_(framing.length) {}

BodyScan::Step BodyScan::feed(std::string_view in) {
    Step step;
    if (done_) {
        step.state = State::done;
        return step;
    }
    if (framing_.kind == BodyKind::chunked)
        return chunked(in);
    step.bytes = in.size();
    if (framing_.kind == BodyKind::length) {
        step.bytes = static_cast<std::size_t>(std::min<std::uint64_t>(left_, in.size()));
        left_ -= step.bytes;
        done_ = left_ == 0;
    }
    payload_ += step.bytes;
    if (payload_ > limits_.body_bytes)
        fail(step, Failure::body_too_large);
    else if (done_)
        step.state = State::done;
    return step;
}

bool BodyScan::fail(Step& step, Failure failure) noexcept {
    step.bytes = 0;
    step.state = State::failed;
    step.failure = failure;
    return false;
}

BodyScan::Step BodyScan::chunked(std::string_view in) {
    Step step;
    for (bool moving = true; moving && !done_;) {
        const auto rest = in.substr(step.bytes);
        switch (part_) {
            case Part::size_line:
                moving = size_line(rest, step);
                break;
            case Part::data:
                moving = data(rest, step);
                break;
            case Part::data_end:
                moving = data_end(rest, step);
                break;
            case Part::trailers:
                moving = trailers(rest, step);
                break;
        }
    }
    if (done_)
        step.state = State::done;
    return step;
}

bool BodyScan::size_line(std::string_view in, Step& step) {
    std::uint64_t size = 0;
    std::size_t digits = 0;
    for (; digits < in.size() && hex(in[digits]) >= 0; ++digits) {
        if (digits == max_size_digits)  // said at once, whether or not the line is complete
            return fail(step, Failure::body_too_large);
        size = size * 16 + static_cast<std::uint64_t>(hex(in[digits]));
    }
    const auto end = in.find('\n');
    if (end == in.npos) {
        if (in.size() > max_size_digits + limits_.chunk_extension_bytes + 2)
            return fail(step, Failure::malformed);
        return false;
    }
    if (digits == 0 || end == 0 || in[end - 1] != '\r')
        return fail(step, Failure::malformed);
    const auto extension = in.substr(digits, end - 1 - digits);
    if (extension.size() > limits_.chunk_extension_bytes || !is_extension(extension))
        return fail(step, Failure::malformed);
    if (size > limits_.body_bytes || payload_ + size > limits_.body_bytes)
        return fail(step, Failure::body_too_large);
    // The last chunk's line goes out together with its trailer section, once that is known to be
    // sound.
    left_ = size == 0 ? end + 1 : size;
    part_ = size == 0 ? Part::trailers : Part::data;
    if (size != 0)
        step.bytes += end + 1;
    return true;
}

bool BodyScan::data(std::string_view in, Step& step) {
    const auto take = static_cast<std::size_t>(std::min<std::uint64_t>(left_, in.size()));
    left_ -= take;
    payload_ += take;
    step.bytes += take;
    if (left_ == 0)
        part_ = Part::data_end;
    return take != 0;
}

bool BodyScan::data_end(std::string_view in, Step& step) {
    if (!in.empty() && in[0] != '\r')
        return fail(step, Failure::malformed);
    if (in.size() < 2)
        return false;
    if (in[1] != '\n')
        return fail(step, Failure::malformed);
    step.bytes += 2;
    part_ = Part::size_line;
    return true;
}

bool BodyScan::trailers(std::string_view in, Step& step) {
    const auto line =
        static_cast<std::size_t>(left_);  // the last chunk's own line, still unreleased
    const auto section = in.substr(line);
    std::size_t size = 0;
    if (section.starts_with("\r\n")) {
        size = 2;
    } else if (const auto end = section.find("\r\n\r\n"); end != section.npos) {
        size = end + 4;
    }
    if (size > limits_.trailer_bytes || (size == 0 && section.size() > limits_.trailer_bytes))
        return fail(step, Failure::head_too_large);
    if (size == 0)
        return false;
    if (!is_sound_trailer(section.substr(0, size)))
        return fail(step, Failure::malformed);
    step.bytes += line + size;
    done_ = true;
    return true;
}

}  // namespace beta::http
