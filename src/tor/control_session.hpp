// ControlSession: one control connection, from its connect to its end. Control's thread only.
#pragma once

#include "beta/tor/control.hpp"
#include "beta/torctl/authentication.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace beta::tor {

class ControlSession : public std::enable_shared_from_this<ControlSession> {
  public:
    /// What becomes of the connection, told from within run().
    struct Events {
        std::function<void()> connected;
        std::function<void(const torctl::ProtocolInfo&)> authenticated;
        std::function<void(const torctl::Event&)> heard;
        std::function<void(const torctl::Reply&)> told;  // of tor's state, now and then
        std::function<void()> ready;                     // the first of them was told
    };

    /// `settings` outlives this.
    ControlSession(boost::asio::io_context& context, const ControlSettings& settings,
                   Events events);

    /// Why it ended, a sentence.
    boost::asio::awaitable<std::string> run();
    /// Answers with a sentence at once when nothing can be asked now.
    void ask(torctl::Command command, Control::Answer answer);
    /// run() ends with this, unless it is about to end by itself. Nobody has an answer afterwards.
    void end(std::string why);
    /// Whoever waits gets `why` for an answer.
    void give_up(const std::string& why);

  private:
    struct Asked {
        std::string verb;
        Control::Answer answer;
    };

    boost::asio::awaitable<bool> connect();
    std::optional<torctl::Authentication> new_authentication();
    void take(const torctl::Reply& reply);
    void act(torctl::Authentication::Action action);
    void begin();
    void look();
    void told(std::expected<torctl::Reply, std::string> reply);
    void look_again_later();
    void send(std::string_view bytes);
    void write();
    void expect(std::string what);
    void nothing_is_due();

    const ControlSettings& settings_;
    Events events_;
    boost::asio::generic::stream_protocol::socket socket_;
    boost::asio::steady_timer limit_;  // for what is due
    boost::asio::steady_timer pause_;  // between two looks
    torctl::ReplyReader reader_;
    std::optional<torctl::Authentication> authentication_;
    bool is_authenticated_ = false;
    bool is_ready_ = false;
    std::deque<Asked> asked_;
    std::string to_send_;  // waits for
    std::string sending_;  // what is under way
    std::string end_;      // why it ended
};

}  // namespace beta::tor
