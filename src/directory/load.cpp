#include "load.hpp"

#include "beta/directory/host_name.hpp"
#include "beta/directory/look_alike.hpp"
#include "beta/yaml/document.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <unordered_set>

namespace beta::directory {
namespace {

using model::OnionAddress;
using yaml::Node;

std::string quote(std::string_view text) {
    return '"' + yaml::printable(text) + '"';
}

/// Longer than any SPIFFE ID may be (SPIFFE-ID §2.4) need no identity be.
constexpr std::size_t longest_identity = 2048;

bool is_identity(std::string_view text) noexcept {
    return !text.empty() && text.size() <= longest_identity && text.front() != ' ' &&
           text.back() != ' ' &&
           std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

bool is_like_own_host(std::string_view name) {
    const std::array names{model::own_host, name};
    return name == model::own_host || !look_alikes(names).empty();
}

class Loader {
  public:
    explicit Loader(const std::string& file_name) : reader_(file_name, "DIRECTORY_") {}

    void read(const Node& root) {
        if (!reader_.expect_map(root, "the service directory",
                                {"apiVersion", "services", "external"}))
            return;
        read_version(root);
        if (const Node* const services = reader_.require(root, "services", "the service directory"))
            each(*services, "services", &Loader::read_service);
        if (const Node* const external = root.find("external"))
            each(*external, "external", &Loader::read_external);
        refuse_hosts_that_read_as_services();
        warn_of_look_alikes(names_, "name");
        warn_of_look_alikes(planes_, "plane");
    }

    LoadedEntries take() { return {std::move(entries_), reader_.take()}; }

  private:
    struct Owner {
        std::string service;
        std::uint32_t line;
    };
    using Places = std::vector<const Node*>;  // of scalars; the tree outlives the loader's work

    void read_version(const Node& root) {
        const Node* const version = reader_.require(root, "apiVersion", "the service directory");
        if (version != nullptr && version->scalar != "beta.directory/v1")
            reader_.error(*version, "apiVersion must be beta.directory/v1", "VERSION");
    }

    void each(const Node& map, std::string_view what,
              void (Loader::*read_one)(const Node& key, const Node& value)) {
        if (map.kind != Node::Kind::map)
            return reader_.error(map,
                                 std::string(what) +
                                     " must be a map from names to their places, "
                                     "or {} when there is none",
                                 "EXPECTED_MAP");
        for (const auto& [key, value] : map.members) {
            claim_name(key);
            (this->*read_one)(key, value);
        }
    }

    void claim_name(const Node& key) {
        const auto name = model::ServiceName::parse(key.scalar);
        if (!name)
            return reader_.error(
                key, quote(key.scalar) + ": " + std::string(model::sentence(name.error())),
                "BAD_NAME");
        if (const auto objection = objection_to_service(key.scalar); !objection.empty())
            reader_.error(key, quote(key.scalar) + ": " + std::string(objection), "RESERVED_NAME");
        const auto [owner, is_new] = named_.try_emplace(key.scalar, key.line);
        if (!is_new)
            return reader_.error(key,
                                 quote(key.scalar) + " is already a service on line " +
                                     std::to_string(owner->second) +
                                     "; services and external hosts share one set of names",
                                 "DUPLICATE_NAME");
        names_.push_back(&key);
        refuse_ours(key, key.scalar);
    }

    /// beta.internal is answered by each sidecar itself, and nothing may be taken for it.
    void refuse_ours(const Node& node, std::string_view name) {
        if (is_like_own_host(name))
            reader_.error(node,
                          quote(name) + " could be taken for " + std::string(model::own_host) +
                              ", the sidecar's own name for its app; choose another",
                          "RESERVED_NAME");
    }

    void read_service(const Node& key, const Node& value) {
        const std::string what = "service " + quote(key.scalar);
        if (!reader_.expect_map(value, what, {"plane", "onion", "onions", "port", "identity"}))
            return;
        OnionRoute route;
        std::string plane;
        std::string identity;
        if (const Node* const node = reader_.require(value, "plane", what))
            plane = read_plane(*node, "the plane of " + what);
        if (const Node* const node = value.find("identity"))
            identity = read_identity(*node, what);
        refuse_ours(key, key.scalar + '.' + plane);
        route.port = read_port(value, what, route.port);
        const Node* const onion = value.find("onion");
        const Node* const onions = value.find("onions");
        if ((onion == nullptr) == (onions == nullptr))
            return reader_.error(key,
                                 what +
                                     " needs either `onion:`, one address for every caller, or "
                                     "`onions:`, one address for each calling plane",
                                 "ONION_OR_ONIONS");
        if (onion != nullptr)
            route.any = read_onion(*onion, key.scalar, "");
        else
            read_onions(*onions, key.scalar, route);
        add({.name = key.scalar,
             .plane = plane,
             .identity = std::move(identity),
             .onion = std::move(route),
             .external = {}});
    }

    std::string read_identity(const Node& node, const std::string& what) {
        const std::string_view text = reader_.word(node, "the identity of " + what);
        if (node.kind == Node::Kind::scalar && !is_identity(text))
            reader_.error(node,
                          "the identity of " + what +
                              " must be 1 to 2048 printable ASCII characters without a space at "
                              "either end, as the certificate has it: "
                              "spiffe://beta.test/plane/wallet/service/pay",
                          "BAD_IDENTITY");
        return std::string(text);
    }

    void read_onions(const Node& onions, const std::string& service, OnionRoute& route) {
        if (onions.kind != Node::Kind::map || onions.members.empty())
            return reader_.error(onions,
                                 "the onions of " + quote(service) +
                                     " must be a map from calling planes to onion addresses",
                                 "EXPECTED_MAP");
        for (const auto& [key, value] : onions.members) {
            const std::string plane = read_plane(key, "a calling plane of " + quote(service));
            if (auto onion = read_onion(value, service, plane))
                route.by_plane.emplace(plane, std::move(*onion));
        }
    }

    std::string read_plane(const Node& node, const std::string& what) {
        std::string text(reader_.word(node, what));
        if (node.kind != Node::Kind::scalar)
            return {};
        if (const auto plane = model::PlaneName::parse(text); !plane) {
            reader_.error(node, what + ": " + std::string(model::sentence(plane.error())),
                          "BAD_PLANE");
            return {};
        }
        if (const auto objection = objection_to_plane(text); !objection.empty())
            reader_.error(node, what + ": " + std::string(objection), "RESERVED_PLANE");
        if (planes_seen_.try_emplace(text, node.line).second)
            planes_.push_back(&node);
        return text;
    }

    std::optional<OnionAddress> read_onion(const Node& node, const std::string& service,
                                           const std::string& plane) {
        const std::string what =
            "the onion of " + quote(service) + (plane.empty() ? "" : " for plane " + quote(plane));
        const std::string_view text = reader_.word(node, what);
        if (node.kind != Node::Kind::scalar)
            return std::nullopt;
        auto onion = OnionAddress::parse(text);
        if (!onion) {
            reader_.error(node,
                          what + ": " + std::string(model::sentence(onion.error())) +
                              "; copy it from the file `hostname` of the onion service",
                          "BAD_ONION");
            return std::nullopt;
        }
        claim_onion(node, service, *onion);
        return std::move(*onion);
    }

    /// Who comes by an onion is told apart by it: it may lead to one service, for one plane.
    void claim_onion(const Node& node, const std::string& service, const OnionAddress& onion) {
        const auto [owner, is_new] =
            onions_.try_emplace(onion.disclose(), Owner{service, node.line});
        if (is_new)
            return;
        const std::string place = " on line " + std::to_string(owner->second.line);
        if (owner->second.service == service)
            return reader_.error(node,
                                 quote(service) + " has " + onion.redacted() +
                                     " for another plane" + place +
                                     "; planes that come by one onion cannot be told apart",
                                 "PLANES_SHARE_ONION");
        reader_.error(node,
                      onion.redacted() + " is already the onion of " +
                          quote(owner->second.service) + place + "; each service has its own",
                      "SAME_ONION");
    }

    void read_external(const Node& key, const Node& value) {
        const std::string what = "external host " + quote(key.scalar);
        if (!reader_.expect_map(value, what, {"host", "port"}))
            return;
        ExternalRoute route;
        route.port = read_port(value, what, route.port);
        if (const Node* const host = reader_.require(value, "host", what)) {
            route.host = reader_.word(*host, "the host of " + what);
            read_host(*host, what);
        }
        add({.name = key.scalar, .plane = {}, .onion = {}, .external = std::move(route)});
    }

    void read_host(const Node& host, const std::string& what) {
        if (host.kind != Node::Kind::scalar)
            return;
        if (const auto objection = objection_to_host(host.scalar); !objection.empty())
            return reader_.error(
                host, what + ": " + quote(host.scalar) + ": " + std::string(objection), "BAD_HOST");
        refuse_ours(host, host.scalar);
        hosts_.push_back(&host);
    }

    /// An application that asks for "a.b" means service a of plane b, never the host outside.
    void refuse_hosts_that_read_as_services() {
        std::unordered_set<std::string> full_names;
        for (const Entry& entry : entries_)
            full_names.insert(entry.name + '.' + entry.plane);
        for (const Node* const host : hosts_) {
            if (full_names.contains(host->scalar))
                reader_.error(*host, quote(host->scalar) + " is the full name of a service here",
                              "HOST_IS_SERVICE");
        }
    }

    std::uint16_t read_port(const Node& map, const std::string& what, std::uint16_t otherwise) {
        const Node* const node = map.find("port");
        if (node == nullptr)
            return otherwise;
        std::uint16_t port = 0;
        const std::string& text = node->scalar;
        const char* const end = text.data() + text.size();
        const auto [stopped, error] = std::from_chars(text.data(), end, port);
        if (node->kind != Node::Kind::scalar || node->quoted || error != std::errc{} ||
            stopped != end || port == 0 || text.front() == '0')
            reader_.error(*node, "the port of " + what + " must be a number from 1 to 65535",
                          "BAD_PORT");
        return port;
    }

    void add(Entry entry) {
        entry.id = static_cast<std::uint32_t>(entries_.size());
        entries_.push_back(std::move(entry));
    }

    void warn_of_look_alikes(const Places& places, std::string_view what) {
        std::vector<std::string_view> texts;
        for (const Node* const place : places)
            texts.push_back(place->scalar);
        for (const LookAlike& pair : look_alikes(texts)) {
            const Node& earlier = *places[pair.earlier];
            reader_.warning(*places[pair.later],
                            "the " + std::string(what) + " " + quote(texts[pair.later]) +
                                " could be taken for " + quote(earlier.scalar) + " on line " +
                                std::to_string(earlier.line) + ": " + std::string(pair.difference) +
                                "; rename one, or check that both are meant",
                            "LOOK_ALIKE");
        }
    }

    yaml::Reader reader_;
    std::vector<Entry> entries_;
    std::unordered_map<std::string, std::uint32_t> named_;        // name -> line
    std::unordered_map<std::string, std::uint32_t> planes_seen_;  // plane -> line
    std::unordered_map<std::string, Owner> onions_;
    Places names_;
    Places planes_;
    Places hosts_;
};

}  // namespace

LoadedEntries load(std::string_view yaml, const std::string& file_name) {
    LoadedEntries loaded;
    if (const auto root = yaml::parse(yaml, file_name)) {
        Loader loader(file_name);
        loader.read(*root);
        loaded = loader.take();
    } else {
        loaded.diagnostics = root.error();
    }
    for (auto& diagnostic : loaded.diagnostics)
        diagnostic.message = model::redact_onions(diagnostic.message);
    return loaded;
}

}  // namespace beta::directory
