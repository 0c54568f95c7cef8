#include "beta/config/keys.hpp"

#include "beta/yaml/document.hpp"

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

namespace beta::config {
namespace {

using model::Endpoint;

constexpr std::uint64_t KiB = 1024;
constexpr std::uint64_t GiB = KiB * KiB * KiB;
constexpr std::uint64_t second = 1'000;
constexpr std::uint64_t hour = 3'600 * second;

template <auto Member>
std::string set_name(Draft& draft, Value value, const Key&) {
    auto& target = draft.config.*Member;
    auto name = std::remove_reference_t<decltype(target)>::parse(value.text);
    if (!name)
        return but_found("must be a name: " + std::string(model::sentence(name.error())), value);
    target = std::move(*name);
    return {};
}

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

template <auto Member>
std::string set_path(Draft& draft, Value value, const Key&) {
    return read_path(draft.config.*Member, value);
}

template <auto Member>
std::string set_tls_path(Draft& draft, Value value, const Key&) {
    return read_path(draft.config.tls.*Member, value);
}

std::string read_path_or_off(std::string& target, Value value) {
    if (value.text != "off")
        return read_path(target, value);
    target.clear();
    return {};
}

std::string set_crl(Draft& draft, Value value, const Key&) {
    return read_path_or_off(draft.config.tls.crl, value);
}

template <auto Member>
std::string set_audit_path(Draft& draft, Value value, const Key&) {
    return read_path_or_off(draft.config.audit.*Member, value);
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

/// `off` for none.
template <auto Member>
std::string set_path_or_off(Draft& draft, Value value, const Key&) {
    return read_path_or_off(draft.config.*Member, value);
}

/// The folder's name goes into a torrc, and before "/control" into the name of a unix socket.
std::string set_tor_data(Draft& draft, Value value, const Key& key) {
    constexpr std::size_t longest = 107 - std::string_view("/control").size();  // unix(7)
    const bool is_plain = std::ranges::all_of(value.text, [](char c) {
        return static_cast<unsigned char>(c) > ' ' && c != '\x7f' && c != '"' && c != '\\';
    });
    const bool is_off = value.text == "off";
    if (!is_off && (!value.text.starts_with('/') || value.text.size() > longest || !is_plain))
        return but_found(
            "must be off, or a folder: an absolute path of at most 99 bytes without "
            "blanks, quotes and backslashes",
            value);
    draft.config.tor_data = is_off ? "" : value.text;
    if (is_off)
        draft.given.erase(std::string(key.path));
    return {};
}

std::string set_tor_mode(Draft& draft, Value value, const Key&) {
    if (value.text != "external" && value.text != "managed")
        return but_found("must be external or managed", value);
    draft.config.tor_mode = value.text == "managed" ? TorMode::managed : TorMode::external;
    return {};
}

Reading<Endpoint> read_address(Value value) {
    auto address = Endpoint::parse(value.text);
    if (address)
        return std::move(*address);
    return std::unexpected(
        but_found("must be an address: " + std::string(model::sentence(address.error())), value));
}

/// `reason` ends the sentence "must be on this machine …: ".
Reading<Endpoint> read_local(Value value, std::string_view reason) {
    auto address = read_address(value);
    if (address && !address->is_loopback())
        return std::unexpected(but_found(
            "must be on this machine (127.0.0.0/8, [::1] or unix:/path): " + std::string(reason),
            value));
    return address;
}

/// What is dialled needs a port; a listener may take any free one.
Reading<Endpoint> read_dialled(Value value, std::string_view reason) {
    auto address = read_local(value, reason);
    if (address && address->kind() != Endpoint::Kind::unix_path && address->port() == 0)
        return std::unexpected(but_found("must name a port: 0 cannot be called", value));
    return address;
}

template <class Target, class Read>
std::string store(Target& target, Reading<Read> reading) {
    if (!reading)
        return std::move(reading.error());
    if constexpr (std::is_arithmetic_v<Target>)
        target = static_cast<Target>(*reading);
    else
        target = std::move(*reading);
    return {};
}

std::string set_app(Draft& draft, Value value, const Key&) {
    return store(draft.config.app, read_dialled(value, "it is the one thing called without Tor"));
}

std::string set_socks(Draft& draft, Value value, const Key&) {
    return store(draft.config.tor_socks,
                 read_dialled(value, "what passes to tor is not yet encrypted"));
}

std::string set_control(Draft& draft, Value value, const Key&) {
    if (value.text != "off")
        return store(draft.config.tor_control,
                     read_dialled(value, "whoever listens there learns who may command tor"));
    draft.config.tor_control.reset();
    return {};
}

std::string set_control_password(Draft& draft, Value value, const Key& key) {
    if (value.text != "off")
        return set_path<&Config::tor_control_password_file>(draft, value, key);
    draft.config.tor_control_password_file.clear();
    return {};
}

std::string set_egress(Draft& draft, Value value, const Key&) {
    if (value.text != "off")
        return store(draft.config.egress,
                     read_local(value, "whoever reaches it acts as this service"));
    draft.config.egress.reset();
    return {};
}

std::string set_admin(Draft& draft, Value value, const Key&) {
    if (value.text != "off")
        return store(draft.config.admin, read_address(value));
    draft.config.admin.reset();
    return {};
}

/// The variable's form: "ops=127.0.0.1:15006,chain=127.0.0.1:15007", or nothing at all for none.
std::string set_ingress(Draft& draft, Value value, const Key& key) {
    draft.config.ingress.clear();
    if (value.text.empty()) {
        draft.given.erase(std::string(key.path));
        return {};
    }
    const auto given = draft.given.find(key.path);
    const Place place = given == draft.given.end() ? Place{} : given->second;
    for (std::string_view rest = value.text;;) {
        const auto comma = rest.find(',');
        const std::string_view item = rest.substr(0, comma);
        const auto equals = item.find('=');
        if (equals == item.npos)
            return but_found("must be plane=address, more of them after commas", value);
        if (auto problem =
                add_ingress(draft, item.substr(0, equals), item.substr(equals + 1), place);
            !problem.empty())
            return problem;
        if (comma == rest.npos)
            return {};
        rest.remove_prefix(comma + 1);
    }
}

std::string set_log_level(Draft& draft, Value value, const Key&) {
    constexpr std::array<std::pair<std::string_view, LogLevel>, 4> levels{
        {{"debug", LogLevel::debug},
         {"info", LogLevel::info},
         {"warn", LogLevel::warn},
         {"error", LogLevel::error}}};
    const auto level = std::ranges::find(levels, value.text, &decltype(levels)::value_type::first);
    if (level == levels.end())
        return but_found("must be debug, info, warn or error", value);
    draft.config.log.level = level->second;
    return {};
}

std::string set_workers(Draft& draft, Value value, const Key& key) {
    return store(draft.config.workers, read_count(value, key.bounds));
}

std::string set_drain_timeout(Draft& draft, Value value, const Key& key) {
    return store(draft.config.drain_timeout, read_duration(value, key.bounds));
}

std::string set_log_access(Draft& draft, Value value, const Key&) {
    return store(draft.config.log.access, read_flag(value));
}

template <auto Member>
std::string set_audit_flag(Draft& draft, Value value, const Key&) {
    return store(draft.config.audit.*Member, read_flag(value));
}

std::string set_audit_queue(Draft& draft, Value value, const Key& key) {
    return store(draft.config.audit.queue_records, read_count(value, key.bounds));
}

std::string set_publish(Draft& draft, Value value, const Key&) {
    return store(draft.config.tor_publish, read_flag(value));
}

std::string set_probe(Draft& draft, Value value, const Key& key) {
    draft.config.tor_probe = {};
    if (value.text == "off")
        return {};
    auto problem = store(draft.config.tor_probe, read_duration(value, key.bounds));
    return problem.empty() ? problem : but_found("must be off or a time from 1s to 24h", value);
}

std::string set_log_queue(Draft& draft, Value value, const Key& key) {
    return store(draft.config.log.queue_lines, read_count(value, key.bounds));
}

std::string set_circuits(Draft& draft, Value value, const Key& key) {
    return store(draft.config.upstream.circuits, read_count(value, key.bounds));
}

std::string set_rotation(Draft& draft, Value value, const Key& key) {
    return store(draft.config.upstream.rotate_circuits, read_duration(value, key.bounds));
}

std::string set_hedge(Draft& draft, Value value, const Key& key) {
    using enum Hedge::After;
    auto& hedge = draft.config.upstream.hedge;
    constexpr std::array<std::pair<std::string_view, Hedge::After>, 3> words{
        {{"off", off}, {"p95", p95}, {"p99", p99}}};
    const auto word = std::ranges::find(words, value.text, &decltype(words)::value_type::first);
    if (word != words.end()) {
        hedge.after = word->second;
        return {};
    }
    auto problem = store(hedge.time, read_duration(value, key.bounds));
    if (!problem.empty())
        return but_found("must be off, p95, p99 or a time from 10ms to 1h", value);
    hedge.after = time;
    return {};
}

std::string set_hedge_budget(Draft& draft, Value value, const Key& key) {
    return store(draft.config.upstream.hedge.budget, read_count(value, key.bounds));
}

template <auto Member>
std::string set_count(Draft& draft, Value value, const Key& key) {
    return store(draft.config.limits.*Member, read_count(value, key.bounds));
}

template <auto Member>
std::string set_size(Draft& draft, Value value, const Key& key) {
    return store(draft.config.limits.*Member, read_size(value, key.bounds));
}

template <auto Member>
std::string set_time(Draft& draft, Value value, const Key& key) {
    return store(draft.config.limits.*Member, read_duration(value, key.bounds));
}

template <auto Member>
std::string set_tls_time(Draft& draft, Value value, const Key& key) {
    return store(draft.config.tls.*Member, read_duration(value, key.bounds));
}

// The bounds refuse slips of the keyboard, not tastes: a head must hold a request line, a timer
// cannot be shorter than the wheel's step.
constexpr Key table[] = {
    {"service", set_name<&Config::service>, {}},
    {"plane", set_name<&Config::plane>, {}},
    {"app", set_app, {}},
    {"acl", set_path<&Config::acl_file>, {}},
    {"services", set_path<&Config::services_file>, {}},
    {"identity", set_identity, {}},
    {"tls.certificate", set_tls_path<&Tls::certificate>, {}},
    {"tls.key", set_tls_path<&Tls::key>, {}},
    {"tls.ca", set_tls_path<&Tls::ca>, {}},
    {"tls.crl", set_crl, {}},
    {"tls.trust_domain", set_trust_domain, {}},
    {"tls.identity", set_identity_template, {}},
    {"tls.max_connection_age", set_tls_time<&Tls::max_connection_age>, {second, 720 * hour}},
    {"tls.warn_before", set_tls_time<&Tls::warn_before>, {0, 8'760 * hour}},
    {"tor.socks", set_socks, {}},
    {"tor.control", set_control, {}},
    {"tor.control_password_file", set_control_password, {}},
    {"tor.mode", set_tor_mode, {}},
    {"tor.binary", set_path<&Config::tor_binary>, {}},
    {"tor.data", set_tor_data, {}},
    {"tor.extra_torrc", set_path_or_off<&Config::tor_extra_torrc>, {}},
    {"tor.publish", set_publish, {}},
    {"tor.keys", set_path_or_off<&Config::tor_keys>, {}},
    {"tor.client_key", set_path_or_off<&Config::tor_client_key>, {}},
    {"tor.probe", set_probe, {second, 24 * hour}},
    {"egress.address", set_egress, {}},
    {"ingress", set_ingress, {}},
    {"admin.address", set_admin, {}},
    {"workers", set_workers, {0, 256}},
    {"drain.timeout", set_drain_timeout, {0, hour}},
    {"log.level", set_log_level, {}},
    {"log.access", set_log_access, {}},
    {"log.queue_lines", set_log_queue, {16, 1'000'000}},
    {"audit.file", set_audit_path<&Audit::file>, {}},
    {"audit.key", set_audit_path<&Audit::key>, {}},
    {"audit.required", set_audit_flag<&Audit::required>, {}},
    {"audit.allowed", set_audit_flag<&Audit::allowed>, {}},
    {"audit.queue_records", set_audit_queue, {16, 1'000'000}},
    {"upstream.circuits", set_circuits, {1, 8}},
    {"upstream.rotate_circuits", set_rotation, {second, 24 * hour}},
    {"upstream.hedge", set_hedge, {10, hour}},
    {"upstream.hedge_budget", set_hedge_budget, {1, 100}},
    {"limits.head_bytes", set_size<&Limits::head_bytes>, {256, 1024 * KiB}},
    {"limits.target_bytes", set_size<&Limits::target_bytes>, {64, 64 * KiB}},
    {"limits.header_count", set_count<&Limits::header_count>, {1, 10'000}},
    {"limits.body_bytes", set_size<&Limits::body_bytes>, {0, 1024 * GiB}},
    {"limits.chunk_extension_bytes", set_size<&Limits::chunk_extension_bytes>, {0, 4 * KiB}},
    {"limits.trailer_bytes", set_size<&Limits::trailer_bytes>, {0, 64 * KiB}},
    {"limits.minimum_rate", set_size<&Limits::minimum_rate>, {0, GiB}},
    {"limits.interim_responses", set_count<&Limits::interim_responses>, {0, 1'000}},
    {"limits.downstream_connections", set_count<&Limits::downstream_connections>, {1, 1'000'000}},
    {"limits.upstream_connections", set_count<&Limits::upstream_connections>, {1, 65'535}},
    {"limits.upstream_idle", set_count<&Limits::upstream_idle>, {0, 65'535}},
    {"limits.upstream_waiting", set_count<&Limits::upstream_waiting>, {0, 1'000'000}},
    {"limits.connect_tries", set_count<&Limits::connect_tries>, {1, 10}},
    {"limits.pipelined_requests", set_count<&Limits::pipelined_requests>, {1, 10'000}},
    {"limits.requests_per_connection",
     set_count<&Limits::requests_per_connection>,
     {1, 1'000'000'000'000}},
    {"limits.handshakes_at_once", set_count<&Limits::handshakes_at_once>, {1, 10'000}},
    {"limits.handshake_time", set_time<&Limits::handshake_time>, {10, hour}},
    {"limits.header_time", set_time<&Limits::header_time>, {10, hour}},
    {"limits.body_idle_time", set_time<&Limits::body_idle_time>, {10, hour}},
    {"limits.keep_alive_time", set_time<&Limits::keep_alive_time>, {10, 24 * hour}},
    {"limits.connect_time", set_time<&Limits::connect_time>, {10, hour}},
    {"limits.circuit_connect_time", set_time<&Limits::circuit_connect_time>, {10, hour}},
    {"limits.circuit_stall_time", set_time<&Limits::circuit_stall_time>, {10, hour}},
    {"limits.response_time", set_time<&Limits::response_time>, {10, 24 * hour}},
    {"limits.send_idle_time", set_time<&Limits::send_idle_time>, {10, hour}},
    {"limits.upstream_idle_time", set_time<&Limits::upstream_idle_time>, {10, 24 * hour}},
    {"limits.close_time", set_time<&Limits::close_time>, {10, 60 * second}},
    {"limits.tunnel_idle_time", set_time<&Limits::tunnel_idle_time>, {10, 24 * hour}},
    {"limits.tunnel_linger_time", set_time<&Limits::tunnel_linger_time>, {10, hour}},
    {"limits.tunnel_life_time", set_time<&Limits::tunnel_life_time>, {10, 720 * hour}},
};

}  // namespace

std::span<const Key> keys() noexcept {
    return table;
}

const Key* find_key(std::string_view path) noexcept {
    const auto* const found = std::ranges::find(table, path, &Key::path);
    return found == std::end(table) ? nullptr : found;
}

std::string variable_of(std::string_view path) {
    std::string name = "BETA_";
    for (const char c : path)
        name += c == '.' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return name;
}

std::string add_ingress(Draft& draft, std::string_view plane, std::string_view address,
                        Place place) {
    auto name = model::PlaneName::parse(plane);
    if (!name)
        return but_found("must name a calling plane: " + std::string(model::sentence(name.error())),
                         {plane});
    auto endpoint = read_local({address}, "whoever reaches it acts as that plane");
    if (!endpoint)
        return std::move(endpoint.error());
    auto& listeners = draft.config.ingress;
    if (std::ranges::find(listeners, *name, &IngressListener::plane) != listeners.end())
        return "must have one listener a plane; there is a second for \"" + name->str() + '"';
    draft.given.insert_or_assign("ingress." + name->str(), std::move(place));
    listeners.push_back({std::move(*name), std::move(*endpoint)});
    return {};
}

}  // namespace beta::config
