// Random small policies and requests over few words, so that rules overlap and requests hit them.
#pragma once

#include "oracle.hpp"

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
constexpr std::array<std::string_view, 4> methods{"GET", "POST", "PUT", "PURGE"};
constexpr std::array<std::string_view, 3> words{"x", "y", "z"};

inline std::string random_pattern(Dice& dice) {
    std::string out;
    for (std::size_t i = dice.below(4); i > 0; --i)
        out += dice.one_in(3) ? "/*" : "/" + dice.pick(words);
    if (dice.one_in(3))
        return out + "/**";
    return out.empty() || dice.one_in(8) ? out + '/' : out;
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

inline OracleFile random_file(Dice& dice) {
    OracleFile file;
    file.plane = "wallet";
    for (std::size_t i = dice.below(16); i > 0; --i) {
        OracleRule rule;
        rule.name = "r" + std::to_string(i);
        rule.allows = !dice.one_in(3);
        rule.from = random_side(dice, false);
        const std::string from = rule.from.plane.value_or("wallet");
        rule.to = random_side(dice, from != "wallet" && from != "*");
        rule.methods = dice.some(methods, 2);
        for (std::size_t n = dice.below(4); n > 0; --n)
            if (const auto pattern = random_pattern(dice); !holds(rule.paths, pattern))
                rule.paths.push_back(pattern);
        file.rules.push_back(std::move(rule));
    }
    return file;
}

/// Owns the words of a request.
struct RandomRequest {
    std::string from_plane, from_service, to_plane, to_service, method, path;
    Direction direction = Direction::egress;

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
    }

    Request view() const {
        return {.direction = direction,
                .from = {.plane = from_plane, .service = from_service},
                .to = {.plane = to_plane, .name = to_service, .external = false, .id = 1},
                .method = method,
                .path = path};
    }
    std::string str() const {
        return std::string(direction == Direction::egress ? "egress " : "ingress ") + from_plane +
               '/' + from_service + " -> " + to_plane + '/' + to_service + ' ' + method + ' ' +
               path;
    }
};

}  // namespace beta::acl::test
