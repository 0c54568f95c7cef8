#include "beta/config/keys.hpp"

#include "setters.hpp"

#include <algorithm>
#include <vector>

namespace beta::config {

std::span<const Key> keys() {
    static const auto all = [] {
        std::vector<Key> joined;
        for (const auto table : {identity_keys(), tor_keys(), listener_keys(), log_keys(),
                                 tracing_keys(), upstream_keys(), limit_keys()})
            joined.insert(joined.end(), table.begin(), table.end());
        return joined;
    }();
    return all;
}

const Key* find_key(std::string_view path) {
    const auto found = std::ranges::find(keys(), path, &Key::path);
    return found == keys().end() ? nullptr : &*found;
}

std::string variable_of(std::string_view path) {
    std::string name = "BETA_";
    for (const char c : path)
        name += c == '.' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return name;
}

}  // namespace beta::config
