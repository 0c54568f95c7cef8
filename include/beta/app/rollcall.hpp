// Rollcall: waits until everybody of a number has come; how workers are asked whether they run.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <stop_token>

namespace beta::app {

/// Any thread. Shared by who waits and who is to come: it outlives a wait that ended in vain.
class Rollcall {
  public:
    explicit Rollcall(std::size_t missing) : missing_(missing) {}

    void arrive() {
        const std::scoped_lock lock(mutex_);
        --missing_;
        all_here_.notify_all();
    }
    /// False: somebody was still missing, or a stop was asked for.
    bool wait(std::chrono::microseconds patience, const std::stop_token& stop = {}) {
        std::unique_lock lock(mutex_);
        return all_here_.wait_for(lock, stop, patience, [this] { return missing_ == 0; });
    }

  private:
    std::mutex mutex_;
    std::condition_variable_any all_here_;
    std::size_t missing_;
};

}  // namespace beta::app
