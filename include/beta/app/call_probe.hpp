// CallProbe: one call of the local app's, tried step by step by the code that serves traffic.
#pragma once

#include "beta/app/loaded.hpp"
#include "beta/config/config.hpp"
#include "beta/probe/report.hpp"

#include <chrono>
#include <expected>
#include <string>

namespace beta::app {

struct CallQuestion {
    std::string destination;  // as the app names it
    std::string method = "GET";
    std::string path = "/";
    bool request = false;  // send it too; else the probe ends behind TLS
    std::chrono::milliseconds timeout{60'000};
};

/// Blocks, on a worker of its own. One try, on a circuit of its own. The error is a sentence:
/// method and path are none that could be asked.
std::expected<probe::Report, std::string> probe_call(const config::Config& config,
                                                     const Loaded& loaded,
                                                     const CallQuestion& question);

}  // namespace beta::app
