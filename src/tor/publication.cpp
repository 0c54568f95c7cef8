#include "beta/tor/publication.hpp"

#include "beta/torctl/answer.hpp"

#include <algorithm>
#include <utility>

namespace beta::tor {
namespace {

using std::chrono::milliseconds;

// A refusal is a mistake that a person mends, or the end of a predecessor that still drains.
constexpr milliseconds first_pause{500};
constexpr milliseconds longest_pause{15'000};

// From the first directory that has a descriptor to the last; tor tries again where one does not.
constexpr milliseconds spreading_time{30'000};

/// Why tor said no.
std::string explain(const torctl::Reply& reply) {
    if (reply.first().contains("address collision"))
        return "this onion is published at the same tor already: by its torrc, another program, or "
               "a sidecar that still drains";
    return reply.summary();
}

}  // namespace

void Publication::control_ready(Time now) {
    state_ = State::wanted;
    due_ = now;
    pause_ = {};
}

void Publication::control_lost() {
    state_ = State::away;
}

bool Publication::may_be_stale(Time now) const noexcept {
    return is_published() && last_upload_ && now - *last_upload_ >= spreading_time;
}

void Publication::dropped(Time now) {
    if (state_ == State::added || state_ == State::published)
        control_ready(now);
}

void Publication::asked(Time now) noexcept {
    state_ = State::asked;
    asked_ = now;
}

void Publication::answered(const std::expected<torctl::Reply, std::string>& answer, Time now) {
    if (state_ != State::asked)
        return;  // of a connection that is gone
    if (!answer)
        return refuse(answer.error(), now);
    const auto added = torctl::read_onion_added(*answer);
    if (!added)
        return refuse(explain(*answer), now);
    if (added->address != address_)
        return refuse("tor made another address of this key", now);
    // An upload may be told before this answer.
    state_ = last_upload_ && *last_upload_ >= asked_ ? State::published : State::added;
    trouble_.clear();
    pause_ = {};
}

void Publication::refuse(std::string why, Time now) {
    state_ = State::wanted;
    trouble_ = std::move(why);
    pause_ = std::clamp(pause_ * 2, first_pause, longest_pause);
    due_ = now + pause_;
}

/// A descriptor goes to several directories: the first that has it answers callers.
void Publication::uploaded(Time now) {
    last_upload_ = now;
    trouble_.clear();
    if (state_ == State::added)
        state_ = State::published;
}

void Publication::upload_failed(const std::string& reason) {
    if (state_ == State::added)
        trouble_ = "a directory did not take the descriptor: " + reason;
}

std::optional<Publication::Time> Publication::due() const noexcept {
    return state_ == State::wanted ? std::optional(due_) : std::nullopt;
}

std::string Publication::words() const {
    const auto with_trouble = [this](std::string text) {
        return trouble_.empty() ? text : text + " (" + trouble_ + ")";
    };
    switch (state_) {
        case State::away:
            return "not published: tor's control port does not obey";
        case State::wanted:
        case State::asked:
            return with_trouble("not published: tor is being asked");
        case State::added:
            return with_trouble("added to tor, its descriptor is not uploaded yet");
        case State::published:
            return "published";
    }
    return {};
}

}  // namespace beta::tor
