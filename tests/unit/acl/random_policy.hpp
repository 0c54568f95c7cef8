// Random small policies and requests over few words, so that rules overlap and requests hit them.
#pragma once

#include "oracle_yaml.hpp"

#include <array>
#include <random>

namespace beta::acl::test {

class Dice {
  public:
    explicit Dice(std::uint32_t seed) : engine_(seed) {}

    std::size_t below(std::size_t bound) {
        return std::uniform_int_distribution<std::size_t>(0, bound - 1)(engine_);
    }
    bool one_in(std::size_t n) { return below(n) == 0; }
    template <class List>
    std::string pick(const List& list) {
        return std::string(list[below(list.size())]);
    }
    template <class List>
    std::vector<std::string> some(const List& list, std::size_t most) {
        std::vector<std::string> out;
        for (std::size_t i = below(most + 1); i > 0; --i)
            if (const std::string word = pick(list); !holds(out, word))
                out.push_back(word);
        return out;
    }

  private:
    std::mt19937 engine_;
};

constexpr std::array<std::string_view, 4> planes{"wallet", "ops", "chain", "dark"};
constexpr std::array<std::string_view, 5> services{"a", "b", "c", "d", "never-named"};
constexpr std::array<std::string_view, 3> hosts{"tron", "btc", "a"};
constexpr std::array<std::string_view, 4> methods{"GET", "POST", "PUT", "PURGE"};
constexpr std::array<std::string_view, 3> words{"x", "y", "z"};
constexpr std::array<std::string_view, 3> values{"t1", "t2", "t3"};

inline std::string random_pattern(Dice& dice) {
    std::string out;
    for (std::size_t i = dice.below(4); i > 0; --i)
        out += dice.one_in(3) ? "/*" : "/" + dice.pick(words);
    if (dice.one_in(3))
        return out + "/**";
    return out.empty() || dice.one_in(8) ? out + '/' : out;
}

inline Words random_patterns(Dice& dice, std::size_t most) {
    Words out;
    for (std::size_t n = dice.below(most + 1); n > 0; --n)
        if (const auto pattern = random_pattern(dice); !holds(out, pattern))
            out.push_back(pattern);
    return out;
}

inline std::string random_path(Dice& dice) {
    std::string out;
    for (std::size_t i = dice.below(5); i > 0; --i)
        out += "/" + dice.pick(words);
    return out.empty() || dice.one_in(6) ? out + '/' : out;
}

inline OracleSide random_side(Dice& dice, bool must_be_own) {
    OracleSide side;
    if (!must_be_own && !dice.one_in(3))
        side.plane = dice.one_in(4) ? "*" : dice.pick(std::array{planes[1], planes[2], planes[0]});
    if (dice.one_in(3))
        side.services =
            dice.some(std::array{services[0], services[1], services[2], services[3]}, 3);
    return side;
}

inline std::vector<std::pair<std::string, Words>> random_conditions(Dice& dice, bool allows) {
    std::vector<std::pair<std::string, Words>> out;
    for (const char* name : {"x-tenant", "x-env"}) {
        if (!dice.one_in(4))
            continue;
        Words wanted = dice.some(values, 3);
        if (wanted.empty())
            wanted = {"t1"};
        if (!allows && dice.one_in(4))
            wanted.push_back("t1, t2");
        out.emplace_back(name, wanted);
    }
    return out;
}

inline OracleRule random_rule(Dice& dice, const OracleFile& file, std::size_t number) {
    OracleRule rule;
    rule.name = "r" + std::to_string(number);
    rule.allows = !dice.one_in(3);
    rule.from = random_side(dice, false);
    const std::string from = rule.from.plane.value_or("wallet");
    const bool own = from == "wallet" || from == "*";
    rule.to = random_side(dice, !own);
    if (own && dice.one_in(4)) {
        rule.to = {};
        rule.to.external = dice.some(hosts, 2);
        rule.tunnel = rule.allows && !rule.to.external.empty() && dice.one_in(2);
    }
    rule.headers = random_conditions(dice, rule.allows);
    rule.report = !file.report && dice.one_in(6);
    if (rule.tunnel)
        return rule;
    if (dice.one_in(3))
        for (const OracleOperation& operation : file.operations)
            if (dice.one_in(2))
                rule.operations.push_back(operation.name);
    if (!rule.operations.empty())
        return rule;
    rule.methods = dice.some(methods, 2);
    if (!rule.allows && dice.one_in(6))
        rule.methods.push_back("CONNECT");
    rule.paths = random_patterns(dice, 3);
    return rule;
}

inline OracleFile random_file(Dice& dice) {
    OracleFile file;
    file.plane = "wallet";
    file.report = dice.one_in(8);
    for (std::size_t i = dice.below(4); i > 0; --i) {
        OracleOperation operation{.name = "op." + std::to_string(i),
                                  .methods = dice.some(methods, 2),
                                  .paths = random_patterns(dice, 2)};
        if (operation.methods.empty() && operation.paths.empty())
            operation.methods = {"CONNECT"};
        if (dice.one_in(5))
            file.prohibit.push_back(operation.name);
        file.operations.push_back(std::move(operation));
    }
    for (std::size_t i = dice.below(16); i > 0; --i)
        file.rules.push_back(random_rule(dice, file, i));
    return file;
}

inline std::string random_value(Dice& dice) {
    constexpr std::array<std::string_view, 12> lines{"t1",     "t2",    "t3",         "t1,t2",
                                                     "t1, t2", " t3\t", "t4",         "",
                                                     "t1,,t2", "T1",    "t2 ,t1, t3", "\"t1\""};
    return dice.pick(lines);
}

/// Owns the words of a request.
struct RandomRequest {
    std::string from_plane, from_service, to_plane, to_service, method, path;
    std::vector<std::pair<std::string, std::string>> headers;
    Direction direction = Direction::egress;
    bool external = false;
    bool tunnel = false;

    explicit RandomRequest(Dice& dice)
        : from_plane(dice.pick(planes)),
          from_service(dice.one_in(5) ? "" : dice.pick(services)),
          to_plane(dice.pick(planes)),
          to_service(dice.pick(services)),
          method(dice.one_in(6) ? "BREW" : dice.pick(methods)),
          path(random_path(dice)),
          direction(dice.one_in(2) ? Direction::egress : Direction::ingress) {
        if (!dice.one_in(8))  // most are the file's to decide
            (direction == Direction::egress ? from_plane : to_plane) = "wallet";
        external = dice.one_in(direction == Direction::egress ? 2 : 20);
        if (external) {
            to_service = dice.pick(hosts);
            to_plane = dice.one_in(20) ? "wallet" : "";
        }
        tunnel = dice.one_in(external ? 2 : 20);
        if (tunnel != dice.one_in(20))
            method = "CONNECT";
        if (tunnel)
            path.clear();
        for (std::size_t i = dice.below(4); i > 0; --i)
            headers.emplace_back(dice.pick(std::array{"x-tenant", "X-Tenant", "x-env", "x-other"}),
                                 random_value(dice));
    }

    Request view() const {
        return {.direction = direction,
                .from = {.plane = from_plane, .service = from_service},
                .to = {.plane = to_plane, .name = to_service, .external = external, .id = 1},
                .method = method,
                .path = path,
                .headers = {.fields = &headers, .count = headers.size(), .at = line_at},
                .tunnel = tunnel};
    }
    std::string str() const {
        std::string out = std::string(direction == Direction::egress ? "egress " : "ingress ") +
                          from_plane + '/' + from_service + " -> " + to_plane + '/' + to_service +
                          (external ? " external " : " ") + method + (tunnel ? " tunnel " : " ") +
                          path;
        for (const auto& [name, value] : headers)
            out += '\n' + name + ": " + value;
        return out;
    }

  private:
    static HeaderLines::Line line_at(const void* fields, std::size_t index) noexcept {
        const auto& list =
            *static_cast<const std::vector<std::pair<std::string, std::string>>*>(fields);
        return {.name = list[index].first, .value = list[index].second};
    }
};

}  // namespace beta::acl::test
