#include "beta/config/keys.hpp"
#include "beta/yaml/document.hpp"

#include "sources.hpp"

#include <algorithm>
#include <optional>

namespace beta::config {
namespace {

constexpr std::string_view own_prefix = "BETA_";

/// Names that deployments of before already set. `prefix` comes before the value.
struct Alias {
    std::string_view name;
    std::string_view path;
    std::string_view prefix;
};
constexpr Alias aliases[] = {
    {"SERVICE_NAME", "service", ""}, {"SERVICE_PORT", "app", "127.0.0.1:"}, {"PLANE", "plane", ""},
    {"ACL_POLICY_FILE", "acl", ""},  {"LOG_LEVEL", "log.level", ""},
};

/// Names of before that may be set, but only to what this program does in any case.
struct Fixed {
    std::string_view name;
    std::string_view only;
    std::string_view reason;
};
constexpr Fixed fixed[] = {
    {"SERVICE_DISCOVERY_MODE", "onion", "services are found by their onion address alone"},
    {"ONION_RESOLUTION_ENABLED", "true", "no name is ever resolved but by tor"},
};

/// A pod is told of every service of its namespace by variables that begin with the service's name.
bool is_of_kubernetes(std::string_view name) noexcept {
    return name.ends_with("_SERVICE_HOST") || name.contains("_SERVICE_PORT") ||
           name.ends_with("_PORT") || name.contains("_PORT_");
}

class EnvironmentReader {
  public:
    EnvironmentReader(const Environment& environment, Draft& draft)
        : environment_(environment), draft_(draft) {}

    model::Diagnostics run() {
        for (const Fixed& rule : fixed)
            expect(rule);
        for (const Alias& alias : aliases)
            read(alias);
        for (const Key& key : keys()) {
            const std::string name = variable_of(key.path);
            if (const std::string* const value = find(name))
                apply(key, name, *value);
        }
        report_unknown();
        return std::move(found_);
    }

  private:
    const std::string* find(std::string_view name) const {
        const auto variable = environment_.find(name);
        return variable == environment_.end() ? nullptr : &variable->second;
    }

    void expect(const Fixed& rule) {
        const std::string* const value = find(rule.name);
        if (value != nullptr && *value != rule.only)
            add(rule.name,
                but_found("must be \"" + std::string(rule.only) +
                              "\" or unset: " + std::string(rule.reason),
                          {*value}),
                "BAD_VALUE");
    }

    void read(const Alias& alias) {
        const std::string* const value = find(alias.name);
        if (value == nullptr)
            return;
        if (const auto port = read_count({*value}, {1, 65'535}); !alias.prefix.empty() && !port)
            return add(alias.name, "the port of app " + port.error(), "BAD_VALUE");
        const std::string text = std::string(alias.prefix) + *value;
        const std::string own_name = variable_of(alias.path);
        const std::string* const own = find(own_name);
        if (own != nullptr && *own != text)
            return add(alias.name,
                       but_found("disagrees with " + own_name + ", which is \"" +
                                     yaml::printable(*own) + "\"; unset one of them",
                                 {*value}),
                       "VARIABLES_DISAGREE");
        apply(*find_key(alias.path), alias.name, text);
    }

    void apply(const Key& key, std::string_view name, std::string_view value) {
        draft_.given.insert_or_assign(std::string(key.path), Place{std::string(name)});
        auto problem = key.set(draft_, {value}, key);
        if (problem.empty())
            return;
        if (value.empty())
            problem += "; unset it, and what the file says counts";
        add(name, std::string(key.path) + ' ' + problem, "BAD_VALUE");
    }

    /// Every variable that begins as ours do is meant for us: a slip must not go unseen.
    void report_unknown() {
        std::vector<std::string> names;
        for (const Key& key : keys())
            names.push_back(variable_of(key.path));
        const std::vector<std::string_view> known(names.begin(), names.end());
        for (const auto& [name, value] : environment_) {
            if (!name.starts_with(own_prefix) || std::ranges::find(names, name) != names.end())
                continue;
            std::string message = "no key has this variable";
            if (const auto guess = yaml::nearest(name, known); !guess.empty())
                message += "; did you mean " + std::string(guess) + '?';
            else if (is_of_kubernetes(name))
                message += "; if Kubernetes sets it, write `enableServiceLinks: false` in the pod";
            else
                message += "; a variable is BETA_ and the key in upper case, as in BETA_TOR_SOCKS";
            add(yaml::printable(name), std::move(message), "UNKNOWN_VARIABLE");
        }
    }

    void add(std::string_view name, std::string message, std::string_view code) {
        found_.push_back({.file = std::string(name),
                          .message = std::move(message),
                          .code = "CONFIG_" + std::string(code)});
    }

    const Environment& environment_;
    Draft& draft_;
    model::Diagnostics found_;
};

}  // namespace

model::Diagnostics read_environment(const Environment& environment, Draft& draft) {
    return EnvironmentReader(environment, draft).run();
}

}  // namespace beta::config
