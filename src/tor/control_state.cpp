#include "beta/tor/control_state.hpp"

namespace beta::tor {
namespace {

constexpr unsigned whole = 100;

std::string with_trouble(std::string words, const std::string& trouble) {
    return trouble.empty() ? words : words + ": " + trouble;
}

}  // namespace

ControlState::Phase ControlState::phase() const noexcept {
    if (!authenticated)
        return last_error.empty() ? Phase::starting : Phase::degraded;
    if (bootstrap_percent < whole)
        return Phase::starting;
    return circuits_established && !network_down ? Phase::ready : Phase::degraded;
}

std::string ControlState::words() const {
    if (phase() == Phase::ready)
        return "ready";
    if (!authenticated)
        return last_error.empty() ? "starting (asking tor's control port)"
                                  : "degraded: " + last_error;
    if (phase() == Phase::starting)
        return "starting (bootstrap " + std::to_string(bootstrap_percent) +
               " %: " + with_trouble(bootstrap_summary, trouble) + ")";
    if (!circuits_established)
        return "degraded: " + with_trouble("tor has no circuit", trouble);
    return "degraded: tor hears nothing from the network";
}

}  // namespace beta::tor
