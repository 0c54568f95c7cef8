// Eventually: waits until something has come by itself, and fails where it does not.
#pragma once

#include <catch2/catch.hpp>

#include <chrono>
#include <thread>

namespace beta::testing {

/// Only a failing test ever waits for so long.
template <class Condition>
void eventually(Condition condition) {
    constexpr std::chrono::seconds bound{45};
    const auto deadline = std::chrono::steady_clock::now() + bound;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline)
            FAIL("this did not come by itself");
        std::this_thread::yield();
    }
}

}  // namespace beta::testing
