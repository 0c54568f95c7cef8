// Quoted: strings in quotes, as tor reads and writes them (control-spec §2.1.1).
#pragma once

#include <string>
#include <string_view>

namespace beta::torctl {

/// `text` in quotes, with '"' and '\' escaped: both of tor's readers take that alike. `text` has no
/// control characters; Command sees to it.
std::string quoted(std::string_view text);

/// Takes a quoted string off the front of `rest`, which begins with '"', and gives what it means. C
/// escapes are understood because that is what tor writes; an end that is missing is the end of
/// `rest`.
std::string take_quoted(std::string_view& rest);

}  // namespace beta::torctl
