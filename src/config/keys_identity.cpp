#include "setters.hpp"

namespace beta::config {
namespace {

std::string set_app(Draft& draft, Value value, const Key&) {
    return store(draft.config.app, read_dialled(value, "it is the one thing called without Tor"));
}

std::string set_identity(Draft& draft, Value value, const Key&) {
    const bool by_listener = value.text == "listener";
    if (!by_listener && value.text != "certificate")
        return but_found("must be certificate or listener", value);
    draft.config.identity = by_listener ? Identity::listener : Identity::certificate;
    return {};
}

/// SPIFFE-ID §2.1; tls::IdentityTemplate holds it against certificates.
std::string set_trust_domain(Draft& draft, Value value, const Key&) {
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789.-_";
    if (value.text.empty() || value.text.size() > 255 ||
        value.text.find_first_not_of(allowed) != value.text.npos)
        return but_found("must be a trust domain: up to 255 of a-z, 0-9, '.', '-' and '_'", value);
    draft.config.tls.trust_domain = value.text;
    return {};
}

/// Only tls knows its grammar; this much can be said here, with its place.
std::string set_identity_template(Draft& draft, Value value, const Key&) {
    const bool names_both = value.text.contains("{plane}") && value.text.contains("{service}");
    if (!names_both || value.text.size() > 2048 || !is_printable(value.text))
        return but_found(
            "must say where {plane} and {service} stand in the name of a certificate, "
            "as in /plane/{plane}/service/{service} or CN={service},OU={plane}",
            value);
    draft.config.tls.identity = value.text;
    return {};
}

constexpr Key table[] = {
    {"service", set_name<&Config::service>, {}},
    {"plane", set_name<&Config::plane>, {}},
    {"app", set_app, {}},
    {"acl", set_path<&Config::acl_file>, {}},
    {"services", set_path<&Config::services_file>, {}},
    {"identity", set_identity, {}},
    {"tls.certificate", set_path<&Config::tls, &Tls::certificate>, {}},
    {"tls.key", set_secret_path<&Config::tls, &Tls::key>, {}},
    {"tls.ca", set_path<&Config::tls, &Tls::ca>, {}},
    {"tls.crl", set_path_or_off<&Config::tls, &Tls::crl>, {}},
    {"tls.trust_domain", set_trust_domain, {}},
    {"tls.identity", set_identity_template, {}},
    {"tls.max_connection_age",
     set_time<&Config::tls, &Tls::max_connection_age>,
     {second, 720 * hour}},
    {"tls.warn_before", set_time<&Config::tls, &Tls::warn_before>, {0, 8'760 * hour}},
};

}  // namespace

std::span<const Key> identity_keys() noexcept {
    return table;
}

}  // namespace beta::config
