#include "beta/torctl/protocol_info.hpp"

#include "beta/torctl/plain.hpp"
#include "beta/torctl/words.hpp"

#include <algorithm>

namespace beta::torctl {
namespace {

void read_methods(ProtocolInfo& info, std::string_view methods) {
    while (!methods.empty()) {
        const auto method = methods.substr(0, methods.find(','));
        info.null |= method == "NULL";
        info.password |= method == "HASHEDPASSWORD";
        info.cookie |= method == "COOKIE";
        info.safe_cookie |= method == "SAFECOOKIE";
        methods.remove_prefix(std::min(methods.size(), method.size() + 1));
    }
}

}  // namespace

std::expected<ProtocolInfo, Fault> ProtocolInfo::parse(const Reply& reply) {
    ProtocolInfo info;
    if (!reply.is_ok() || !reply.first().starts_with("PROTOCOLINFO "))
        return std::unexpected(Fault::not_protocol_info);
    for (const auto& line : reply.lines) {
        const Words words(line.text);
        if (words.at(0) == "AUTH") {
            read_methods(info, words.value_or_empty("METHODS"));
            info.cookie_file = words.value_or_empty("COOKIEFILE");
        } else if (words.at(0) == "VERSION") {
            info.version = plain(words.value_or_empty("Tor"));
        }
    }
    return info;
}

}  // namespace beta::torctl
