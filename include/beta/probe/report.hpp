// Report: how far one call gets, a line for each step that was reached.
#pragma once

#include "beta/probe/step.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace beta::probe {

/// What came out, as a whole.
enum class Verdict : std::uint8_t { passes, unknown_name, denied, unavailable };

struct Line {
    Step step;
    bool ok = false;
    std::string words;  // what is known, or why it failed and what to do
};

/// Holds no whole onion address.
class Report {
  public:
    explicit Report(std::string destination) : destination_(std::move(destination)) {}

    /// The destination is a host outside: between tor and its port there is one step.
    void leads_outside() noexcept { outside_ = true; }
    void passed(Step step, std::string words = {});
    /// Nothing comes after it.
    void failed(Step step, std::string words, Verdict verdict = Verdict::unavailable);
    /// What a connect through tor failed with: the steps before passed. `detail`: as
    /// tor::Connector has it.
    void connect_failed(model::Failure failure, bool greeting, std::string_view detail);
    /// Tor's steps were all passed; `words` of the last.
    void connected(std::string words);

    Verdict verdict() const noexcept { return verdict_; }
    const std::vector<Line>& lines() const noexcept { return lines_; }

    /// For a terminal; ends in a newline.
    std::string to_text() const;
    /// One object in one line, without a newline.
    std::string to_json() const;

  private:
    void pass_up_to(Step end);

    std::string destination_;
    bool outside_ = false;
    Verdict verdict_ = Verdict::passes;
    std::vector<Line> lines_;
};

}  // namespace beta::probe
