// plain: a text of tor's, short and printable whatever came, so that a log or a page may show it.
#pragma once

#include <string>
#include <string_view>

namespace beta::torctl {

/// At most 200 characters, of printable ASCII.
std::string plain(std::string_view text);

}  // namespace beta::torctl
