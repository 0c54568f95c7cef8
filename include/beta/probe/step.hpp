// Step: where a call can fail on its way, in the order in which it gets there.
#pragma once

#include "beta/model/failure.hpp"

#include <cstdint>
#include <string_view>

namespace beta::probe {

enum class Step : std::uint8_t {
    name,          // the directory knows it
    acl,           // this side's policy lets it out
    tor,           // the SOCKS port answers
    descriptor,    // what an onion service publishes of itself
    introduction,  // it is told of the caller
    rendezvous,    // both circuits meet
    port,          // the onion service serves the port; or the host outside takes the connection
    tls,           // both ends prove who they are
    app,           // an answer
    count_
};

/// In one word, as it is written here.
std::string_view name(Step step) noexcept;

/// Where an attempt to connect through tor ended. `greeting`: tor's reply was the stream.
Step failed_at(model::Failure failure, bool greeting) noexcept;

/// What to do about it, in one sentence; empty where the failure's own sentence says it.
std::string_view remedy(model::Failure failure) noexcept;

}  // namespace beta::probe
