#include "beta/torctl/plain.hpp"

#include <algorithm>

namespace beta::torctl {

std::string plain(std::string_view text) {
    constexpr std::size_t longest = 200;
    std::string out(text.substr(0, longest));
    std::ranges::replace_if(out, [](unsigned char c) { return c < ' ' || c >= 0x7f; }, '?');
    return out;
}

}  // namespace beta::torctl
