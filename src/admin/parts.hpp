// Server::Parts: the admin thread's own world. Everything in it belongs to that thread once it
// runs.
#pragma once

#include "beta/admin/server.hpp"
#include "beta/admin/status.hpp"

#include "pages.hpp"
#include "routes.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace beta::admin {

using Protocol = boost::asio::generic::stream_protocol;  // TCP or unix

/// One collection of what workers know. Whoever asks while it is under way waits for the same one.
template <class Result>
struct Collection {
    using Make = std::function<Result()>;
    explicit Collection(boost::asio::io_context& context) : answered(context) {}

    void answer(Make how) {
        make = std::move(how);
        answered.cancel();
    }

    boost::asio::steady_timer answered;  // cancelled when there is an answer
    Make make;
    std::optional<Result> result;
};

struct Server::Parts : std::enable_shared_from_this<Server::Parts> {
    Parts(net::Descriptor bound, Hooks hooks, ServerLimits limits);

    boost::asio::awaitable<void> accept_all();
    boost::asio::awaitable<void> serve(Protocol::socket socket);
    boost::asio::awaitable<Answer> answer(Page page, bool verbose);
    /// Empty when the workers do not answer in time.
    template <class Result>
    boost::asio::awaitable<std::optional<Result>> collect(
        std::shared_ptr<Collection<Result>>& current,
        const std::function<void(std::function<void(std::function<Result()>)>)>& start);
    boost::asio::awaitable<Status> status();
    void open(Protocol::socket socket);
    void run();

    const Hooks hooks;
    const ServerLimits limits;
    std::size_t connections = 0;
    net::Descriptor bound;
    boost::asio::io_context context{1};  // before what uses it
    boost::asio::basic_socket_acceptor<Protocol> acceptor{context};
    std::shared_ptr<Collection<std::string>> metrics;  // under way
    std::shared_ptr<Collection<Status>> statuses;
    std::thread thread;
};

}  // namespace beta::admin
