// Server::Parts: the admin thread's own world. Everything in it belongs to that thread once it
// runs.
#pragma once

#include "beta/admin/server.hpp"

#include "pages.hpp"
#include "routes.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace beta::admin {

using Protocol = boost::asio::generic::stream_protocol;  // TCP or unix

/// One collection of metrics. Whoever asks while it is under way waits for the same one.
struct Scrape {
    explicit Scrape(boost::asio::io_context& context) : answered(context) {}

    void answer(Hooks::MakeText how) {
        make = std::move(how);
        answered.cancel();
    }

    boost::asio::steady_timer answered;  // cancelled when there is an answer
    Hooks::MakeText make;
    std::optional<std::string> text;
};

struct Server::Parts : std::enable_shared_from_this<Server::Parts> {
    Parts(net::Descriptor bound, Hooks hooks, ServerLimits limits);

    boost::asio::awaitable<void> accept_all();
    boost::asio::awaitable<void> serve(Protocol::socket socket);
    boost::asio::awaitable<Answer> answer(Page page, bool verbose);
    boost::asio::awaitable<std::optional<std::string>> scrape();
    void open(Protocol::socket socket);
    void run();

    const Hooks hooks;
    const ServerLimits limits;
    std::size_t connections = 0;
    net::Descriptor bound;
    boost::asio::io_context context{1};  // before what uses it
    boost::asio::basic_socket_acceptor<Protocol> acceptor{context};
    std::shared_ptr<Scrape> current;
    std::thread thread;
};

}  // namespace beta::admin
