#include "beta/tls/credentials.hpp"

#include "beta/model/digest.hpp"
#include "beta/tls/peer_identity.hpp"
#include "beta/tls/secrets.hpp"

#include "context.hpp"
#include "own_chain.hpp"
#include "pem_files.hpp"
#include "tls_layer.hpp"
#include "trust.hpp"
#include "verdict.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <map>
#include <utility>

namespace beta::tls {
namespace {

using model::Diagnostics;

/// Two Credentials are never taken for one another, whatever their address.
std::uint64_t next_generation() noexcept {
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

/// No fewer than by default: what is prepared first is all there will be.
std::size_t connections_of(const config::Config& config) noexcept {
    const auto listeners = config.ingress.size() + (config.egress ? 1 : 0);
    return std::max(config.limits.downstream_connections, config::Limits{}.downstream_connections) *
           std::max(listeners, 1uz);
}

}  // namespace

struct Credentials::Parts {
    std::shared_ptr<const IdentityTemplate> names;
    std::map<std::string, Owned<SSL_CTX>, std::less<>> servers;  // by calling plane
    std::map<std::string, Owned<SSL_CTX>, std::less<>> clients;  // by called plane, or "" for all
    std::string id;
    std::string fingerprint;
    Clock::time_point until;
    std::uint64_t generation = next_generation();

    SSL_CTX* client(std::string_view plane) const {
        auto found = clients.find(plane);
        if (found == clients.end())
            found = clients.find(std::string_view{});
        return found == clients.end() ? nullptr : found->second.get();
    }
    void make_contexts(const config::Config& config, const Keypair& own, const Trust& trust);
};

void Credentials::Parts::make_contexts(const config::Config& config, const Keypair& own,
                                       const Trust& trust) {
    for (const auto& listener : config.ingress) {
        const auto& plane = listener.plane.str();
        if (auto* const trusted = trust.of(plane))
            servers.emplace(plane, server_context(own, *trusted, plane));
    }
    for (const auto& [plane, store] : trust.stores())
        clients.emplace(plane, client_context(own, *store));
}

std::expected<std::shared_ptr<const Credentials>, Diagnostics> Credentials::load(
    const config::Config& config, bool without_key) {
    prepare_secrets(connections_of(config));
    const auto& tls = config.tls;
    Diagnostics problems;
    auto parts = std::make_unique<Parts>();
    auto names = IdentityTemplate::parse(tls.identity, tls.trust_domain);
    if (!names)
        return std::unexpected(Diagnostics{
            {.file = "tls.identity", .message = names.error(), .code = "TLS_BAD_TEMPLATE"}});
    parts->names = std::make_shared<const IdentityTemplate>(std::move(*names));
    const auto trust = Trust::load(tls, problems);
    Keypair own;
    own.chain = read_certificates(tls.certificate, problems);
    if (!without_key)
        own.key = read_key(tls.key, problems);
    for (const auto& listener : config.ingress) {
        if (problems.empty() && trust.of(listener.plane.view()) == nullptr)
            problems.push_back(no_authority(tls.ca, listener.plane.view()));
    }
    if (!own.chain.empty()) {
        check_own(config, own, *parts->names, trust, problems);
        parts->until = end_of(own.chain);
        parts->fingerprint = fingerprint_of(*own.chain.front());
        if (const auto self = identity_of(*own.chain.front(), *parts->names))
            parts->id = self->id;
    }
    if (!problems.empty())
        return std::unexpected(std::move(problems));
    try {
        if (own.key)
            parts->make_contexts(config, own, trust);
    } catch (const std::exception& error) {  // a key too weak for level 2, say
        return std::unexpected(Diagnostics{
            {.file = tls.certificate, .message = error.what(), .code = "TLS_UNUSABLE"}});
    }
    return std::shared_ptr<const Credentials>(new Credentials(std::move(parts)));
}

Credentials::Credentials(std::unique_ptr<const Parts> parts) : parts_(std::move(parts)) {}
Credentials::~Credentials() = default;

std::unique_ptr<net::Layer> Credentials::accept(std::string_view plane) const {
    const auto found = parts_->servers.find(plane);
    Owned<SSL> ssl(found == parts_->servers.end() ? nullptr : SSL_new(found->second.get()));
    if (!ssl)
        return nullptr;
    SSL_set_accept_state(ssl.get());
    return std::make_unique<TlsLayer>(
        std::move(ssl), Terms{.expected = {.plane = std::string(plane), .service = {}, .id = {}},
                              .names = parts_->names,
                              .tickets = nullptr,
                              .generation = parts_->generation});
}

std::unique_ptr<net::Layer> Credentials::connect(const Expected& expected,
                                                 std::shared_ptr<Tickets> tickets) const {
    auto* const context = parts_->client(expected.plane);
    Owned<SSL> ssl(context == nullptr ? nullptr : SSL_new(context));
    if (!ssl)
        return nullptr;
    SSL_set_connect_state(ssl.get());
    auto ticket = tickets ? tickets->take(parts_->generation, Clock::now()) : std::nullopt;
    auto layer =
        std::make_unique<TlsLayer>(std::move(ssl), Terms{.expected = expected,
                                                         .names = parts_->names,
                                                         .tickets = std::move(tickets),
                                                         .generation = parts_->generation});
    if (ticket)
        layer->resume(*ticket);
    return layer;
}

bool Credentials::trusts(std::string_view plane) const {
    return parts_->client(plane) != nullptr;
}

const std::string& Credentials::id() const noexcept {
    return parts_->id;
}

Credentials::Clock::time_point Credentials::until() const noexcept {
    return parts_->until;
}

const std::string& Credentials::fingerprint() const noexcept {
    return parts_->fingerprint;
}

std::vector<std::string> files_of(const config::Config& config) {
    if (config.identity != config::Identity::certificate)
        return {};
    const auto& tls = config.tls;
    std::vector<std::string> files{tls.certificate, tls.key, tls.ca};
    if (!tls.crl.empty())
        files.push_back(tls.crl);
    for (auto& [plane, file] : files_by_plane(tls.ca))
        files.push_back(file);
    return files;
}

}  // namespace beta::tls
