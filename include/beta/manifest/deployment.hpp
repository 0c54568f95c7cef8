// Deployment: what manifests of Compose or Kubernetes would run, each fact with its place.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace beta::manifest {

struct Place {
    std::string file = {};
    std::uint32_t line = 0;

    std::string str() const { return line == 0 ? file : file + ':' + std::to_string(line); }
};

/// One value as it is written; where it is not, the place of what lacks it.
struct Fact {
    std::string value = {};
    bool given = false;
    Place place = {};
};

using Facts = std::map<std::string, Fact, std::less<>>;

enum class Engine : std::uint8_t { compose, kubernetes };

enum class Role : std::uint8_t { app, sidecar, tor, watcher, unknown };

Role role_of(std::string_view word) noexcept;

struct Mount {
    std::string source = {};  // a name that is the same for whoever mounts the same
    std::string target = {};
    bool host = false;  // `source` is a path of the host
    Place place = {};
};

struct Port {
    std::string address = {};  // of the host; empty: every one
    std::string text = {};     // as written
    Place place = {};
};

/// One process with its walls: a service of Compose, a container of a pod.
struct Container {
    std::string name;  // of Kubernetes: namespace/workload/container
    Place place = {};
    Engine engine = Engine::compose;
    Role role = Role::unknown;
    Facts labels = {};       // the pod's own, in Kubernetes
    std::string space = {};  // whose network namespace it is in: a service's name, or the pod
    Fact image = {};
    Fact user = {};
    Fact read_only = {};
    Fact privileged = {};
    Fact no_new_privileges = {};
    Fact seccomp = {};  // profile, or "unconfined"
    Fact memory = {};
    Fact cpus = {};
    Fact pids = {};
    Fact log_bound = {};
    Fact health = {};         // Compose: the check; Kubernetes: livenessProbe
    Fact readiness = {};      // Kubernetes: readinessProbe
    Fact started_first = {};  // Kubernetes: restartPolicy of an init container
    Fact network_mode = {};
    Fact account_token = {};  // Kubernetes: automountServiceAccountToken
    std::vector<Fact> cap_drop = {};
    std::vector<Fact> cap_add = {};
    std::vector<Fact> shared = {};  // namespaces of the host, or of others: "pid: host"
    std::vector<Fact> networks = {};
    std::vector<Mount> mounts = {};
    std::vector<Port> published = {};
    Facts environment = {};
    Facts own = {};  // of a sidecar: `service` and `plane` of its configuration, where that is seen

    /// The value of a label of ours, as in label("plane"); not given: at the container's place.
    Fact label(std::string_view word) const;
};

struct Network {
    std::string name;
    Fact internal = {};
};

struct Namespace {
    std::string name;
    Fact enforce = {};  // of Pod Security
};

/// A ConfigMap's text: a file of whoever mounts it.
struct Text {
    std::string source;  // as in Mount, with "/key"
    std::string text;
    Place place = {};  // of its first line
};

/// A NetworkPolicy. One with a selector that we do not follow selects nobody.
struct Fence {
    std::string space;  // namespace
    std::string name;
    Place place = {};
    Facts selector = {};  // labels that a pod must have
    bool followed = true;
    bool ingress = false;  // whom it selects is denied this way, but for its rules
    bool egress = false;
    std::vector<Fact> open = {};  // rules that let everything pass
};

struct Deployment {
    Engine engine = Engine::compose;
    std::vector<Container> containers = {};
    std::vector<Network> networks = {};      // Compose
    std::vector<Namespace> namespaces = {};  // Kubernetes
    std::vector<Fence> fences = {};          // Kubernetes
    std::vector<Text> texts = {};            // Kubernetes: ConfigMaps
    std::vector<Port> doors = {};        // Kubernetes: Services and Ingresses that open a way in
    std::vector<Fact> contents = {};     // Kubernetes: what stands in Secrets, by its key alone
    std::vector<Fact> passed_over = {};  // Kubernetes: kinds that we know nothing of
};

}  // namespace beta::manifest
