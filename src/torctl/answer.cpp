#include "beta/torctl/answer.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace beta::torctl {
namespace {

bool same_key(std::string_view a, std::string_view b) noexcept {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::ranges::equal(a, b, [&](char x, char y) { return lower(x) == lower(y); });
}

template <class Item, class Read>
std::vector<Item> read_lines(std::string_view value, Read read) {
    std::vector<Item> items;
    while (!value.empty()) {
        const auto line = value.substr(0, value.find('\n'));
        value.remove_prefix(std::min(value.size(), line.size() + 1));
        if (auto item = read(line))
            items.push_back(std::move(*item));
    }
    return items;
}

}  // namespace

std::optional<std::string_view> value_of(const Reply& reply, std::string_view key) {
    for (const auto& line : reply.lines) {
        const std::string_view text = line.text;
        const auto equals = text.find('=');
        if (equals != text.npos && same_key(text.substr(0, equals), key))
            return line.data ? std::string_view(*line.data) : text.substr(equals + 1);
    }
    return std::nullopt;
}

std::vector<Circuit> read_circuits(std::string_view value) {
    return read_lines<Circuit>(value, read_circuit);
}

std::vector<Stream> read_streams(std::string_view value) {
    return read_lines<Stream>(value, read_stream);
}

std::expected<OnionAdded, Fault> read_onion_added(const Reply& reply) {
    const auto id = value_of(reply, "ServiceID");
    auto address = model::OnionAddress::parse(std::string(id.value_or("")) + ".onion");
    if (!reply.is_ok() || !address)
        return std::unexpected(Fault::not_onion_added);
    OnionAdded added{.address = std::move(*address)};
    if (const auto key = value_of(reply, "PrivateKey")) {
        auto parsed = OnionKey::parse(*key);
        if (!parsed)
            return std::unexpected(Fault::not_onion_added);
        added.key = std::move(*parsed);
    }
    return added;
}

}  // namespace beta::torctl
