#include "kubernetes_pod.hpp"

#include <map>
#include <utility>
#include <vector>

namespace beta::manifest {
namespace {

using yaml::Node;

const Node& child(const Node& map, std::string_view key) {
    static const Node nothing;
    const Node* const found = map.find(key);
    return found == nullptr ? nothing : *found;
}

/// "tron-payment-sidecar" and "sidecar" alike: the pod has one label for all of its containers.
Role role_by_name(std::string_view name) noexcept {
    const auto dash = name.rfind('-');
    const auto role = role_of(dash == name.npos ? name : name.substr(dash + 1));
    return role == Role::unknown ? Role::app : role;
}

class PodReader {
  public:
    PodReader(const Node& pod, std::string space, const std::string& workload, Reading& reading)
        : spec_(child(pod, "spec")),
          place_(reading.at(spec_.line == 0 ? pod : spec_)),
          space_(std::move(space)),
          pod_(space_ + '/' + workload),
          reading_(reading) {
        labels_ = reading.pairs(child(child(pod, "metadata"), "labels"), "a label");
        for (const Node& volume : child(spec_, "volumes").items)
            read_volume(volume);
    }

    void run(Deployment& out) {
        for (const Node& container : child(spec_, "initContainers").items)
            out.containers.push_back(read(container, true));
        for (const Node& container : child(spec_, "containers").items)
            out.containers.push_back(read(container, false));
    }

  private:
    Container read(const Node& node, bool first) {
        const auto name = reading_.member(node, "name").value;
        auto out = blank(pod_ + '/' + name, reading_.at(node));
        out.engine = Engine::kubernetes;
        out.labels = labels_;
        const auto role = role_of(out.label("role").value);
        out.role = role == Role::watcher ? role : role_by_name(name);
        out.space = pod_;
        out.networks.push_back({.value = space_, .given = true, .place = place_});
        out.image = reading_.member(node, "image");
        read_security(node, out);
        read_shared(out);
        read_limits(child(child(node, "resources"), "limits"), out);
        out.health = probe(node, "livenessProbe");
        out.readiness = probe(node, "readinessProbe");
        if (first)
            out.started_first = reading_.member(node, "restartPolicy");
        out.account_token = reading_.member(spec_, "automountServiceAccountToken");
        read_environment(node, out);
        read_mounts(node, out);
        for (const Node& port : child(node, "ports").items)
            if (const auto host = reading_.member(port, "hostPort"); host.given)
                out.published.push_back({.address = reading_.member(port, "hostIP").value,
                                         .text = "hostPort " + host.value,
                                         .place = host.place});
        return out;
    }

    Fact probe(const Node& container, std::string_view key) const {
        const Node* const found = container.find(key);
        return found == nullptr ? reading_.missing(container)
                                : Fact{std::string(key), true, reading_.at(*found)};
    }

    /// The container's word counts before the pod's.
    Fact either(const Node& container, std::string_view key) {
        const Node& own = child(container, "securityContext");
        if (auto fact = reading_.member(own, key); fact.given)
            return fact;
        auto fact = reading_.member(child(spec_, "securityContext"), key);
        return fact.given ? fact : reading_.missing(container);
    }

    static void take(Fact& to, Fact from) {
        if (from.given)
            to = std::move(from);
    }

    void read_security(const Node& container, Container& out) {
        const Node& own = child(container, "securityContext");
        const Node& capabilities = child(own, "capabilities");
        out.user = either(container, "runAsUser");
        take(out.read_only, reading_.member(own, "readOnlyRootFilesystem"));
        take(out.privileged, reading_.member(own, "privileged"));
        if (auto grows = reading_.member(own, "allowPrivilegeEscalation"); grows.given)
            out.no_new_privileges = {grows.value == "false" ? "true" : "false", true, grows.place};
        for (const auto& [key, facts] :
             {std::pair{"drop", &Container::cap_drop}, {"add", &Container::cap_add}})
            out.*facts = reading_.list(child(capabilities, key), key);
        const Node* profile = own.find("seccompProfile");
        if (profile == nullptr)
            profile = child(spec_, "securityContext").find("seccompProfile");
        if (profile == nullptr)
            return;
        out.seccomp = reading_.member(*profile, "type");
        if (out.seccomp.value == "Unconfined")
            out.seccomp.value = "unconfined";
        else if (const auto local = reading_.member(*profile, "localhostProfile"); local.given)
            out.seccomp.value = local.value;
    }

    void read_shared(Container& out) {
        for (const auto key : {"hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace"}) {
            auto fact = reading_.member(spec_, key);
            if (!fact.given || fact.value == "false")
                continue;
            fact.value = key + (": " + fact.value);
            out.shared.push_back(std::move(fact));
        }
    }

    void read_limits(const Node& limits, Container& out) {
        take(out.memory, reading_.member(limits, "memory"));
        take(out.cpus, reading_.member(limits, "cpu"));
    }

    /// What comes from a Secret is given as such; other references are told by the cluster.
    void read_environment(const Node& container, Container& out) {
        for (const Node& variable : child(container, "env").items) {
            auto value = reading_.member(variable, "value");
            if (child(variable, "valueFrom").find("secretKeyRef") != nullptr)
                value = {.value = "secretKeyRef", .given = true, .place = reading_.at(variable)};
            out.environment.insert_or_assign(reading_.member(variable, "name").value,
                                             std::move(value));
        }
        for (const Node& from : child(container, "envFrom").items)
            if (from.find("secretRef") != nullptr)
                out.environment.insert_or_assign("envFrom",
                                                 Fact{"secretKeyRef", true, reading_.at(from)});
    }

    /// A Secret or a ConfigMap: whole, or the keys of it that `items` puts at paths of their own.
    void read_files(const Node& map, std::string_view kind, std::string_view key,
                    std::vector<Mount>& out) {
        const Node* const found = map.find(kind);
        if (found == nullptr)
            return;
        const std::string source = space_ + (kind == "secret" ? "/secret/" : "/configmap/") +
                                   reading_.member(*found, key).value;
        const auto& items = child(*found, "items").items;
        for (const Node& item : items)
            out.push_back({.source = source + '/' + reading_.member(item, "key").value,
                           .target = '/' + reading_.member(item, "path").value});
        if (items.empty())
            out.push_back({.source = source});
    }

    /// A volume may bring several things together. Targets are below where it will be mounted.
    void read_volume(const Node& volume) {
        const auto name = reading_.member(volume, "name").value;
        auto& sources = volumes_[name];
        read_files(volume, "secret", "secretName", sources);
        read_files(volume, "configMap", "name", sources);
        for (const Node& part : child(child(volume, "projected"), "sources").items) {
            read_files(part, "secret", "name", sources);
            read_files(part, "configMap", "name", sources);
        }
        if (const Node* const host = volume.find("hostPath"); host != nullptr)
            sources.push_back({.source = reading_.member(*host, "path").value, .host = true});
        if (const Node* const claim = volume.find("persistentVolumeClaim"); claim != nullptr)
            sources.push_back(
                {.source = space_ + "/claim/" + reading_.member(*claim, "claimName").value});
        if (sources.empty())
            sources.push_back({.source = pod_ + "/volume/" + name});
    }

    void read_mounts(const Node& container, Container& out) {
        for (const Node& mount : child(container, "volumeMounts").items) {
            const auto volume = volumes_.find(reading_.member(mount, "name").value);
            if (volume == volumes_.end())
                continue;  // the cluster refuses it
            for (Mount source : volume->second) {
                source.place = reading_.at(mount);
                const auto part = reading_.member(mount, "subPath");
                if (part.given && source.target.empty())
                    source.source += '/' + part.value;
                else if (part.given && source.target != '/' + part.value)
                    continue;  // another file of the volume
                const auto path = reading_.member(mount, "mountPath").value;
                source.target = part.given ? path : path + source.target;
                out.mounts.push_back(std::move(source));
            }
        }
    }

    const Node& spec_;
    Place place_;
    std::string space_;
    std::string pod_;
    Reading& reading_;
    Facts labels_;
    std::map<std::string, std::vector<Mount>, std::less<>> volumes_;
};

}  // namespace

void read_pod(const Node& pod, const std::string& space, const std::string& workload,
              Reading& reading, Deployment& out) {
    PodReader(pod, space, workload, reading).run(out);
}

}  // namespace beta::manifest
