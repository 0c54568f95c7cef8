// List 4: limits, health, logs, secrets, and what is open to the outside.
#include "beta/model/endpoint.hpp"
#include "beta/yaml/document.hpp"

#include "checks.hpp"

#include <algorithm>
#include <cctype>

namespace beta::manifest {
namespace {

using yaml::printable;

Finding limit(const Container& c, std::string_view word, const Fact& fact) {
    const bool is_set = fact.given && !fact.value.empty() && fact.value.front() != '-' &&
                        fact.value.find_first_of("123456789") != fact.value.npos;
    return judged(c, is_set, told(word, fact), fact.place);
}

Finding memory(const Container& c) {
    return limit(c, "the limit of memory", c.memory);
}

Finding cpus(const Container& c) {
    return limit(c, "the limit of CPUs", c.cpus);
}

Finding pids(const Container& c) {
    return limit(c, "the limit of processes", c.pids);
}

Finding log_bound(const Container& c) {
    return judged(c, c.log_bound.given, told("the bound of the log", c.log_bound),
                  c.log_bound.place);
}

Finding not_spoken_of() {
    return {};
}

Finding health(const Container& c) {
    if (c.role != Role::sidecar)
        return not_spoken_of();
    const bool whole = c.health.given && (c.engine == Engine::compose || c.readiness.given);
    return judged(c, whole,
                  whole            ? "is asked"
                  : c.health.given ? "has no readinessProbe"
                                   : "is never asked how it is",
                  c.health.place);
}

bool contains_any(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::ranges::any_of(words, [&](auto word) { return text.contains(word); });
}

/// A file's name is no secret: "/run/secrets/token", "tls/key.pem".
bool is_file_name(std::string_view value) noexcept {
    return value.size() < 256 && (value.starts_with('/') || value.ends_with(".pem")) &&
           value.find_first_of(" \n+=") == value.npos;
}

/// By its name, or by what a key or an address with a password looks like.
bool is_secret(std::string_view name, std::string_view value) {
    if (value.empty() || value == "off")
        return false;
    if (contains_any(value, {"-----BEGIN", "PRIVATE KEY"}) || value == "secretKeyRef")
        return true;
    if (const auto scheme = value.find("://"); scheme != value.npos) {
        const auto authority = value.substr(scheme + 3, value.find('/', scheme + 3) - scheme - 3);
        const auto at = authority.find('@');
        if (at != authority.npos && authority.substr(0, at).contains(':'))
            return true;
    }
    std::string upper(name);
    std::ranges::transform(upper, upper.begin(),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    const bool by_name = contains_any(upper, {"PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN",
                                              "CREDENTIAL", "MNEMONIC", "PRIVATE", "APIKEY"}) ||
                         upper.ends_with("_KEY") || upper.ends_with("_SEED");
    return by_name && !is_file_name(value);
}

/// Values are never shown.
Finding secrets(const Container& c) {
    for (const auto& [name, fact] : c.environment)
        if (is_secret(name, fact.value))
            return judged(c, false,
                          fact.value == "secretKeyRef"
                              ? printable(name) + " comes from a Secret"
                              : printable(name) + " has a value that is or may be a secret",
                          fact.place);
    return judged(c, true, "none", c.place);
}

/// Only this machine reaches it, and somebody has said why.
Finding published(const Container& c) {
    const auto why = c.label("published");
    for (const Port& port : c.published) {
        const auto address = model::Endpoint::parse(port.address + ":1");
        if (!address || !address->is_loopback())
            return judged(c, false, printable(port.text) + " is not on a loopback address",
                          port.place);
        if (!why.given || why.value.empty())
            return judged(c, false, printable(port.text) + " has no reason", port.place);
    }
    if (c.published.empty())
        return judged(c, true, "none", c.place);
    return judged(c, true, "on loopback: " + printable(why.value), c.published.front().place);
}

constexpr ContainerCheck table[] = {
    {List::operations, "HEALTH", "every sidecar is asked how it is",
     "write `healthcheck: { test: [\"CMD\", \"/beta-sidecar\", \"healthcheck\"] }`",
     "write a livenessProbe (/livez) and a readinessProbe (/readyz), or the healthcheck command",
     health},
    {List::operations, "MEMORY_LIMIT", "memory is limited everywhere",
     "write `deploy: { resources: { limits: { memory: 256M } } }`, or `mem_limit`",
     "write `resources: { limits: { memory: 256Mi } }`", memory},
    {List::operations, "CPU_LIMIT", "CPU is limited everywhere",
     "write `deploy: { resources: { limits: { cpus: \"0.50\" } } }`, or `cpus`",
     "write `resources: { limits: { cpu: 500m } }`", cpus},
    {List::operations, "PIDS_LIMIT", "processes and threads are limited everywhere",
     "write `pids_limit: 128`", "", pids},
    {List::operations, "LOG_BOUND", "no log can fill the disk",
     "write `logging: { driver: json-file, options: { max-size: 10m, max-file: \"3\" } }`", "",
     log_bound},
    {List::operations, "SECRETS", "no secret stands in a variable",
     "hand it over as a file (`secrets`) and name the file",
     "mount the Secret as a file and name the file", secrets},
    {List::operations, "PUBLISHED", "no port is published, but on loopback and for a reason",
     "remove it, or publish on 127.0.0.1 with the label `beta-sidecar/published: \"why\"`",
     "remove hostPort", published},
};

void doors(const Deployment& deployment, std::vector<Finding>& out) {
    for (const Port& door : deployment.doors)
        out.push_back({printable(door.text), false, "is reached from outside", door.place});
}

void contents(const Deployment& deployment, std::vector<Finding>& out) {
    for (const Fact& content : deployment.contents)
        out.push_back({printable(content.value), false, "has contents here", content.place});
}

constexpr WholeCheck wholes[] = {
    {List::operations, "DOORS", "no Service or Ingress leads in from outside", "",
     "make it of type ClusterIP, without externalIPs", doors},
    {List::operations, "SECRET_CONTENTS", "no Secret has its contents in a manifest", "",
     "let cert-manager, an operator or `kubectl create secret` make it", contents},
};

}  // namespace

std::span<const ContainerCheck> operation_checks() noexcept {
    return table;
}

std::span<const WholeCheck> door_checks() noexcept {
    return wholes;
}

}  // namespace beta::manifest
