#include "beta/manifest/load.hpp"

#include "beta/yaml/documents.hpp"

#include "compose_mounts.hpp"
#include "reading.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

namespace beta::manifest {
namespace {

using yaml::Node;

// Both languages nest deeper than ours: a pod of a CronJob with an affinity needs about 20.
constexpr yaml::Bounds bounds{.bytes = std::size_t{4} * 1024 * 1024, .depth = 32, .nodes = 50'000};
constexpr std::size_t most_documents = 1'000;

class Loader {
  public:
    explicit Loader(const Variables& variables) : variables_(variables) {}

    std::expected<Deployment, model::Diagnostics> run(const std::vector<Source>& sources) {
        for (const Source& source : sources)
            read(source);
        if (problems_.empty() && out_.containers.empty())
            problems_.push_back({.file = sources.empty() ? "" : sources.front().name,
                                 .message = "nothing here runs: neither a service of Compose nor "
                                            "a pod of Kubernetes",
                                 .code = "MANIFEST_EMPTY"});
        if (!problems_.empty())
            return std::unexpected(std::move(problems_));
        return std::move(out_);
    }

  private:
    void read(const Source& source) {
        auto documents = yaml::parse_all(source.text, source.name, bounds, most_documents);
        if (!documents)
            return append(std::move(documents.error()));
        Reading reading(source.name);
        for (Node& document : *documents)
            read(document, reading);
        append(reading.reader.take());
    }

    void read(Node& document, Reading& reading) {
        const bool is_compose = document.find("kind") == nullptr &&
                                document.find("apiVersion") == nullptr &&
                                document.kind == Node::Kind::map;
        const auto engine = is_compose ? Engine::compose : Engine::kubernetes;
        if (document.kind == Node::Kind::null)
            return;
        if (engine_.value_or(engine) != engine)
            return reading.reader.error(document,
                                        "of Compose and of Kubernetes together; verify one of them",
                                        "TWO_ENGINES");
        engine_ = out_.engine = engine;
        if (!is_compose)
            return read_kubernetes(document, reading, out_);
        interpolate(document, variables_, reading.reader);
        read_compose(document, reading, volumes_, out_);
    }

    void append(model::Diagnostics more) { std::ranges::move(more, std::back_inserter(problems_)); }

    const Variables& variables_;
    std::optional<Engine> engine_;
    Volumes volumes_;
    Deployment out_;
    model::Diagnostics problems_;
};

/// In Kubernetes the text is in the manifests themselves.
void add_own_texts(Deployment& deployment) {
    for (Container& container : deployment.containers)
        for (const Mount& mount : container.mounts)
            for (const Text& text : deployment.texts)
                if (text.source == mount.source + "/sidecar.yaml" ||
                    (text.source == mount.source && mount.target == configuration_path))
                    add_configuration(deployment, container.name, {text.place.file, text.text},
                                      text.place.line);
}

}  // namespace

std::expected<Deployment, model::Diagnostics> load(const std::vector<Source>& sources,
                                                   const Variables& variables) {
    auto deployment = Loader(variables).run(sources);
    if (deployment)
        add_own_texts(*deployment);
    return deployment;
}

std::vector<std::pair<std::string, std::string>> configurations(const Deployment& deployment) {
    std::vector<std::pair<std::string, std::string>> out;
    for (const Container& container : deployment.containers)
        for (const Mount& mount : container.mounts)
            if (container.role == Role::sidecar && mount.host && mount.target == configuration_path)
                out.emplace_back(container.name, mount.source);
    return out;
}

void add_configuration(Deployment& deployment, std::string_view container, const Source& source,
                       std::uint32_t above) {
    Container* const found = find(deployment, container);
    const auto root = yaml::parse(source.text, source.name);
    if (found == nullptr || !root)
        return;
    Reading reading(source.name);
    for (const auto key : {"service", "plane"})
        if (auto fact = reading.member(*root, key); fact.given) {
            fact.place.line += above;
            found->own.insert_or_assign(key, std::move(fact));
        }
}

}  // namespace beta::manifest
