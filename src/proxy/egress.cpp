#include "beta/proxy/sides.hpp"
#include "beta/upstream/route.hpp"

namespace beta::proxy {

std::expected<acl::Destination, model::Failure> EgressSide::locate(
    const directory::Directory& directory, std::string_view host) const {
    const auto* const entry = directory.find(host);
    if (entry == nullptr)
        return std::unexpected(model::Failure::unknown_destination);
    return acl::Destination{entry->plane, entry->name, entry->is_external(),
                            upstream::destination_id(entry->id)};
}

std::expected<acl::Destination, model::Failure> EgressSide::locate_tunnel(
    const directory::Directory& directory, std::string_view host, std::string_view port) const {
    const auto* const entry = directory.find_external(host, port);
    if (entry == nullptr)
        return std::unexpected(model::Failure::unknown_destination);
    return acl::Destination{entry->plane, entry->name, true, upstream::destination_id(entry->id)};
}

http::HeadChanges EgressSide::request_changes(const acl::Source&, const acl::Decision&,
                                              std::string_view request_id, bool has_request_id,
                                              std::string& added) const {
    added = "Via: 1.1 beta\r\n";
    if (!has_request_id)
        added.append("X-Request-Id: ").append(request_id).append("\r\n");
    return {.drop_request_id = !has_request_id, .added = added};
}

/// What a peer says of itself under our names does not reach the app.
http::HeadChanges EgressSide::response_changes() const {
    return {.drop_forwarded = false};
}

}  // namespace beta::proxy
