// Health: whether the app is up, by the checks of late; and what the answer to a check says. Pure:
// bytes and results come in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace beta::probe {

struct Checkup {
    enum class Result : std::uint8_t {
        passed,
        refused,   // it takes no connection
        too_slow,  // no connection or no answer in time
        closed,    // it ended the connection without an answer
        not_http,
        bad_status,
    };

    Result result = Result::passed;
    unsigned status = 0;  // with bad_status
};

/// What an answer that begins so says; nothing while that is too little to tell. 2xx and 3xx pass.
/// No request asks for a 1xx: it is taken for the answer.
std::optional<Checkup> checkup_of(std::string_view bytes) noexcept;

class Health {
  public:
    struct Thresholds {
        std::uint32_t failures = 3;  // in a row, then it is down
        std::uint32_t successes = 1;
    };

    explicit Health(Thresholds thresholds) noexcept : thresholds_(thresholds) {}

    /// True: it is up now and was not known to be, or it is down. The first check that passes
    /// decides alone; one that fails never does, for app and sidecar may start together.
    bool heard(const Checkup& checkup) noexcept;

    /// Nothing before that is known.
    std::optional<bool> is_up() const noexcept { return is_up_; }
    /// For a person: "up", "down: it takes no connection", "up, but the last check failed: …".
    std::string words() const;

  private:
    Thresholds thresholds_;
    std::optional<Checkup> last_;
    std::optional<bool> is_up_;
    std::uint32_t others_ = 0;  // checks in a row that say the other thing
};

}  // namespace beta::probe
