#include "stream.hpp"

#include <openssl/err.h>

#include <array>

namespace beta::bench {
namespace {

constexpr std::size_t record = 16 * 1024;  // RFC 8446 §5.1

}  // namespace

Transfer Stream::greet() {
    if (!ssl_)
        return {};
    ERR_clear_error();
    return outcome(SSL_do_handshake(ssl_.get()), 0);
}

Transfer Stream::send(std::string_view bytes) {
    if (!ssl_)
        return send_some(socket_, bytes);
    ERR_clear_error();
    Transfer sent;
    while (sent.bytes < bytes.size()) {
        std::size_t more = 0;
        const auto left = bytes.substr(sent.bytes);
        const int result = SSL_write_ex(ssl_.get(), left.data(), left.size(), &more);
        sent.bytes += more;
        if (result != 1)
            return outcome(result, sent.bytes);
    }
    return sent;
}

Transfer Stream::receive(std::span<char> into) {
    if (!ssl_)
        return receive_some(socket_, into);
    ERR_clear_error();
    std::size_t bytes = 0;
    const int result = SSL_read_ex(ssl_.get(), into.data(), into.size(), &bytes);
    return outcome(result, bytes);
}

Transfer Stream::discard(std::size_t most) {
    if (!ssl_)
        return discard_some(socket_, most);
    static thread_local std::array<char, record> nobody_reads;
    return receive(nobody_reads);
}

void Stream::close() noexcept {
    ssl_.reset();
    socket_.close();
}

Transfer Stream::outcome(int result, std::size_t bytes) const noexcept {
    if (result == 1)
        return {.bytes = bytes};
    const int error = SSL_get_error(ssl_.get(), result);
    const bool again = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
    return {.bytes = bytes, .again = again, .ended = !again};
}

}  // namespace beta::bench
