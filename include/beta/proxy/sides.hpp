// EgressSide and IngressSide: the two ends of a call.
#pragma once

#include "beta/model/names.hpp"
#include "beta/proxy/side.hpp"

namespace beta::proxy {

/// The local app calls out. It is this sidecar's own service by construction: it reached the
/// loopback listener.
class EgressSide final : public Side {
  public:
    EgressSide(model::ServiceName service, model::PlaneName plane)
        : service_(std::move(service)), plane_(std::move(plane)) {}

    acl::Direction direction() const noexcept override { return acl::Direction::egress; }
    telemetry::Listener listener() const noexcept override { return telemetry::Listener::egress; }
    acl::Source source() const noexcept override { return {plane_.view(), service_.view()}; }
    bool wants_certificate() const noexcept override { return false; }
    bool answers(std::string_view host) const noexcept override { return host == model::own_host; }
    std::expected<acl::Destination, model::Failure> locate(const directory::Directory& directory,
                                                           std::string_view host) const override;
    std::expected<acl::Destination, model::Failure> locate_tunnel(
        const directory::Directory& directory, std::string_view host,
        std::string_view port) const override;
    std::size_t own_hops_allowed() const noexcept override { return 0; }
    bool full_detail() const noexcept override { return true; }
    bool accepts_request_id() const noexcept override { return true; }
    http::HeadChanges request_changes(const acl::Source& source, const acl::Decision& decision,
                                      std::string_view request_id, bool has_request_id,
                                      std::string& added) const override;
    http::HeadChanges response_changes() const override;
    model::Failure unreachable() const noexcept override { return model::Failure::tor_unreachable; }

  private:
    model::ServiceName service_;
    model::PlaneName plane_;
};

/// A peer calls in by the onion of one plane. By its certificate it is a service of that plane;
/// without certificates the plane is all that is known of it.
class IngressSide final : public Side {
  public:
    /// `app_id` is the destination id of the local app in the pool.
    IngressSide(model::ServiceName service, model::PlaneName plane, model::PlaneName caller_plane,
                std::uint32_t app_id, bool by_certificate)
        : service_(std::move(service)),
          plane_(std::move(plane)),
          caller_plane_(std::move(caller_plane)),
          app_id_(app_id),
          by_certificate_(by_certificate) {}

    acl::Direction direction() const noexcept override { return acl::Direction::ingress; }
    telemetry::Listener listener() const noexcept override { return telemetry::Listener::ingress; }
    acl::Source source() const noexcept override { return {caller_plane_.view(), {}}; }
    bool wants_certificate() const noexcept override { return by_certificate_; }
    bool answers(std::string_view) const noexcept override { return false; }
    std::expected<acl::Destination, model::Failure> locate(const directory::Directory& directory,
                                                           std::string_view host) const override;
    std::expected<acl::Destination, model::Failure> locate_tunnel(
        const directory::Directory& directory, std::string_view host,
        std::string_view port) const override;
    std::size_t own_hops_allowed() const noexcept override { return 1; }
    bool full_detail() const noexcept override { return false; }
    bool accepts_request_id() const noexcept override { return false; }
    http::HeadChanges request_changes(const acl::Source& source, const acl::Decision& decision,
                                      std::string_view request_id, bool has_request_id,
                                      std::string& added) const override;
    http::HeadChanges response_changes() const override;
    model::Failure unreachable() const noexcept override { return model::Failure::app_unreachable; }

  private:
    model::ServiceName service_;
    model::PlaneName plane_;
    model::PlaneName caller_plane_;
    std::uint32_t app_id_;
    bool by_certificate_;
};

}  // namespace beta::proxy
