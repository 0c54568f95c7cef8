#include "beta/app/calendar.hpp"

#include <pthread.h>

#include <algorithm>
#include <string>
#include <utility>

namespace beta::app {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr seconds daily = hours(24);
constexpr seconds longest = hours(1);  // clocks are set, machines sleep: look in between

}  // namespace

Notice notice(std::chrono::system_clock::time_point until, std::chrono::milliseconds warn_before,
              std::chrono::system_clock::time_point now) {
    if (now >= until)
        return {Notice::Kind::has_ended, daily};
    const auto left = std::chrono::ceil<seconds>(until - now);
    const auto before = std::chrono::floor<seconds>(warn_before);
    if (left <= before)
        return {Notice::Kind::ends_soon, std::min(daily, left)};
    return {Notice::Kind::none, std::min(longest, left - before)};
}

void Calendar::start() {
    thread_ = std::jthread([this](const std::stop_token& stop) {
        ::pthread_setname_np(::pthread_self(), "calendar");
        run(stop);
    });
}

void Calendar::look_again() {
    const std::scoped_lock lock(mutex_);
    look_ = true;
    changed_.notify_all();
}

void Calendar::stop() {
    thread_.request_stop();
    if (thread_.joinable())
        thread_.join();
}

void Calendar::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        const auto pause = tell();
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, stop, pause, [this] { return std::exchange(look_, false); });
    }
}

seconds Calendar::tell() {
    const auto until = until_();
    if (!until)
        return longest;
    const auto now = Clock::now();
    const auto said = notice(*until, warn_before_, now);
    const auto days = std::to_string(std::chrono::floor<std::chrono::days>(*until - now).count());
    if (said.kind == Notice::Kind::has_ended)
        events_.error("our certificate has expired: no sidecar takes our calls, or calls us");
    else if (said.kind == Notice::Kind::ends_soon)
        events_.warn(
            "our certificate expires soon; see that a new one is written to tls.certificate",
            {{"days", days}});
    return said.again;
}

}  // namespace beta::app
