#include "pages.hpp"

#include "beta/http/problem.hpp"
#include "beta/telemetry/build_info.hpp"

#include "front_page.hpp"
#include "status_tree.hpp"

#include <string_view>
#include <utility>

namespace beta::admin {
namespace {

/// A line stays a line, and a terminal does nothing but show it.
void append_words(std::string& text, std::string_view words) {
    for (const char c : words)
        text += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
}

}  // namespace

Answer live_page(bool live) {
    return {.status = live ? 200u : 503u, .body = live ? "live\n" : "not live: restart me\n"};
}

Answer ready_page(const Readiness& readiness, bool verbose) {
    Answer answer{.status = readiness.ready ? 200u : 503u,
                  .body = readiness.ready ? "ready\n" : "not ready\n"};
    if (!verbose && readiness.ready)
        return answer;
    for (const auto& check : readiness.checks) {
        answer.body += check.ok ? "[+] " : "[-] ";
        append_words(answer.body, check.name);
        if (!check.words.empty()) {
            answer.body += ": ";
            append_words(answer.body, check.words);
        }
        answer.body += '\n';
    }
    return answer;
}

Answer build_page() {
    return {.type = "application/json", .body = telemetry::build_info_json()};
}

Answer metrics_page(std::string text) {
    return {.type = "text/plain; version=0.0.4; charset=utf-8", .body = std::move(text)};
}

Answer status_page(const Status& status) {
    return {.type = "application/json", .body = to_json(tree_of(status))};
}

Answer front_page_for(const Status& status) {
    return {.type = "text/html; charset=utf-8",
            .body = front_page(status),
            .security = front_page_policy()};
}

Answer no_metrics_page() {
    return {.status = 503, .body = "a worker did not bring its numbers in time\n"};
}

Answer refusal(unsigned status) {
    return {.status = status,
            .body = std::to_string(status) + " " + std::string(http::reason_phrase(status)) + "\n"};
}

}  // namespace beta::admin
