#include "beta/probe/report.hpp"

#include "beta/model/json_text.hpp"

#include <algorithm>
#include <array>

namespace beta::probe {
namespace {

/// Those that a connect passes in silence, in their order.
constexpr std::array connecting{Step::name,         Step::acl,        Step::tor, Step::descriptor,
                                Step::introduction, Step::rendezvous, Step::port};

constexpr std::size_t widest = 14;  // of the names, and two blanks

std::string_view word(Verdict verdict) noexcept {
    switch (verdict) {
        case Verdict::passes:
            return "passes";
        case Verdict::unknown_name:
            return "unknown_name";
        case Verdict::denied:
            return "denied";
        case Verdict::unavailable:
            return "unavailable";
    }
    return {};
}

bool is_of_onions(Step step) noexcept {
    return step > Step::tor && step < Step::port;
}

std::string words_of(model::Failure failure, std::string_view detail, bool greeting) {
    std::string words(failure == model::Failure::connect_timeout
                          ? "not within the time that the probe gives it"
                          : model::facts(failure).sentence);
    if (greeting && !detail.empty())
        words.append(": ").append(detail);  // the word that metrics have
    else if (!detail.empty())
        words = detail;
    if (const auto what = remedy(failure); !what.empty())
        words.append("; ").append(what);
    return words;
}

}  // namespace

void Report::passed(Step step, std::string words) {
    lines_.push_back({.step = step, .ok = true, .words = std::move(words)});
}

void Report::failed(Step step, std::string words, Verdict verdict) {
    lines_.push_back({.step = step, .ok = false, .words = std::move(words)});
    verdict_ = verdict;
}

/// From where the report stands, to the step before `end`.
void Report::pass_up_to(Step end) {
    for (const auto step : connecting) {
        const bool is_next = lines_.empty() || step > lines_.back().step;
        if (is_next && step < end && (!outside_ || !is_of_onions(step)))
            passed(step);
    }
}

void Report::connect_failed(model::Failure failure, bool greeting, std::string_view detail) {
    auto step = failed_at(failure, greeting);
    if (outside_ && is_of_onions(step))
        step = Step::port;
    pass_up_to(step);
    failed(step, words_of(failure, detail, greeting));
}

void Report::connected(std::string words) {
    pass_up_to(Step::port);
    passed(Step::port, std::move(words));
}

std::string Report::to_text() const {
    std::string text;
    for (const auto& line : lines_) {
        const auto title = name(line.step);
        text.append(title).append(widest - std::min(widest, title.size()), ' ');
        text.append(line.ok ? "ok" : "FAILED");
        if (!line.words.empty())
            text.append(": ").append(line.words);
        text += '\n';
    }
    return text;
}

std::string Report::to_json() const {
    std::string json = "{\"destination\":" + model::json_text(destination_) + ",\"verdict\":\"";
    json.append(word(verdict_)).append("\",\"steps\":[");
    for (const auto& line : lines_) {
        if (&line != &lines_.front())
            json += ',';
        json.append("{\"step\":\"").append(name(line.step)).append("\",\"ok\":");
        json.append(line.ok ? "true" : "false");
        json.append(",\"words\":").append(model::json_text(line.words)).append("}");
    }
    return json + "]}";
}

}  // namespace beta::probe
