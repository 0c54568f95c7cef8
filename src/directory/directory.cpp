#include "beta/directory/directory.hpp"

#include "beta/model/digest.hpp"

#include "load.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace beta::directory {

const model::OnionAddress* OnionRoute::for_caller(std::string_view plane) const noexcept {
    if (const auto found = by_plane.find(plane); found != by_plane.end())
        return &found->second;
    return any ? &*any : nullptr;
}

std::expected<std::shared_ptr<const Directory>, model::Diagnostics> Directory::parse(
    std::string_view yaml, const std::string& file_name, model::Diagnostics* warnings) {
    LoadedEntries loaded = load(yaml, file_name);
    model::Diagnostics errors;
    for (auto& diagnostic : loaded.diagnostics) {
        if (diagnostic.severity == model::Diagnostic::Severity::error)
            errors.push_back(std::move(diagnostic));
        else if (warnings != nullptr)
            warnings->push_back(std::move(diagnostic));
    }
    if (!errors.empty())
        return std::unexpected(std::move(errors));
    return std::shared_ptr<const Directory>(
        new Directory(std::move(loaded.entries), model::sha256_hex(yaml)));
}

Directory::Directory(std::vector<Entry> entries, std::string digest)
    : entries_(std::move(entries)), digest_(std::move(digest)) {
    by_name_.reserve(entries_.size() * 2);
    for (const Entry& entry : entries_) {
        by_name_.emplace(entry.name, entry.id);
        if (!entry.is_external())
            by_name_.emplace(entry.name + '.' + entry.plane, entry.id);
    }
}

const Entry* Directory::find(std::string_view name) const noexcept {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : &entries_[found->second];
}

const Entry* Directory::find_external(std::string_view host, std::string_view port) const noexcept {
    const auto is_meant = [&](const Entry& entry) {
        if (!entry.external || (host != entry.name && host != entry.external->host))
            return false;
        std::uint16_t number = 0;
        const auto* const end = port.data() + port.size();
        const auto [stop, error] = std::from_chars(port.data(), end, number);
        return error == std::errc{} && stop == end && number == entry.external->port;
    };
    if (const Entry* const named = find(host); named != nullptr)
        return is_meant(*named) ? named : nullptr;
    const auto found = std::ranges::find_if(entries_, is_meant);  // a handful, seldom asked for
    return found == entries_.end() ? nullptr : &*found;
}

}  // namespace beta::directory
