// Documents of Kubernetes: whatever makes pods, and what fences them.
#include "kubernetes_pod.hpp"
#include "reading.hpp"

#include <algorithm>
#include <array>

namespace beta::manifest {
namespace {

using yaml::Node;

/// Kinds that neither run anything nor open a way.
constexpr std::string_view harmless[] = {
    "HorizontalPodAutoscaler", "Kustomization",       "LimitRange",     "PersistentVolume",
    "PersistentVolumeClaim",   "PodDisruptionBudget", "PodMonitor",     "PrometheusRule",
    "ResourceQuota",           "ServiceAccount",      "ServiceMonitor",
};

/// Where the pod of each kind stands.
struct Workload {
    std::string_view kind;
    std::array<std::string_view, 4> way;
};
constexpr Workload workloads[] = {
    {"Pod", {}},
    {"Deployment", {"spec", "template"}},
    {"StatefulSet", {"spec", "template"}},
    {"DaemonSet", {"spec", "template"}},
    {"ReplicaSet", {"spec", "template"}},
    {"Job", {"spec", "template"}},
    {"CronJob", {"spec", "jobTemplate", "spec", "template"}},
};

const Node& at_or_nothing(const Node* node) {
    static const Node nothing;
    return node == nullptr ? nothing : *node;
}

const Node& below(const Node& map, std::initializer_list<std::string_view> way) {
    const Node* node = &map;
    for (const auto key : way)
        node = &at_or_nothing(node->find(key));
    return *node;
}

class DocumentReader {
  public:
    DocumentReader(const Node& root, Reading& reading, Deployment& out)
        : root_(root), reading_(reading), out_(out) {
        const Node& metadata = below(root, {"metadata"});
        name_ = reading.member(metadata, "name").value;
        space_ = reading.member(metadata, "namespace").value;
        if (space_.empty())
            space_ = "default";
    }

    void run() {
        const auto kind = reading_.member(root_, "kind");
        const auto workload = std::ranges::find(workloads, kind.value, &Workload::kind);
        if (workload != std::end(workloads))
            return pod(*workload);
        if (kind.value == "List")
            return items();
        if (kind.value == "Namespace")
            return name_space();
        if (kind.value == "NetworkPolicy")
            return fence();
        if (kind.value == "Service" || kind.value == "Ingress")
            return door(kind);
        if (kind.value == "ConfigMap")
            return config_map();
        if (kind.value == "Secret")
            return secret();
        if (std::ranges::find(harmless, kind.value) == std::end(harmless))
            out_.passed_over.push_back({kind.value + ' ' + space_ + '/' + name_, true, kind.place});
    }

  private:
    void items() {
        for (const Node& item : below(root_, {"items"}).items)
            DocumentReader(item, reading_, out_).run();  // bounded by the depth of the document
    }

    void pod(const Workload& workload) {
        const Node* pod = &root_;
        for (const auto key : workload.way)
            if (!key.empty())
                pod = &at_or_nothing(pod->find(key));
        if (pod->kind != Node::Kind::map)
            return reading_.reader.error(root_, "a workload without a pod", "NO_POD");
        read_pod(*pod, space_, name_, reading_, out_);
    }

    void name_space() {
        const Node& labels = below(root_, {"metadata", "labels"});
        auto enforce = reading_.member(labels, "pod-security.kubernetes.io/enforce");
        if (enforce.place.line == 0)
            enforce.place = reading_.at(root_);
        out_.namespaces.push_back({name_, std::move(enforce)});
    }

    void fence() {
        const Node& spec = below(root_, {"spec"});
        const Node& selector = below(spec, {"podSelector"});
        Fence fence{.space = space_, .name = name_, .place = reading_.at(root_)};
        for (const auto& [key, value] : selector.members) {
            if (key.scalar == "matchLabels")
                fence.selector = reading_.pairs(value, "a label");
            else
                fence.followed = false;
        }
        const Node& types = below(spec, {"policyTypes"});
        const Node* const egress = spec.find("egress");
        const auto has = [&](std::string_view type) {
            return std::ranges::find(types.items, type, &Node::scalar) != types.items.end();
        };
        fence.ingress = types.items.empty() || has("Ingress");
        fence.egress = types.items.empty() ? egress != nullptr : has("Egress");
        for (const auto& [key, peers] : {std::pair{"ingress", "from"}, {"egress", "to"}})
            for (const Node& rule : below(spec, {key}).items)
                if (rule.kind == Node::Kind::null || at_or_nothing(rule.find(peers)).items.empty())
                    fence.open.push_back({key, true, reading_.at(rule)});
        out_.fences.push_back(std::move(fence));
    }

    /// A Service is reachable in the cluster alone, unless its type says more.
    void door(const Fact& kind) {
        const auto type = reading_.member(below(root_, {"spec"}), "type");
        const auto& outside = below(root_, {"spec", "externalIPs"});
        if (kind.value == "Ingress" || type.value == "NodePort" || type.value == "LoadBalancer" ||
            !outside.items.empty())
            out_.doors.push_back(
                {.text = kind.value + ' ' + space_ + '/' + name_,
                 .place = kind.value == "Ingress" || !type.given ? kind.place : type.place});
    }

    void config_map() {
        const std::string source = space_ + "/configmap/" + name_ + '/';
        for (const auto& [key, text] : below(root_, {"data"}).members)
            out_.texts.push_back({source + key.scalar, text.scalar, reading_.at(key)});
    }

    /// Contents of a Secret have no place in a file that is kept with the sources.
    void secret() {
        for (const auto key : {"data", "stringData"})
            for (const auto& [name, value] : below(root_, {key}).members)
                if (!value.scalar.empty())
                    out_.contents.push_back(
                        {space_ + '/' + name_ + '/' + name.scalar, true, reading_.at(name)});
    }

    const Node& root_;
    Reading& reading_;
    Deployment& out_;
    std::string name_;
    std::string space_;
};

}  // namespace

void read_kubernetes(const Node& root, Reading& reading, Deployment& out) {
    if (root.kind == Node::Kind::null)
        return;  // nothing between two "---"
    if (root.kind != Node::Kind::map)
        return reading.reader.error(root, "a document of Kubernetes must be a map", "EXPECTED_MAP");
    DocumentReader(root, reading, out).run();
}

}  // namespace beta::manifest
