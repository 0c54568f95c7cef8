// Gate and Recorder: how a test waits for a peer and a peer for a test, without sleeping or
// polling.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace beta::testing {

/// Only a failing test ever waits this long.
inline constexpr std::chrono::seconds failing_bound{60};

struct TimedOut : std::runtime_error {
    explicit TimedOut(const std::string& what) : std::runtime_error("timed out: " + what) {}
};

/// Shut until opened; then open until shut again. Any thread.
class Gate {
  public:
    explicit Gate(bool open = false) : open_(open) {}

    void open() { set(true); }
    void shut() { set(false); }

    void pass() {
        std::unique_lock lock(mutex_);
        ++arrived_;
        changed_.notify_all();
        if (!changed_.wait_for(lock, failing_bound, [this] { return open_; }))
            throw TimedOut("a gate that nobody opened");
    }

    /// Returns once so many have come to the gate, whether it is open or not.
    void wait_for_arrivals(std::size_t count) {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, failing_bound, [&] { return arrived_ >= count; }))
            throw TimedOut("a gate that nobody came to");
    }

  private:
    void set(bool open) {
        const std::lock_guard lock(mutex_);
        open_ = open;
        changed_.notify_all();
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t arrived_ = 0;
    bool open_;
};

/// What a peer has seen, in order. Any thread.
template <class Event>
class Recorder {
  public:
    void add(Event event) {
        const std::lock_guard lock(mutex_);
        events_.push_back(std::move(event));
        changed_.notify_all();
    }

    std::vector<Event> all() const {
        const std::lock_guard lock(mutex_);
        return events_;
    }

    /// Everything seen, once it is at least so many.
    std::vector<Event> wait_for(std::size_t count) const {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, failing_bound, [&] { return events_.size() >= count; }))
            throw TimedOut("event " + std::to_string(count) + ", seen " +
                           std::to_string(events_.size()));
        return events_;
    }

  private:
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::vector<Event> events_;
};

}  // namespace beta::testing
