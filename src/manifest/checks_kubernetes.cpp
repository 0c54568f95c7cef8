// What only Kubernetes has: fences of the network, Pod Security, containers that start first.
#include "beta/yaml/document.hpp"

#include "checks.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace beta::manifest {
namespace {

using Findings = std::vector<Finding>;
using yaml::printable;

/// One container of each pod: its labels and its namespace are the pod's.
std::vector<const Container*> pods(const Deployment& deployment) {
    std::vector<const Container*> out;
    for (const Container& c : deployment.containers)
        if (out.empty() || out.back()->space != c.space)
            out.push_back(&c);
    return out;
}

const Fact& space_of(const Container& c) {
    return c.networks.front();  // the reader puts it there
}

bool selects(const Fence& fence, const Container& pod) {
    return fence.followed && fence.space == space_of(pod).value &&
           std::ranges::all_of(fence.selector, [&](const auto& wanted) {
               const auto label = pod.labels.find(wanted.first);
               return label != pod.labels.end() && label->second.value == wanted.second.value;
           });
}

void native(const Deployment& deployment, Findings& out) {
    for (const Container& c : deployment.containers) {
        if (c.role != Role::sidecar && c.role != Role::tor)
            continue;
        out.push_back(judged(c, is(c.started_first, "Always"),
                             c.started_first.given ? told("restartPolicy", c.started_first)
                                                   : "starts beside the app, or ends before it",
                             c.started_first.place));
    }
}

void default_deny(const Deployment& deployment, Findings& out) {
    for (const Container* const pod : pods(deployment)) {
        const Fence* ingress = nullptr;
        const Fence* egress = nullptr;
        for (const Fence& fence : deployment.fences) {
            if (!selects(fence, *pod))
                continue;
            ingress = fence.ingress ? &fence : ingress;
            egress = fence.egress ? &fence : egress;
        }
        const bool both = ingress != nullptr && egress != nullptr;
        out.push_back({pod->space, both,
                       both                 ? "both ways"
                       : ingress != nullptr ? "no NetworkPolicy denies its egress"
                       : egress != nullptr  ? "no NetworkPolicy denies its ingress"
                                            : "no NetworkPolicy selects it",
                       both ? ingress->place : pod->place});
    }
}

void open_fences(const Deployment& deployment, Findings& out) {
    for (const Fence& fence : deployment.fences) {
        const bool closed = fence.open.empty();
        out.push_back({fence.space + '/' + fence.name, closed,
                       closed ? "no rule is open"
                              : "a rule of " + fence.open.front().value + " lets everybody through",
                       closed ? fence.place : fence.open.front().place});
    }
}

void pod_security(const Deployment& deployment, Findings& out) {
    std::set<std::string> used;
    for (const Container* const pod : pods(deployment))
        used.insert(space_of(*pod).value);
    for (const Namespace& space : deployment.namespaces)
        if (used.contains(space.name))
            out.push_back({printable(space.name), is(space.enforce, "restricted"),
                           told("enforce", space.enforce), space.enforce.place});
}

constexpr WholeCheck table[] = {
    {List::process, "POD_SECURITY", "every namespace with pods enforces restricted Pod Security",
     "", "label the namespace `pod-security.kubernetes.io/enforce: restricted`", pod_security},
    {List::planes, "NATIVE_SIDECAR",
     "every sidecar and tor starts before its app and ends after it", "",
     "make it an init container with `restartPolicy: Always`", native},
    {List::planes, "DEFAULT_DENY", "the network of every pod is denied both ways by default", "",
     "add a NetworkPolicy with `podSelector: {}` and `policyTypes: [Ingress, Egress]`",
     default_deny},
    {List::planes, "FENCES_CLOSED", "no NetworkPolicy lets everybody through", "",
     "name who may come (`from`) and where to (`to`) in this rule", open_fences},
};

}  // namespace

std::span<const WholeCheck> kubernetes_checks() noexcept {
    return table;
}

}  // namespace beta::manifest
