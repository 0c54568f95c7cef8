// mode, limit and when: the parts of a rule that are more than lists of words.
#include "load.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace beta::acl {
namespace {

constexpr std::size_t longest_header = 64;
constexpr std::size_t longest_value = 255;
constexpr std::uint32_t most_burst = 1'000'000;
constexpr std::uint32_t most_rate = 1'000'000;

struct Unit {
    std::string_view word;
    std::chrono::nanoseconds time;
};
constexpr std::array units{Unit{"s", std::chrono::seconds(1)}, Unit{"min", std::chrono::minutes(1)},
                           Unit{"h", std::chrono::hours(1)}};

std::string unit_fault(std::string_view word) {
    constexpr std::array<Unit, 9> usual{{{"sec", {}},
                                         {"second", {}},
                                         {"seconds", {}},
                                         {"m", {}},
                                         {"minute", {}},
                                         {"minutes", {}},
                                         {"hr", {}},
                                         {"hour", {}},
                                         {"hours", {}}}};
    const auto spelled = std::ranges::find(usual, word, &Unit::word);
    std::string guess;
    if (spelled != usual.end())
        guess = units[static_cast<std::size_t>(spelled - usual.begin()) / 3].word;
    return "unknown unit \"" + yaml::printable(word) + "\"; " +
           (guess.empty() ? "" : "did you mean \"" + guess + "\"? ") + "Units: s, min, h";
}

/// "100/min" as the time between two requests.
void load_rate(WordReader& words, const yaml::Node& node, Limit& limit) {
    const auto text = words.word(node, "limit rate");
    if (!text)
        return;
    const std::size_t slash = text->find('/');
    const std::string_view number = text->substr(0, slash);
    std::uint32_t count = 0;
    const char* const end = number.data() + number.size();
    const auto [stopped, error] = std::from_chars(number.data(), end, count);
    if (slash == text->npos || error != std::errc{} || stopped != end || number.front() == '0' ||
        count > most_rate)
        return words.fault(node,
                           "limit rate \"" + yaml::printable(*text) +
                               "\": expected a number from 1 to " + std::to_string(most_rate) +
                               " and a unit, as in 100/min",
                           "RATE");
    const std::string_view word = text->substr(slash + 1);
    const auto unit = std::ranges::find(units, word, &Unit::word);
    if (unit == units.end())
        return words.fault(node, "limit rate: " + unit_fault(word), "RATE");
    limit.interval = unit->time / count;
}

/// Fields of one hop do not travel on, and those that sidecars drop or write say nothing of the
/// caller.
bool is_for_policies(std::string_view name) {
    constexpr std::string_view not_forwarded =
        " connection keep-alive proxy-connection proxy-authenticate proxy-authorization te trailer "
        "transfer-encoding upgrade forwarded via x-real-ip x-request-id ";
    return !not_forwarded.contains(' ' + std::string(name) + ' ') &&
           !name.starts_with("x-forwarded-") && !name.starts_with("x-beta-");
}

std::string header_fault(std::string_view name) {
    const bool fits =
        !name.empty() && name.size() <= longest_header && std::ranges::all_of(name, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
        });
    if (!fits)
        return "a header's name is 1 to 64 of a-z, 0-9 and '-', in lower case";
    if (!is_for_policies(name))
        return "this header is not forwarded from the caller, so that no rule may rest on it";
    return {};
}

/// An allow splits what it is given at commas: a value with one could never match.
std::string value_fault(std::string_view value, Verdict verdict) {
    const bool fits = !value.empty() && value.size() <= longest_value && value.front() != ' ' &&
                      value.back() != ' ' &&
                      std::ranges::all_of(value, [](char c) { return c >= ' ' && c <= '~'; });
    if (!fits)
        return "a value is 1 to 255 printable ASCII characters without blanks around it";
    if (verdict == Verdict::allow && value.contains(','))
        return "a request's values are cut at commas, so that none has one; list the parts";
    return {};
}

}  // namespace

std::optional<Mode> load_mode(WordReader& words, const yaml::Node& node) {
    const auto found = words.one_of(node, "mode", {"enforce", "report"});
    if (!found)
        return std::nullopt;
    return *found == 1 ? Mode::report : Mode::enforce;
}

std::optional<Limit> load_limit(WordReader& words, const yaml::Node& node) {
    if (!words.expect_map(node, "limit", {"rate", "burst", "per"}))
        return std::nullopt;
    Limit limit;
    if (const yaml::Node* rate = node.find("rate"))
        load_rate(words, *rate, limit);
    else
        words.fault(node, "limit lacks the key \"rate\", as in { rate: 100/min, burst: 20 }",
                    "MISSING_KEY");
    if (const yaml::Node* burst = node.find("burst"))
        limit.burst = words.number(*burst, "limit burst", most_burst).value_or(1);
    if (const yaml::Node* per = node.find("per"))
        limit.per = static_cast<Limit::Per>(
            words.one_of(*per, "limit per", {"source", "destination", "rule"}).value_or(0));
    return limit;
}

std::vector<HeaderCondition> load_conditions(WordReader& words, const yaml::Node& node,
                                             Verdict verdict) {
    std::vector<HeaderCondition> out;
    if (!words.expect_map(node, "when", {"headers"}))
        return out;
    const yaml::Node* headers = node.find("headers");
    if (headers == nullptr || headers->kind != yaml::Node::Kind::map || headers->members.empty()) {
        words.fault(headers == nullptr ? node : *headers,
                    "when needs headers: a map from names to values, as in "
                    "{ headers: { x-tenant: [a, b] } }",
                    headers != nullptr && headers->kind == yaml::Node::Kind::map ? "EMPTY"
                                                                                 : "EXPECTED_MAP");
        return out;
    }
    for (const auto& [name, values] : headers->members) {
        if (const std::string wrong = header_fault(name.scalar); !wrong.empty())
            words.fault(name, "header \"" + yaml::printable(name.scalar) + "\": " + wrong,
                        "HEADER");
        out.push_back({.name = name.scalar,
                       .values = words.words(values, "values of " + yaml::printable(name.scalar),
                                             [verdict](std::string_view value) {
                                                 return value_fault(value, verdict);
                                             })});
    }
    return out;
}

}  // namespace beta::acl
