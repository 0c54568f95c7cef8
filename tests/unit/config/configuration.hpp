// What the tests of this folder share: a small valid configuration, and its errors as text.
#pragma once

#include "beta/config/config.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace beta::config {

inline const std::string needed =
    "service: api-gateway\nplane: ops\nacl: ops.yaml\nservices: services.yaml\n"
    "identity: listener\n";

inline Config parsed(const std::string& yaml, const Environment& environment = {}) {
    auto config = parse(yaml, "sidecar.yaml", environment);
    if (!config)
        FAIL(config.error().front().str());
    return std::move(*config);
}

inline std::vector<std::string> errors_of(const std::string& yaml,
                                          const Environment& environment = {}) {
    const auto config = parse(yaml, "sidecar.yaml", environment);
    REQUIRE_FALSE(config);
    std::vector<std::string> texts;
    for (const auto& error : config.error())
        texts.push_back(error.str());
    return texts;
}

/// The one error, as printed.
inline std::string error_of(const std::string& yaml, const Environment& environment = {}) {
    const auto errors = errors_of(yaml, environment);
    INFO(errors.back());
    REQUIRE(errors.size() == 1);
    return errors.front();
}

}  // namespace beta::config
