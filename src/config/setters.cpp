#include "setters.hpp"

#include <algorithm>

namespace beta::config {

using model::Endpoint;

bool is_printable(std::string_view text) noexcept {
    return std::ranges::all_of(
        text, [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != '\x7f'; });
}

std::string read_path(std::string& target, Value value) {
    constexpr std::size_t longest = 4096;  // PATH_MAX
    if (value.text.empty() || value.text.size() > longest || !is_printable(value.text))
        return but_found("must be the path of a file", value);
    target = value.text;
    return {};
}

Reading<Endpoint> read_address(Value value) {
    auto address = Endpoint::parse(value.text);
    if (address)
        return std::move(*address);
    return std::unexpected(
        but_found("must be an address: " + std::string(model::sentence(address.error())), value));
}

Reading<Endpoint> read_local(Value value, std::string_view reason) {
    auto address = read_address(value);
    if (address && !address->is_loopback())
        return std::unexpected(but_found(
            "must be on this machine (127.0.0.0/8, [::1] or unix:/path): " + std::string(reason),
            value));
    return address;
}

Reading<Endpoint> read_dialled(Value value, std::string_view reason) {
    auto address = read_local(value, reason);
    if (address && address->kind() != Endpoint::Kind::unix_path && address->port() == 0)
        return std::unexpected(but_found("must name a port: 0 cannot be called", value));
    return address;
}

}  // namespace beta::config
