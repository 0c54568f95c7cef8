// Compose files, as the Compose Specification has them. Further files lie over the first: words
// replace, lists and maps are added to.
#include "compose_mounts.hpp"
#include "reading.hpp"

#include <algorithm>
#include <iterator>
#include <map>

namespace beta::manifest {
namespace {

using yaml::Node;

/// Keys of a service whose one word is a fact.
struct Word {
    std::string_view key;
    Fact Container::* fact;
};
constexpr Word words[] = {
    {"image", &Container::image},         {"user", &Container::user},
    {"read_only", &Container::read_only}, {"privileged", &Container::privileged},
    {"mem_limit", &Container::memory},    {"cpus", &Container::cpus},
    {"pids_limit", &Container::pids},     {"network_mode", &Container::network_mode},
};

/// Keys of a service that weaken no wall, whatever they say.
constexpr std::string_view harmless[] = {
    "annotations",    "attach",     "command",
    "container_name", "depends_on", "dns",
    "sysctls",        "entrypoint", "expose",
    "hostname",       "init",       "mem_reservation",
    "memswap_limit",  "platform",   "profiles",
    "pull_policy",    "restart",    "scale",
    "shm_size",       "stdin_open", "stop_grace_period",
    "stop_signal",    "tty",        "ulimits",
    "working_dir",
};

class ServiceReader {
  public:
    ServiceReader(Reading& reading, const Volumes& volumes, Container& service)
        : reading_(reading), mounts_(reading, volumes, service), service_(service) {}

    void run(const Node& map) {
        if (!reading_.reader.expect_map(map, "service \"" + yaml::printable(service_.name) + '"',
                                        allowed(map)))
            return;
        for (const auto& [key, value] : map.members)
            read(key.scalar, value);
        settle();
    }

  private:
    using Part = void (ServiceReader::*)(const Node&);

    static const std::map<std::string_view, Part>& parts() {
        static const std::map<std::string_view, Part> all{
            {"cap_add", &ServiceReader::cap_add},
            {"cap_drop", &ServiceReader::cap_drop},
            {"configs", &ServiceReader::configs},
            {"deploy", &ServiceReader::deploy},
            {"environment", &ServiceReader::environment},
            {"healthcheck", &ServiceReader::health},
            {"ipc", &ServiceReader::ipc},
            {"labels", &ServiceReader::labels},
            {"logging", &ServiceReader::logging},
            {"networks", &ServiceReader::networks},
            {"pid", &ServiceReader::pid},
            {"ports", &ServiceReader::ports},
            {"secrets", &ServiceReader::secrets},
            {"security_opt", &ServiceReader::security},
            {"tmpfs", nullptr},  // memory of its own
            {"userns_mode", &ServiceReader::users},
            {"uts", &ServiceReader::uts},
            {"volumes", &ServiceReader::volumes},
        };
        return all;
    }

    static std::vector<std::string_view> allowed(const Node& map) {
        std::vector<std::string_view> keys(std::begin(harmless), std::end(harmless));
        for (const Word& word : words)
            keys.push_back(word.key);
        for (const auto& part : parts())
            keys.push_back(part.first);
        for (const auto& member : map.members)
            if (member.first.scalar.starts_with("x-"))
                keys.push_back(member.first.scalar);
        return keys;
    }

    void read(std::string_view key, const Node& value) {
        for (const Word& word : words)
            if (word.key == key)
                service_.*word.fact = reading_.fact(value, key);
        if (const auto part = parts().find(key); part != parts().end() && part->second != nullptr)
            (this->*part->second)(value);
    }

    /// What one fact says of another.
    void settle() {
        const auto role = service_.label("role");
        service_.role = role_of(role.value);
        const auto& mode = service_.network_mode.value;
        constexpr std::string_view of_service = "service:";
        service_.space =
            mode.starts_with(of_service) ? mode.substr(of_service.size()) : service_.name;
    }

    void labels(const Node& node) { merge(service_.labels, reading_.pairs(node, "a label")); }
    void environment(const Node& node) {
        merge(service_.environment, reading_.pairs(node, "a variable"));
    }
    static void merge(Facts& into, Facts more) {
        for (auto& [name, fact] : more)
            into.insert_or_assign(name, std::move(fact));
    }

    void cap_drop(const Node& node) { append(service_.cap_drop, reading_.list(node, "cap_drop")); }
    void cap_add(const Node& node) { append(service_.cap_add, reading_.list(node, "cap_add")); }
    static void append(std::vector<Fact>& to, std::vector<Fact> more) {
        std::ranges::move(more, std::back_inserter(to));
    }

    /// Namespaces that are not the service's own.
    void shares(const Node& node, std::string_view key) {
        auto fact = reading_.fact(node, key);
        fact.value = std::string(key) + ": " + fact.value;
        if (fact.given && fact.value != "ipc: private" && fact.value != "ipc: none")
            service_.shared.push_back(std::move(fact));
    }
    void pid(const Node& node) { shares(node, "pid"); }
    void ipc(const Node& node) { shares(node, "ipc"); }
    void uts(const Node& node) { shares(node, "uts"); }
    void users(const Node& node) { shares(node, "userns_mode"); }

    void security(const Node& node) {
        for (auto& option : reading_.list(node, "security_opt")) {
            const auto cut = option.value.find_first_of(":=");
            const auto name = option.value.substr(0, cut);
            const auto value = cut == option.value.npos ? "" : option.value.substr(cut + 1);
            if (name == "no-new-privileges")
                service_.no_new_privileges = {cut == option.value.npos ? "true" : value, true,
                                              option.place};
            else if (name == "seccomp")
                service_.seccomp = {value, true, option.place};
            else if ((name != "apparmor" && name != "label") || value == "unconfined" ||
                     value == "disable")
                reading_.reader.error(node,
                                      "security_opt \"" + yaml::printable(option.value) +
                                          "\" is none that verify can vouch for",
                                      "SECURITY_OPTION");
        }
    }

    void networks(const Node& node) {
        if (node.kind != Node::Kind::map)
            return append(service_.networks, reading_.list(node, "networks"));
        for (const auto& [name, options] : node.members)
            service_.networks.push_back(
                {.value = name.scalar, .given = true, .place = reading_.at(name)});
    }

    void health(const Node& node) {
        if (const Node* const test = node.find("test"); test != nullptr) {
            const auto is_none = [](const Node& word) { return word.scalar == "NONE"; };
            const bool none = is_none(*test) || std::ranges::any_of(test->items, is_none);
            service_.health = {none ? "" : "test", !none, reading_.at(*test)};
        }
        if (const auto off = reading_.member(node, "disable"); off.given && off.value != "false")
            service_.health = {"", false, off.place};
    }

    void logging(const Node& node) {
        const Node* const options = node.find("options");
        const auto driver = reading_.member(node, "driver");
        const auto bound = options == nullptr ? Fact{} : reading_.member(*options, "max-size");
        if (bound.given)
            service_.log_bound = bound;
        else if (driver.value == "local" || driver.value == "none" || driver.value == "journald")
            service_.log_bound = driver;  // bounded by itself, or by the host's journal
    }

    void deploy(const Node& node) {
        const Node* const resources = node.find("resources");
        const Node* const limits = resources == nullptr ? nullptr : resources->find("limits");
        if (limits == nullptr)
            return;
        for (const auto& [key, fact] : {std::pair{"memory", &Container::memory},
                                        {"cpus", &Container::cpus},
                                        {"pids", &Container::pids}})
            if (auto found = reading_.member(*limits, key); found.given)
                service_.*fact = std::move(found);
    }

    void ports(const Node& node) { mounts_.ports(node); }
    void volumes(const Node& node) { mounts_.volumes(node); }
    void secrets(const Node& node) { mounts_.files(node, "secret", "/run/secrets/"); }
    void configs(const Node& node) { mounts_.files(node, "config", "/"); }

    Reading& reading_;
    MountReader mounts_;
    Container& service_;
};

void read_network(const Node::Member& member, Reading& reading, Deployment& out) {
    const auto& [name, options] = member;
    const auto known = std::ranges::find(out.networks, name.scalar, &Network::name);
    Network& network = known == out.networks.end()
                           ? out.networks.emplace_back(name.scalar, reading.missing(name))
                           : *known;
    if (auto internal = reading.member(options, "internal"); internal.given)
        network.internal = std::move(internal);
}

/// Every fact is missing at the service's own place until it is found.
Container& service_of(const Node& name, Reading& reading, Deployment& out) {
    if (Container* const known = find(out, name.scalar); known != nullptr)
        return *known;
    return out.containers.emplace_back(blank(name.scalar, reading.at(name)));
}

}  // namespace

void read_compose(const Node& root, Reading& reading, Volumes& volumes, Deployment& out) {
    std::vector<std::string_view> keys{"name",    "version", "services", "networks",
                                       "volumes", "secrets", "configs"};
    for (const auto& member : root.members)
        if (member.first.scalar.starts_with("x-"))
            keys.push_back(member.first.scalar);
    if (!reading.reader.expect_map(root, "a Compose file", keys))
        return;
    volumes.read(root, reading);
    if (const Node* const networks = root.find("networks"); networks != nullptr)
        for (const auto& member : reading.members(*networks, "\"networks\""))
            read_network(member, reading, out);
    if (const Node* const services = root.find("services"); services != nullptr)
        for (const auto& [name, service] : reading.members(*services, "\"services\""))
            ServiceReader(reading, volumes, service_of(name, reading, out)).run(service);
}

}  // namespace beta::manifest
