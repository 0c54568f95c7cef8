// A name that is not taken: stands for all the names that no rule names.
#pragma once

#include <string>
#include <string_view>

namespace beta::proof {

template <class Taken>
std::string fresh_name(std::string_view wish, Taken taken) {
    std::string name(wish);
    for (std::size_t number = 2; taken(name); ++number)
        name = std::string(wish) + '-' + std::to_string(number);
    return name;
}

}  // namespace beta::proof
