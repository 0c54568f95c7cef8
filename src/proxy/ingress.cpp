#include "beta/proxy/sides.hpp"

namespace beta::proxy {

/// Only this sidecar's own service lives behind its onions: any other name came to the wrong door.
std::expected<acl::Destination, model::Failure> IngressSide::locate(const directory::Directory&,
                                                                    std::string_view host) const {
    const auto name = service_.view();
    const bool qualified = host.size() == name.size() + 1 + plane_.view().size() &&
                           host.starts_with(name) && host[name.size()] == '.' &&
                           host.ends_with(plane_.view());
    if (host != name && !qualified)
        return std::unexpected(model::Failure::misdirected);
    return acl::Destination{plane_.view(), name, false, app_id_};
}

/// A peer reaches this service's app and nothing behind it.
std::expected<acl::Destination, model::Failure> IngressSide::locate_tunnel(
    const directory::Directory&, std::string_view, std::string_view) const {
    return std::unexpected(model::Failure::method_unsupported);
}

http::HeadChanges IngressSide::request_changes(const acl::Source& source,
                                               const acl::Decision& decision,
                                               std::string_view request_id, bool,
                                               std::string& added) const {
    added.append("X-Beta-Source-Plane: ").append(source.plane).append("\r\n");
    if (!source.service.empty())
        added.append("X-Beta-Source-Service: ").append(source.service).append("\r\n");
    added.append("X-Beta-Rule: ").append(decision.rule).append("\r\n");
    added.append("X-Request-Id: ").append(request_id).append("\r\n");
    return {.drop_via = true, .drop_request_id = true, .added = added};
}

/// The app does not speak in the sidecar's name either.
http::HeadChanges IngressSide::response_changes() const {
    return {.drop_forwarded = false};
}

}  // namespace beta::proxy
