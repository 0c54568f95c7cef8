#include "beta/upstream/retry.hpp"

#include <algorithm>

namespace beta::upstream {
namespace {

using std::chrono::milliseconds;

// A refusal comes at once: the next try would meet the same moment, of tor and of the destination.
constexpr milliseconds first_pause{200};

constexpr milliseconds::rep doublings(std::size_t count) noexcept {
    return milliseconds::rep{1} << count;
}

}  // namespace

bool helped_by_a_fresh_circuit(model::Failure failure) noexcept {
    return model::facts(failure).retry_is_safe && failure != model::Failure::tor_unreachable &&
           failure != model::Failure::app_unreachable;
}

milliseconds Retry::time_limit(milliseconds elapsed) const {
    const auto left = std::max(limits_.in_all - elapsed, milliseconds{0});
    if (failed_ + 1 >= limits_.tries)
        return left;  // nothing to save it for
    return std::min(limits_.first_try * doublings(failed_), left);
}

std::optional<milliseconds> Retry::failed(model::Failure failure, milliseconds elapsed) {
    ++failed_;
    if (failed_ >= limits_.tries || !helped_by_a_fresh_circuit(failure))
        return std::nullopt;
    const auto pause = failure == model::Failure::connect_timeout
                           ? milliseconds{0}
                           : first_pause * doublings(failed_ - 1);
    if (elapsed + pause >= limits_.in_all)
        return std::nullopt;
    return pause;
}

}  // namespace beta::upstream
