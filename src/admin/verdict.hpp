// Verdict: whether all is well, in one word and in sentences.
#pragma once

#include "beta/admin/status.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace beta::admin {

struct Verdict {
    std::string_view state;            // "ready", "degraded", "draining", "not ready"
    std::string sentence;              // for a headline
    std::vector<std::string> reasons;  // that the headline does not say
};

/// Degraded: requests are served, and somebody has to look all the same.
Verdict judge(const Status& status);

std::int64_t whole_days(std::chrono::system_clock::duration left);

}  // namespace beta::admin
