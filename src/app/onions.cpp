#include "beta/app/onions.hpp"

#include "beta/tor/key_file.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <system_error>
#include <utility>

namespace beta::app {
namespace {

constexpr std::uint16_t usual_port = 80;

std::unexpected<model::Diagnostics> fault(std::string message) {
    return std::unexpected(
        model::Diagnostics{{.file = {}, .message = std::move(message), .code = "ONION_KEY"}});
}

const directory::OnionRoute* route_of(const config::Config& config,
                                      const directory::Directory& directory) {
    const auto* const self = directory.find(config.service.view());
    return self != nullptr && self->onion ? &*self->onion : nullptr;
}

std::vector<tor::Publisher::Service> services(const std::vector<tor::OwnOnion>& own,
                                              const std::vector<Doorplate>& plates,
                                              std::uint16_t port) {
    std::vector<tor::Publisher::Service> all;
    for (const auto& onion : own) {
        const auto plate =
            std::ranges::find(plates, "ingress:" + onion.plane.str(), &Doorplate::name);
        const auto target = model::Endpoint::parse(plate->bound);
        all.push_back(
            {.onion = onion, .virtual_port = port, .target = target ? *target : plate->address});
    }
    return all;
}

/// Every onion that this sidecar may call.
std::vector<model::OnionAddress> onions_of(const config::Config& config,
                                           const directory::Directory& directory) {
    std::vector<model::OnionAddress> all;
    for (const auto& entry : directory.entries()) {
        if (!entry.onion)
            continue;
        if (const auto* const onion = entry.onion->for_caller(config.plane.view()))
            all.push_back(*onion);
    }
    return all;
}

}  // namespace

std::expected<std::unique_ptr<Onions>, model::Diagnostics> Onions::build(
    const config::Config& config, const directory::Directory& directory,
    const std::vector<Doorplate>& plates, tor::Control& control, telemetry::EventLog& events) {
    std::unique_ptr<Onions> onions(new Onions(config, events));
    if (config.tor_publish) {
        auto own = tor::own_onions(config);
        if (!own)
            return fault(std::move(own.error()));
        const auto* const route = route_of(config, directory);
        onions->publisher_ = std::make_unique<tor::Publisher>(
            control, services(*own, plates, route != nullptr ? route->port : usual_port), events);
    }
    if (!config.tor_client_key.empty()) {
        auto key = tor::load_client_key(config.tor_client_key);
        if (!key)
            return fault(std::move(key.error()));
        onions->client_auth_ = std::make_unique<tor::ClientAuth>(control, *key, events);
    }
    onions->adopt(directory);
    onions->observe(control);
    return onions;
}

Onions::~Onions() = default;

void Onions::observe(tor::Control& control) {
    control.observe({.ready =
                         [this] {
                             if (client_auth_)
                                 client_auth_->control_ready();
                             if (publisher_)
                                 publisher_->control_ready();
                         },
                     .lost =
                         [this] {
                             if (publisher_)
                                 publisher_->control_lost();
                         },
                     .event =
                         [this](const torctl::Event& event) {
                             if (publisher_)
                                 publisher_->heard(event);
                         }});
}

void Onions::start() {
    if (publisher_)
        publisher_->start();
}

void Onions::stop() {
    if (publisher_)
        publisher_->stop();
}

void Onions::adopt(const directory::Directory& directory) {
    for (const auto& warning : onion_warnings(config_, directory))
        events_.warn(warning.str());
    if (client_auth_)
        client_auth_->adopt(onions_of(config_, directory));
}

bool Onions::publish_again(const model::OnionAddress& onion) {
    return publisher_ && publisher_->publish_again(onion, std::chrono::steady_clock::now());
}

Watch::Also Onions::shown() const {
    return {.checks =
                [this](std::vector<admin::Check>& checks) {
                    if (!publisher_)
                        return;
                    for (const auto& onion : publisher_->seen())
                        checks.push_back({.name = "onion:" + onion.plane,
                                          .ok = onion.is_published,
                                          .words = onion.words});
                },
            .facts =
                [this](telemetry::Facts& facts) {
                    if (!publisher_)
                        return;
                    for (const auto& onion : publisher_->seen()) {
                        telemetry::OnionFacts one{.plane = onion.plane,
                                                  .is_published = onion.is_published,
                                                  .descriptor_age_seconds = {},
                                                  .introductions = {}};
                        if (const auto points = onion.introductions)
                            one.introductions = static_cast<double>(*points);
                        if (const auto age = onion.descriptor_age)
                            one.descriptor_age_seconds = static_cast<double>(age->count());
                        facts.onions.push_back(std::move(one));
                    }
                }};
}

model::Diagnostics onion_warnings(const config::Config& config,
                                  const directory::Directory& directory) {
    model::Diagnostics found;
    const auto* const route = route_of(config, directory);
    if (!config.tor_publish || route == nullptr)
        return found;
    for (const auto& listener : config.ingress) {
        const auto file = tor::onion_key_file(config, listener.plane);
        std::error_code ignored;
        if (!std::filesystem::exists(file, ignored))
            continue;
        const auto key = tor::load_onion_key(file);
        const auto* const told = route->for_caller(listener.plane.view());
        if (!key || (told != nullptr && *told == key->address()))
            continue;
        found.push_back({.file = config.services_file,
                         .message = "callers of plane \"" + listener.plane.str() +
                                    "\" are sent to " +
                                    (told != nullptr ? told->redacted() : "no onion") + ", but " +
                                    file + " publishes " + key->address().redacted() +
                                    "; `beta-sidecar onion address` tells what belongs here",
                         .code = "DIRECTORY_OTHER_ONION",
                         .severity = model::Diagnostic::Severity::warning});
    }
    return found;
}

}  // namespace beta::app
