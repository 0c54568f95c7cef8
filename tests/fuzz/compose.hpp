// compose: messages out of the pieces that they are made of, so that a fuzzer works on structure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

namespace beta::fuzz {

/// A byte below 0x80 is a piece of this table, one from 0x80 on the character 0x80 below it.
/// tests/differential/streams.py reads the table, and writes the corpora.
inline constexpr std::string_view pieces[] = {
    "\r\n",
    "\r\n\r\n",
    " ",
    ": ",
    ":",
    ",",
    ";",
    "\t",
    "\n",
    "\r",
    "\f",
    "\v",
    "\x7f",
    "\xff",
    "GET ",
    "POST ",
    "HEAD ",
    "PUT ",
    "OPTIONS ",
    "TRACE ",
    "CONNECT ",
    "PRI ",
    "get ",
    "/",
    "/ok",
    "/ok/a",
    "/ok/../a",
    "//ok",
    "/ok%2fa",
    "/ok?q=1",
    "/%2e",
    "/ok;a",
    "*",
    "http://a/ok",
    "http://b/ok",
    "https://a/ok",
    "a:80",
    " HTTP/1.1\r\n",
    " HTTP/1.0\r\n",
    " HTTP/2.0\r\n",
    " HTTP/1.1",
    "HTTP/1.1",
    "HTTP/1.0",
    "GET /ok HTTP/1.1\r\nHost: a\r\n",
    "POST /ok HTTP/1.1\r\nHost: a\r\n",
    "HTTP/1.1 200 OK\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n",
    "HTTP/1.1 103 Early\r\n",
    "HTTP/1.1 204 No\r\n",
    "HTTP/1.1 304 Not\r\n",
    "HTTP/1.0 200 OK\r\n",
    " 200 OK\r\n",
    " 99 ",
    "Host: a\r\n",
    "Host: b\r\n",
    "Host:",
    "Host",
    "Content-Length: 5\r\n",
    "Content-Length: 0\r\n",
    "Content-Length:",
    "Content-Length",
    "content-length: 3\r\n",
    "Content_Length: 5\r\n",
    "Content-Length : 5\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Transfer-Encoding: identity\r\n",
    "Transfer-Encoding:",
    "Transfer-Encoding",
    "transfer-encoding: Chunked\r\n",
    "chunked",
    "xchunked",
    "gzip, chunked",
    "chunked, chunked",
    "identity",
    "Connection: close\r\n",
    "Connection: keep-alive, X-A\r\n",
    "Connection: Content-Length\r\n",
    "Connection: Transfer-Encoding\r\n",
    "Connection:",
    "Keep-Alive: 5\r\n",
    "Upgrade: h2c\r\n",
    "Expect: 100-continue\r\n",
    "Expect: y\r\n",
    "TE: trailers\r\n",
    "Trailer: X-A\r\n",
    "X-A: 1\r\n",
    "X-Beta-Rule: a\r\n",
    "X_Beta_Rule: a\r\n",
    "Via: 1.1 beta\r\n",
    "Proxy-Connection: close\r\n",
    "Max-Forwards: 0\r\n",
    "Cookie: a=b\r\n",
    "0\r\n\r\n",
    "0\r\n",
    "5\r\nhello\r\n",
    "5;ext=1\r\nhello\r\n",
    "5",
    "05",
    "+5",
    "0x5",
    "-1",
    "FFFFFFFF",
    "ffffffffffffffff",
    "10000000000000005",
    "00000000000000005",
    "A\r\n0123456789\r\n",
    "hello",
    "0\r\nX-A: 1\r\n\r\n",
    "0\r\nContent-Length: 5\r\n\r\n",
    "0\n\r\n",
    "5\nhello\r\n",
    " b\r\n",
    "\tb\r\n",
    "\"",
    "a",
    "0",
    "1",
};
static_assert(std::size(pieces) <= 0x80);

inline std::string compose(const std::uint8_t* data, std::size_t size) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) {
        if (data[i] >= 0x80)
            text += static_cast<char>(data[i] - 0x80);
        else
            text += pieces[data[i] % std::size(pieces)];
    }
    return text;
}

}  // namespace beta::fuzz
