#include "setters.hpp"

#include <algorithm>

namespace beta::config {
namespace {

/// A key in base64, hex or PEM; paths that long have a dot or a slash.
bool may_be_secret(std::string_view text) noexcept {
    constexpr std::size_t shortest = 32;  // 24 bytes in base64, 16 in hex
    if (text.contains("-----BEGIN") || text.contains('\n'))
        return true;
    return text.size() >= shortest && !text.contains('.') &&
           (!text.contains('/') || text.ends_with('='));
}

}  // namespace

using model::Endpoint;

bool is_printable(std::string_view text) noexcept {
    return std::ranges::all_of(
        text, [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != '\x7f'; });
}

std::string or_off(std::string problem) {
    for (const std::string_view must : {"must be a ", "must be the "})
        if (problem.starts_with(must))
            return problem.insert(std::string_view("must be ").size(), "off or ");
    return problem;
}

std::string read_path(std::string& target, Value value) {
    constexpr std::size_t longest = 4096;  // PATH_MAX
    if (value.text.empty() || value.text.size() > longest || !is_printable(value.text))
        return but_found("must be the path of a file", value);
    target = value.text;
    return {};
}

std::string read_secret_path(std::string& target, Value value) {
    if (may_be_secret(value.text))
        return "must be the path of a file; what was found may be the secret itself and is not "
               "shown: write it into a file that only we can read, and name that";
    if (const auto problem = read_path(target, value); problem.empty() || value.text.empty())
        return problem;
    return "must be the path of a file; what was found is not shown";
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
