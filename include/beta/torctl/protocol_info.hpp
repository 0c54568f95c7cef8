// ProtocolInfo: what tor says of itself before anybody has authenticated (control-spec §3.21).
#pragma once

#include "beta/torctl/reply.hpp"

#include <expected>
#include <string>

namespace beta::torctl {

struct ProtocolInfo {
    bool null = false;  // nothing is asked
    bool password = false;
    bool cookie = false;
    bool safe_cookie = false;
    std::string cookie_file;  // an absolute path, escapes undone; as trustworthy as who says it
    std::string version;      // "0.4.9.11", printable

    /// Lines in any order; unknown ones and unknown methods are survived.
    static std::expected<ProtocolInfo, Fault> parse(const Reply& reply);

    bool operator==(const ProtocolInfo&) const = default;
};

}  // namespace beta::torctl
