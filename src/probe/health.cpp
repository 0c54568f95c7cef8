#include "beta/probe/health.hpp"

#include <algorithm>

namespace beta::probe {
namespace {

std::string why(const Checkup& checkup) {
    switch (checkup.result) {
        case Checkup::Result::passed:
            break;
        case Checkup::Result::refused:
            return "it takes no connection";
        case Checkup::Result::too_slow:
            return "it does not answer in time";
        case Checkup::Result::closed:
            return "it closes the connection without an answer";
        case Checkup::Result::not_http:
            return "its answer is no HTTP/1";
        case Checkup::Result::bad_status:
            return "it answers " + std::to_string(checkup.status);
    }
    return "it answers well";
}

}  // namespace

/// RFC 9112 §4: "HTTP/1.1 200 …"; the reason may be left out, the blank before it may not.
std::optional<Checkup> checkup_of(std::string_view bytes) noexcept {
    constexpr std::string_view form = "HTTP/1.n nnn ";
    const auto known = std::min(bytes.size(), form.size());
    unsigned status = 0;
    for (std::size_t i = 0; i < known; ++i) {
        const bool is_digit = bytes[i] >= '0' && bytes[i] <= '9';
        const bool is_end = i + 1 == form.size() && bytes[i] == '\r';  // from who leaves it out
        if (form[i] == 'n' ? !is_digit : bytes[i] != form[i] && !is_end)
            return Checkup{.result = Checkup::Result::not_http};
        if (form[i] == 'n' && i > form.find(' '))
            status = status * 10 + static_cast<unsigned>(bytes[i] - '0');
    }
    if (known < form.size())
        return std::nullopt;
    if (status >= 200 && status < 400)
        return Checkup{};
    return Checkup{.result = Checkup::Result::bad_status, .status = status};
}

bool Health::heard(const Checkup& checkup) noexcept {
    const bool passed = checkup.result == Checkup::Result::passed;
    last_ = checkup;
    others_ = is_up_ == passed ? 0 : others_ + 1;
    const auto successes = is_up_ ? thresholds_.successes : 1;
    if (others_ < (passed ? successes : thresholds_.failures))
        return false;
    is_up_ = passed;
    others_ = 0;
    return true;
}

std::string Health::words() const {
    if (!last_)
        return "not checked yet";
    const bool passed = last_->result == Checkup::Result::passed;
    if (!is_up_)
        return "not up yet: " + why(*last_);
    if (*is_up_)
        return passed ? "up" : "up, but the last check failed: " + why(*last_);
    return "down: " + (passed ? "answers again, but not often enough yet" : why(*last_));
}

}  // namespace beta::probe
