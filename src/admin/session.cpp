// One connection of the admin endpoint: requests in, pages out, until somebody has had enough.
#include "parts.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace beta::admin {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

using Stream = beast::basic_stream<Protocol>;
using Request = http::request<http::empty_body>;

/// What to say to bytes that are no request we take; nothing when there is nobody to say it to.
std::optional<unsigned> status_of(const beast::error_code& error) {
    if (error == http::error::header_limit || error == http::error::buffer_overflow)
        return 431;
    if (error == http::error::body_limit || error == http::error::unexpected_body)
        return 413;
    if (error == http::error::end_of_stream || error == http::error::partial_message)
        return std::nullopt;
    if (error.category() == http::make_error_code(http::error::bad_method).category())
        return 400;
    return std::nullopt;  // the time was up, or the connection broke
}

/// Head and body; to HEAD the head alone.
asio::awaitable<bool> send(Stream& stream, Answer answer, const Request& request, bool keep) {
    http::response<http::string_body> response;
    response.version(11);
    response.result(answer.status);
    response.set(http::field::content_type, answer.type);
    response.set(http::field::cache_control, "no-store");
    response.set("X-Content-Type-Options", "nosniff");
    response.set("Content-Security-Policy", answer.security);
    response.set("Referrer-Policy", "no-referrer");
    response.set("Cross-Origin-Resource-Policy", "same-origin");
    if (answer.status == 405)
        response.set(http::field::allow, "GET, HEAD");
    response.keep_alive(keep);
    response.body() = std::move(answer.body);
    response.prepare_payload();
    http::response_serializer<http::string_body> serializer(response);
    auto [error, size] = request.method() == http::verb::head
                             ? co_await http::async_write_header(stream, serializer, as_result)
                             : co_await http::async_write(stream, serializer, as_result);
    co_return !error;
}

}  // namespace

/// The first to ask starts it. `answered` is cancelled on this thread, hence never before it is
/// waited for. Weak references, because the answer may come when the server has gone; and what they
/// refer to is touched here only.
template <class Result>
asio::awaitable<std::optional<Result>> Server::Parts::collect(
    std::shared_ptr<Collection<Result>>& current,
    const std::function<void(std::function<void(std::function<Result()>)>)>& start) {
    auto mine = current;
    if (!mine) {
        mine = current = std::make_shared<Collection<Result>>(context);
        mine->answered.expires_after(limits.scrape_time);
        start([parts = weak_from_this(), weak = std::weak_ptr(mine)](std::function<Result()> make) {
            if (const auto self = parts.lock())
                asio::post(self->context, [weak, make = std::move(make)]() mutable {
                    if (const auto asked = weak.lock())
                        asked->answer(std::move(make));
                });
        });
    }
    co_await mine->answered.async_wait(as_result);
    if (current == mine)
        current.reset();
    if (!mine->result && mine->make)
        mine->result = mine->make();
    co_return mine->result;
}

asio::awaitable<Status> Server::Parts::status() {
    if (auto whole = co_await collect(statuses, hooks.status))
        co_return std::move(*whole);
    co_return hooks.status_without_workers();
}

asio::awaitable<Answer> Server::Parts::answer(Page page, bool verbose) {
    switch (page) {
        case Page::metrics:
            if (auto text = co_await collect(metrics, hooks.metrics))
                co_return metrics_page(std::move(*text));
            co_return no_metrics_page();
        case Page::front:
            co_return front_page_for(co_await status());
        case Page::status:
            co_return status_page(co_await status());
        case Page::live:
            co_return live_page(hooks.live());
        case Page::ready:
            co_return ready_page(hooks.ready(), verbose);
        case Page::build:
            co_return build_page();
        case Page::none:
            break;
    }
    co_return refusal(404);
}

asio::awaitable<void> Server::Parts::serve(Protocol::socket socket) {
    Stream stream(std::move(socket));
    beast::flat_buffer buffer(limits.header_bytes + 1024);
    for (std::size_t left = limits.requests; left > 0; --left) {
        http::request_parser<http::empty_body> parser;
        parser.header_limit(limits.header_bytes);
        parser.body_limit(0);
        stream.expires_after(buffer.size() == 0 && left < limits.requests ? limits.idle_time
                                                                          : limits.request_time);
        auto [error, size] = co_await http::async_read(stream, buffer, parser, as_result);
        const auto& request = parser.get();
        stream.expires_after(limits.request_time + limits.scrape_time);
        if (error) {
            if (const auto status = status_of(error))
                co_await send(stream, refusal(*status), request, false);
            break;
        }
        auto route = find_route({request.target().data(), request.target().size()});
        if (!hooks.status && (route.page == Page::front || route.page == Page::status))
            route.page = Page::none;
        const bool reads =
            request.method() == http::verb::get || request.method() == http::verb::head;
        const bool keep = request.keep_alive() && left > 1;
        auto page = route.page != Page::none && !reads ? refusal(405)
                                                       : co_await answer(route.page, route.verbose);
        if (!co_await send(stream, std::move(page), request, keep) || !keep)
            break;
    }
    beast::error_code ignored;
    stream.socket().shutdown(Protocol::socket::shutdown_send, ignored);
}

}  // namespace beta::admin
