#include "support/server.hpp"

#include "support/gate.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace beta::testing {

Server::Server(Serve serve, std::uint16_t port)
    : serve_(std::move(serve)), listener_(port), acceptor_([this] { accept_all(); }) {}

Server::~Server() {
    stop();
}

std::size_t Server::accepted() const {
    const std::lock_guard lock(mutex_);
    return connections_.size();
}

void Server::wait_for_accepted(std::size_t count) const {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, failing_bound, [&] { return connections_.size() >= count; }))
        throw TimedOut("connection " + std::to_string(count));
}

void Server::wait_for_ended(std::size_t count) const {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, failing_bound, [&] { return ended() >= count; }))
        throw TimedOut("the end of connection " + std::to_string(count) + ", " +
                       std::to_string(ended()) + " have ended");
}

std::size_t Server::ended() const {
    const auto open = std::ranges::count_if(connections_, &Connection::open);
    return connections_.size() - static_cast<std::size_t>(open);
}

void Server::cut() {
    const std::lock_guard lock(mutex_);
    for (Connection& connection : connections_)
        connection.socket.interrupt();
}

void Server::stop() {
    {
        const std::lock_guard lock(mutex_);
        if (std::exchange(stopped_, true))
            return;
    }
    listener_.stop();
    acceptor_.join();
    cut();
    for (Connection& connection : connections_)
        connection.thread.join();
}

std::vector<std::string> Server::errors() const {
    const std::lock_guard lock(mutex_);
    return errors_;
}

void Server::accept_all() {
    for (std::size_t index = 0; auto socket = listener_.accept(); ++index) {
        const std::lock_guard lock(mutex_);
        Connection& connection = connections_.emplace_back(std::move(*socket));
        connection.thread = std::thread([this, &connection, index] { run(connection, index); });
        changed_.notify_all();
    }
}

void Server::run(Connection& connection, std::size_t index) {
    std::string error;
    try {
        serve_(connection.socket, index);
    } catch (const std::exception& exception) {
        error = exception.what();
    }
    const std::lock_guard lock(mutex_);
    connection.socket.close();
    connection.open = false;
    changed_.notify_all();
    if (!error.empty())
        errors_.push_back(std::move(error));
}

}  // namespace beta::testing
