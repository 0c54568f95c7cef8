#include "beta/config/draft.hpp"
#include "beta/config/keys.hpp"

#include <array>

namespace beta::config {
namespace {

using model::Endpoint;

struct Listener {
    std::string path;  // of its key
    const Endpoint* address;
};

std::vector<Listener> listeners_of(const Config& config) {
    std::vector<Listener> all;
    if (config.egress)
        all.push_back({"egress.address", &*config.egress});
    for (const IngressListener& listener : config.ingress)
        all.push_back({"ingress." + listener.plane.str(), &listener.address});
    if (config.admin)
        all.push_back({"admin.address", &*config.admin});
    return all;
}

bool is_everywhere(const Endpoint& address) noexcept {
    return address.kind() != Endpoint::Kind::unix_path &&
           (address.host() == "0.0.0.0" || address.host() == "::");
}

bool overlap(const Endpoint& a, const Endpoint& b) noexcept {
    const bool a_is_path = a.kind() == Endpoint::Kind::unix_path;
    const bool b_is_path = b.kind() == Endpoint::Kind::unix_path;
    if (a_is_path || b_is_path)
        return a == b;
    // Port 0 is a free one each time.
    return a.port() == b.port() && a.port() != 0 &&
           (a.host() == b.host() || is_everywhere(a) || is_everywhere(b));
}

class Checker {
  public:
    Checker(const Draft& draft, const Place& whole) : draft_(draft), whole_(whole) {}

    model::Diagnostics run() {
        require_keys();
        require_identity();
        require_work();
        require_audit_file();
        tell_logs_apart();
        require_app_to_check();
        tell_tors_ports_apart();
        require_tors_kind();
        require_tors_keys();
        tell_addresses_apart();
        return std::move(found_);
    }

  private:
    void require_keys() {
        for (const std::string_view path : {"service", "plane", "acl", "services"}) {
            if (!draft_.given.contains(path))
                add(whole_,
                    "the configuration lacks \"" + std::string(path) + "\"; write it, or set " +
                        variable_of(path),
                    "MISSING_KEY");
        }
    }

    void require_identity() {
        if (draft_.config.identity == Identity::listener) {
            for (const auto& [path, place] : draft_.given) {
                if (path.starts_with("tls."))
                    add(place,
                        path +
                            " has no use with \"identity: listener\", which makes no TLS "
                            "connection; remove one of the two",
                        "UNUSED_KEY");
            }
            return;
        }
        for (const std::string_view path :
             {"tls.certificate", "tls.key", "tls.ca", "tls.trust_domain"}) {
            if (!draft_.given.contains(path))
                add(whole_,
                    "the configuration lacks \"" + std::string(path) + "\"; write it, or set " +
                        variable_of(path) +
                        "; without certificates, callers can be known by their plane alone: "
                        "\"identity: listener\"",
                    "MISSING_KEY");
        }
    }

    void require_work() {
        const Config& config = draft_.config;
        const bool has_ingress = draft_.given.contains("ingress");
        if (!config.ingress.empty() && !draft_.given.contains("app"))
            add(place_of("ingress"),
                "there is an ingress listener but no \"app\" to hand its requests to; write "
                "\"app: 127.0.0.1:8080\", the address of the local application",
                "APP_NEEDED");
        if (!config.egress && config.ingress.empty() && !has_ingress)
            add(place_of("egress.address"),
                "egress is off and there is no ingress listener: nothing to do", "NOTHING_TO_DO");
    }

    void require_audit_file() {
        const Audit& audit = draft_.config.audit;
        if (!audit.file.empty())
            return;
        for (const auto& [path, asked] : {std::pair{"audit.required", audit.required},
                                          {"audit.allowed", audit.allowed},
                                          {"audit.key", !audit.key.empty()}}) {
            if (asked)
                add(place_of(path),
                    std::string(path) + " needs \"audit.file\", where the audit log is written",
                    "AUDIT_FILE_NEEDED");
        }
    }

    void require_app_to_check() {
        const Config& config = draft_.config;
        if (!config.app_health.path.empty() && config.ingress.empty())
            add(place_of("app_health.path"),
                "app_health.path is set but there is no ingress listener, and so no app to check",
                "NO_APP_TO_CHECK");
    }

    void tell_logs_apart() {
        const auto& file = draft_.config.log.file;
        if (!file.empty() && file == draft_.config.audit.file)
            add(place_of("log.file"),
                "log.file and audit.file are both " + file +
                    "; the audit log is a chain that no other line may break",
                "SAME_FILE");
    }

    /// Keys of `tor:` that say the same thing twice, or are for the other kind of tor.
    void require_tors_kind() {
        const Config& config = draft_.config;
        if (config.tor_mode == TorMode::managed) {
            if (!draft_.given.contains("tor.data"))
                add(place_of("tor.mode"),
                    "a managed tor needs \"tor.data\", a folder of its own for its state",
                    "TOR_DATA_NEEDED");
            for (const std::string path : {"tor.socks", "tor.control", "tor.control_password_file",
                                           "tor.control_cookie_file"}) {
                if (draft_.given.contains(path))
                    add(place_of(path),
                        "a managed tor has its ports in the folder tor.data; leave " + path +
                            " out",
                        "TOR_IS_MANAGED");
            }
            return;
        }
        for (const auto& [path, value] : {std::pair{"tor.data", config.tor_data},
                                          {"tor.extra_torrc", config.tor_extra_torrc}}) {
            if (!value.empty())
                add(place_of(path),
                    std::string(path) +
                        " is for a tor that the sidecar starts; write "
                        "\"tor: { mode: managed }\", or leave it out",
                    "TOR_IS_EXTERNAL");
        }
    }

    /// What is done through tor's control port needs one, and keys.
    void require_tors_keys() {
        const Config& config = draft_.config;
        const bool has_control = config.tor_control || config.tor_mode == TorMode::managed;
        for (const auto& [path, asked] : {std::pair{"tor.publish", config.tor_publish},
                                          {"tor.client_key", !config.tor_client_key.empty()}}) {
            if (asked && !has_control)
                add(place_of(path),
                    std::string(path) + " needs \"tor.control\", tor's control port",
                    "TOR_CONTROL_NEEDED");
        }
        if (config.tor_probe.count() != 0 && config.ingress.empty())
            add(place_of("tor.probe"), "tor.probe is on but there is no ingress listener",
                "NOTHING_TO_PROBE");
        if (!config.tor_publish)
            return;
        if (config.tor_keys.empty())
            add(place_of("tor.publish"),
                "tor.publish needs \"tor.keys\", the folder where the keys of the onions are kept",
                "TOR_KEYS_NEEDED");
        if (config.ingress.empty())
            add(place_of("tor.publish"), "tor.publish is on but there is no ingress listener",
                "NOTHING_TO_PUBLISH");
    }

    void tell_tors_ports_apart() {
        const Config& config = draft_.config;
        if (config.tor_control && *config.tor_control == config.tor_socks)
            add(place_of("tor.control"),
                "tor.control and tor.socks are both " + config.tor_socks.str() +
                    "; tor's control port is another than its SOCKS port, often 9051",
                "SAME_ADDRESS");
        for (const auto& [path, file] :
             {std::pair{"tor.control_password_file", config.tor_control_password_file},
              {"tor.control_cookie_file", config.tor_control_cookie_file}}) {
            if (!config.tor_control && !file.empty())
                add(place_of(path),
                    std::string(path) +
                        " has no use without tor.control; write the address of "
                        "tor's control port, or remove it",
                    "UNUSED_KEY");
        }
    }

    void tell_addresses_apart() {
        const Config& config = draft_.config;
        const auto all = listeners_of(config);
        for (std::size_t i = 0; i < all.size(); ++i) {
            for (std::size_t j = i + 1; j < all.size(); ++j) {
                if (overlap(*all[i].address, *all[j].address))
                    add(place_of(all[j].path),
                        all[j].path + " and " + all[i].path + " are both " + all[j].address->str() +
                            "; each needs an address of its own",
                        "SAME_ADDRESS");
            }
            if (config.app && overlap(*config.app, *all[i].address))
                calls_itself("app", all[i]);
            if (overlap(config.tor_socks, *all[i].address))
                calls_itself("tor.socks", all[i]);
            if (config.tor_control && overlap(*config.tor_control, *all[i].address))
                calls_itself("tor.control", all[i]);
        }
    }

    void calls_itself(const std::string& path, const Listener& listener) {
        add(place_of(path),
            path + " is the sidecar's own " + listener.path + ": it would call itself",
            "CALLS_ITSELF");
    }

    /// Where the key was given; the file as a whole for a default.
    const Place& place_of(std::string_view path) const {
        const auto place = draft_.given.find(path);
        return place == draft_.given.end() ? whole_ : place->second;
    }

    void add(const Place& place, std::string message, std::string_view code) {
        found_.push_back({.file = place.file,
                          .line = place.line,
                          .column = place.column,
                          .message = std::move(message),
                          .code = "CONFIG_" + std::string(code)});
    }

    const Draft& draft_;
    const Place& whole_;
    model::Diagnostics found_;
};

}  // namespace

model::Diagnostics contradictions(const Draft& draft, const Place& whole) {
    return Checker(draft, whole).run();
}

}  // namespace beta::config
