// Gather: collects one part from each worker and passes them on once all are there.
#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace beta::telemetry {

template <class Part>
class Gather {
  public:
    using Whole = std::function<void(std::vector<Part>)>;
    /// `whole` runs on the thread that brings the last part: it should only hand them on.
    Gather(std::size_t workers, Whole whole) : missing_(workers), whole_(std::move(whole)) {}

    /// Any thread.
    void add(Part part) {
        std::vector<Part> complete;
        {
            const std::lock_guard lock(mutex_);
            if (missing_ == 0)
                return;
            parts_.push_back(std::move(part));
            if (--missing_ > 0)
                return;
            complete = std::move(parts_);
        }
        whole_(std::move(complete));
    }

  private:
    std::mutex mutex_;
    std::size_t missing_;
    std::vector<Part> parts_;
    Whole whole_;
};

}  // namespace beta::telemetry
