#include "reading.hpp"

#include <algorithm>

namespace beta::manifest {

using yaml::Node;

Fact Reading::fact(const Node& node, std::string_view what) {
    if (node.kind == Node::Kind::null)
        return missing(node);
    return {.value = std::string(reader.word(node, what)), .given = true, .place = at(node)};
}

Fact Reading::member(const Node& map, std::string_view key) {
    const Node* const found = map.find(key);
    return found == nullptr ? missing(map) : fact(*found, '"' + std::string(key) + '"');
}

std::vector<Fact> Reading::list(const Node& node, std::string_view what) {
    std::vector<Fact> out;
    if (node.kind == Node::Kind::scalar)
        out.push_back(fact(node, what));
    else if (node.kind != Node::Kind::null && reader.expect_sequence(node, what))
        for (const Node& item : node.items)
            out.push_back(fact(item, what));
    return out;
}

Facts Reading::pairs(const Node& node, std::string_view what) {
    Facts out;
    for (const auto& [key, value] : node.members)
        out.insert_or_assign(key.scalar, fact(value, what));
    if (node.kind == Node::Kind::map || node.kind == Node::Kind::null)
        return out;
    for (const Fact& item : list(node, what)) {
        const auto equals = item.value.find('=');
        Fact value = item;
        value.value = equals == item.value.npos ? "" : item.value.substr(equals + 1);
        value.given = equals != item.value.npos;
        out.insert_or_assign(item.value.substr(0, equals), std::move(value));
    }
    return out;
}

const std::vector<Node::Member>& Reading::members(const Node& node, std::string_view what) {
    if (node.kind != Node::Kind::map && node.kind != Node::Kind::null)
        reader.error(node, std::string(what) + " must be a map", "EXPECTED_MAP");
    return node.members;
}

Container* find(Deployment& out, std::string_view name) noexcept {
    const auto found = std::ranges::find(out.containers, name, &Container::name);
    return found == out.containers.end() ? nullptr : &*found;
}

Container blank(std::string name, const Place& place) {
    Container out{.name = std::move(name), .place = place};
    for (const auto fact :
         {&Container::image, &Container::user, &Container::read_only, &Container::privileged,
          &Container::no_new_privileges, &Container::seccomp, &Container::memory, &Container::cpus,
          &Container::pids, &Container::log_bound, &Container::health, &Container::readiness,
          &Container::started_first, &Container::network_mode, &Container::account_token})
        (out.*fact).place = place;
    return out;
}

}  // namespace beta::manifest
