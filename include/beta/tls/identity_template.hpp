// IdentityTemplate: where plane and service stand in what a certificate says of its holder.
#pragma once

#include "beta/model/identity.hpp"
#include "beta/tls/identity_fault.hpp"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace beta::tls {

/// One of two forms; a DNS name has none. Pure, immutable; any thread.
class IdentityTemplate {
  public:
    /// "/plane/{plane}/service/{service}" is the path of a SPIFFE ID: a brace is a whole segment,
    /// one of another name stands for any segment, and everything else is compared exactly.
    /// "CN={service},OU=plane-{plane}" is a subject: text may stand around a brace, and the trust
    /// domain has no meaning. The error is a sentence for whoever wrote the configuration.
    static std::expected<IdentityTemplate, std::string> parse(std::string_view text,
                                                              std::string_view trust_domain);

    bool is_subject_form() const noexcept { return std::holds_alternative<Subject>(form_); }

    /// By the grammar of SPIFFE-ID §2, then trust domain, then path.
    std::expected<model::Identity, IdentityFault> match_uri(std::string_view uri) const;
    std::expected<model::Identity, IdentityFault> match_subject(std::string_view common_name,
                                                                std::string_view unit) const;
    /// The one SPIFFE ID of a service; nothing in the subject form, or where a brace may stand for
    /// any segment.
    std::optional<std::string> uri_of(const model::PlaneName& plane,
                                      const model::ServiceName& service) const;

  private:
    struct Segment {
        enum class Kind : std::uint8_t { literal, plane, service, any };
        Kind kind;
        std::string text;  // of a literal, or the name in the braces
    };
    struct Path {
        std::string trust_domain;
        std::vector<Segment> segments;
    };
    struct Attribute {
        std::string before;
        std::string after;
    };
    struct Subject {
        Attribute common_name;
        Attribute unit;
        bool unit_is_plane = true;  // else CN is, and OU is the service
    };

    explicit IdentityTemplate(std::variant<Path, Subject> form) : form_(std::move(form)) {}
    static std::expected<IdentityTemplate, std::string> parse_path(std::string_view text,
                                                                   std::string_view trust_domain);
    static std::expected<IdentityTemplate, std::string> parse_subject(std::string_view text);

    std::variant<Path, Subject> form_;
};

}  // namespace beta::tls
