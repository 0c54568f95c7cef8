// bench_head: scan and parse a 371-byte request head as spans, beside Beast's own fields.
#include "beta/http/head.hpp"

#include "stopwatch.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <cstdio>
#include <string_view>

namespace beta::bench {
namespace {

constexpr std::string_view text =
    "GET /api/v1/payouts/8f14e45f-ceea-467a-85a3 HTTP/1.1\r\nHost: tron-payment\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) bench/1.0\r\n"
    "Accept: application/json, text/plain;q=0.9, */*;q=0.8\r\n"
    "Accept-Language: en-GB,en;q=0.5\r\nAccept-Encoding: gzip, deflate, br\r\n"
    "Cookie: session=8f14e45fceea167a5a36dedd4bea2543; theme=dark\r\n"
    "X-Tenant: acme-europe-west-2\r\nConnection: keep-alive\r\n\r\n";
static_assert(text.size() == 371, "the head that earlier figures were made with");

constexpr http::HeadLimits limits{.bytes = 32 * 1024, .target_bytes = 8192, .field_count = 128};

std::size_t spans(http::RequestHead& head) {
    http::HeadScan scan;
    if (scan.feed(text, limits) != http::HeadScan::State::complete)
        return 0;
    return http::parse(text, limits, head) == model::Failure::none ? head.fields.size() : 0;
}

std::size_t beast_fields() {
    namespace beast = boost::beast;
    beast::http::request_parser<beast::http::empty_body> parser;
    beast::error_code error;
    parser.put(boost::asio::buffer(text.data(), text.size()), error);
    const auto& fields = parser.get();
    return error ? 0 : static_cast<std::size_t>(std::distance(fields.begin(), fields.end()));
}

}  // namespace
}  // namespace beta::bench

int main(int argc, char** argv) {
    using namespace beta::bench;
    const bool quick = argc > 1 && std::string_view(argv[1]) == "--quick";
    beta::http::RequestHead head;  // reused, as a session does
    if (spans(head) != beast_fields() || spans(head) == 0) {
        std::fprintf(stderr, "bench_head: %zu fields here, %zu there\n", spans(head),
                     beast_fields());
        return 1;
    }
    const auto found = compare([&] { keep(spans(head)); }, [] { keep(beast_fields()); }, quick);
    std::printf("head: 371 bytes, %zu fields: spans %.0f ns, Beast's fields %.0f ns, ratio %.2f\n",
                head.fields.size(), found.ours, found.baseline, found.ratio);
}
