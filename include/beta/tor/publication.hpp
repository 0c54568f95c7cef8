// Publication: one onion service on its way to being published; pure, what it hears comes with the
// time.
#pragma once

#include "beta/model/onion_address.hpp"
#include "beta/torctl/reply.hpp"

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>

namespace beta::tor {

class Publication {
  public:
    using Time = std::chrono::steady_clock::time_point;
    enum class State : std::uint8_t {
        away,       // tor's control port does not obey
        wanted,     // tor is to be asked, at `due`
        asked,      // and has not answered
        added,      // tor has it; no descriptor is uploaded yet
        published,  // callers can find it
    };

    explicit Publication(model::OnionAddress address) : address_(std::move(address)) {}

    void control_ready(Time now);
    /// Tor drops what was added by a connection that ends.
    void control_lost();
    /// Whether to publish it anew may help: callers have had time to find what was uploaded last.
    bool may_be_stale(Time now) const noexcept;
    /// Tor was told to drop it: nothing where it does not have it.
    void dropped(Time now);
    void asked(Time now) noexcept;
    /// The reply to ADD_ONION, or why there is none.
    void answered(const std::expected<torctl::Reply, std::string>& answer, Time now);
    void uploaded(Time now);
    void upload_failed(const std::string& reason);

    State state() const noexcept { return state_; }
    bool is_published() const noexcept { return state_ == State::published; }
    /// When tor is to be asked, if it is.
    std::optional<Time> due() const noexcept;
    /// Of the last upload, also of one before the control connection was lost.
    std::optional<Time> last_upload() const noexcept { return last_upload_; }
    const model::OnionAddress& address() const noexcept { return address_; }
    /// For a person: "published", "added to tor, its descriptor is not uploaded yet", …
    std::string words() const;

  private:
    void refuse(std::string why, Time now);

    model::OnionAddress address_;
    State state_ = State::away;
    Time due_{};
    Time asked_{};
    std::chrono::milliseconds pause_{};
    std::optional<Time> last_upload_;
    std::string trouble_;
};

}  // namespace beta::tor
