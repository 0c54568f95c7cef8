// InForce: the policy and directory by which requests that begin now are decided, and how often
// they were reloaded.
#pragma once

#include "beta/app/loaded.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

namespace beta::app {

/// Any thread. Workers have their own copies; this one is for those who show what is in force.
class InForce {
  public:
    struct State {
        std::shared_ptr<const Loaded> loaded;
        std::uint64_t reloads_ok = 0;
        std::uint64_t reloads_failed = 0;
        bool last_failed = false;  // the files are not what is in force
    };

    explicit InForce(std::shared_ptr<const Loaded> loaded) { state_.loaded = std::move(loaded); }

    State get() const {
        const std::scoped_lock lock(mutex_);
        return state_;
    }
    void replace(std::shared_ptr<const Loaded> loaded) {
        const std::scoped_lock lock(mutex_);
        state_.loaded = std::move(loaded);
        ++state_.reloads_ok;
        state_.last_failed = false;
    }
    void keep() {
        const std::scoped_lock lock(mutex_);
        ++state_.reloads_failed;
        state_.last_failed = true;
    }

  private:
    mutable std::mutex mutex_;
    State state_;
};

}  // namespace beta::app
