// Dial: opens one stream along a circuit, on a fresh one where the first does not come.
#pragma once

#include "beta/tor/connector.hpp"
#include "beta/tor/isolation.hpp"
#include "beta/upstream/pool.hpp"
#include "beta/upstream/retry.hpp"

#include <chrono>
#include <expected>
#include <memory>

namespace beta::upstream {

class Circuit;

/// All its tries are one connect to the Slot: it is reported once. Retired by its circuit. One
/// worker only.
class Dial final : public runtime::Retirable, private runtime::Timer {
  public:
    Dial(PoolState& pool, Circuit& circuit, StreamId id);
    ~Dial() override = default;

    /// Ends with Circuit::connected(), never from within start().
    void start();
    /// It will not be reported.
    void abandon();

  private:
    void expired() override;
    void tried(std::expected<net::StreamHandle, model::Failure> outcome);
    std::chrono::milliseconds elapsed() const;

    PoolState& pool_;
    Circuit& circuit_;
    StreamId id_;
    Retry retry_;
    runtime::Worker::Clock::time_point began_;
    tor::Epoch epoch_;  // of the try under way
    std::unique_ptr<tor::Connector> connector_;
};

}  // namespace beta::upstream
