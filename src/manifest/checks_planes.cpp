// List 2: who sits on which plane, and that no way leads round a sidecar.
#include "beta/yaml/document.hpp"

#include "checks.hpp"

#include <algorithm>
#include <map>
#include <ranges>

namespace beta::manifest {
namespace {

using Findings = std::vector<Finding>;
using yaml::printable;

/// Of a plane: all but watchers.
auto members(const Deployment& deployment) {
    return deployment.containers |
           std::views::filter([](const Container& c) { return c.role != Role::watcher; });
}

void labels(const Deployment& deployment, Findings& out) {
    for (const Container& c : deployment.containers) {
        const auto missing = [&](std::string_view word) {
            const auto label = c.label(word);
            return !label.given || label.value.empty();
        };
        if (c.role == Role::unknown)
            out.push_back(judged(c, false, told("role", c.label("role")), c.label("role").place));
        else if (c.role == Role::watcher)
            out.push_back(judged(c, true, "watcher", c.label("role").place));
        else if (missing("plane") || missing("service"))
            out.push_back(judged(c, false, "plane or service is not written", c.place));
        else
            out.push_back(judged(
                c, true,
                printable(c.label("plane").value) + '/' + printable(c.label("service").value),
                c.label("plane").place));
    }
}

/// The sidecars that stand beside this app: of its service, and where its network is.
void sidecar(const Deployment& deployment, Findings& out) {
    for (const Container& app : all_of(deployment, Role::app)) {
        std::size_t count = 0;
        for (const Container& other : all_of(deployment, Role::sidecar))
            count += is_same_service(app, other) && app.space == other.space ? 1u : 0u;
        const auto& place = app.network_mode.place;
        out.push_back(judged(app, count == 1,
                             count == 0  ? "is in no sidecar's network namespace"
                             : count > 1 ? "has more than one sidecar"
                                         : "is in that of " + printable(app.space),
                             place));
    }
}

/// Nobody but its own app is where a sidecar's listeners are.
void beside_sidecar(const Deployment& deployment, Findings& out) {
    for (const Container& c : all_of(deployment, Role::sidecar)) {
        const Container* stranger = nullptr;
        for (const Container& other : deployment.containers)
            if (&other != &c && other.space == c.space &&
                (!is_same_service(c, other) || other.role == Role::watcher ||
                 (other.role == Role::tor && c.engine == Engine::compose)))
                stranger = &other;
        out.push_back(judged(c, stranger == nullptr,
                             stranger == nullptr ? "shared with its app alone"
                                                 : "shared with " + printable(stranger->name),
                             stranger == nullptr ? c.place : stranger->network_mode.place));
    }
}

/// Its own networks; Compose puts who says nothing on "default".
std::vector<Fact> networks_of(const Container& c) {
    if (c.networks.empty() && !c.network_mode.given)
        return {Fact{.value = "default", .given = true, .place = c.place}};
    return c.networks;
}

std::string listed(const std::vector<Fact>& facts) {
    std::string out;
    for (const Fact& fact : facts)
        out += (out.empty() ? "" : ", ") + printable(fact.value);
    return out.empty() ? "none" : out;
}

/// An app has its sidecar's; a tor must not be on a plane; a watcher has no plane.
std::string wanted_network(const Container& c) {
    const bool is_uplink = c.engine == Engine::compose && c.role == Role::tor;
    return c.label("plane").value + (is_uplink ? "-uplink" : "");
}

/// Whom the uplinks are not for: a tor's network leads to the world.
bool is_on_uplink(const Container& watcher, const Deployment& deployment) {
    for (const Container& tor : all_of(deployment, Role::tor))
        for (const Fact& uplink : networks_of(tor))
            for (const Fact& own : networks_of(watcher))
                if (own.value == uplink.value)
                    return true;
    return false;
}

void plane_network(const Deployment& deployment, Findings& out) {
    for (const Container& c : all_of(deployment, Role::watcher))
        if (c.engine == Engine::compose)
            out.push_back(judged(c, !is_on_uplink(c, deployment), "on " + listed(networks_of(c)),
                                 networks_of(c).empty() ? c.place : networks_of(c).front().place));
    for (const Container& c : members(deployment)) {
        if (c.role == Role::app && c.network_mode.given)
            continue;  // where its sidecar is: SIDECAR says so
        const auto networks = networks_of(c);
        const auto wanted = wanted_network(c);
        const bool alone = networks.size() == 1 && networks.front().value == wanted;
        out.push_back(
            judged(c, alone && !wanted.empty(),
                   "on " + listed(networks) + (alone ? "" : "; meant: " + printable(wanted)),
                   networks.empty() ? c.network_mode.place : networks.front().place));
    }
}

void plane_internal(const Deployment& deployment, Findings& out) {
    std::map<std::string, Place> planes;  // and who is on it
    for (const Container& c : all_of(deployment, Role::sidecar))
        planes.try_emplace(c.label("plane").value, c.label("plane").place);
    for (const auto& [plane, place] : planes) {
        const auto network = std::ranges::find(deployment.networks, plane, &Network::name);
        if (network == deployment.networks.end())
            out.push_back({printable(plane), false, "this network is not written", place});
        else
            out.push_back({printable(plane), is(network->internal, "true"),
                           told("internal", network->internal), network->internal.place});
    }
}

/// Whatever names the service or the plane must say what the labels say.
void identity(const Deployment& deployment, Findings& out) {
    for (const Container& c : all_of(deployment, Role::sidecar)) {
        Finding finding = judged(c, true, "as its labels say", c.place);
        const auto compare = [&](const Facts& facts, std::string_view name, std::string_view word) {
            const auto said = facts.find(name);
            if (said == facts.end() || !said->second.given)
                return;
            if (finding.passed)
                finding.place = said->second.place;
            if (said->second.value == c.label(word).value)
                return;
            finding = judged(c, false,
                             std::string(name) + " is \"" + printable(said->second.value) +
                                 "\", the label " + printable(c.label(word).value),
                             said->second.place);
        };
        for (const auto word : {"service", "plane"})
            compare(c.own, word, word);
        for (const auto& [name, word] : {std::pair{"SERVICE_NAME", "service"},
                                         {"BETA_SERVICE", "service"},
                                         {"PLANE", "plane"},
                                         {"BETA_PLANE", "plane"}})
            compare(c.environment, name, word);
        out.push_back(std::move(finding));
    }
}

constexpr WholeCheck table[] = {
    {List::planes, "LABELS", "every container says its role, and of which plane and service it is",
     "write the labels beta-sidecar/plane, beta-sidecar/service and beta-sidecar/role (app, "
     "sidecar, tor or watcher)",
     "write the labels beta-sidecar/plane and beta-sidecar/service in the pod's metadata", labels},
    {List::planes, "SIDECAR", "every app is in the network namespace of one sidecar, its own",
     "write `network_mode: \"service:<service>-sidecar\"`; both with the same labels",
     "put one container named sidecar, or <service>-sidecar, into the pod", sidecar},
    {List::planes, "SIDECAR_ALONE", "every sidecar shares its network namespace with its app alone",
     "give the other a network of its own", "give the other a pod of its own", beside_sidecar},
    {List::planes, "PLANE_NETWORK",
     "every service is on the network of its plane alone, and its tor on that plane's uplink alone",
     "write `networks: [<plane>]`; of a tor `networks: [<plane>-uplink]`",
     "write the plane as `namespace` of the workload", plane_network},
    {List::planes, "PLANE_INTERNAL", "the network of every plane is internal",
     "write `internal: true` below this network", "", plane_internal},
    {List::planes, "IDENTITY", "every sidecar is configured as the service that its labels name",
     "make label, configuration and variables agree",
     "make label, configuration and variables agree", identity},
};

}  // namespace

std::span<const WholeCheck> plane_checks() noexcept {
    return table;
}

}  // namespace beta::manifest
