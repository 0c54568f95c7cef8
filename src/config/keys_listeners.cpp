#include "setters.hpp"

#include <algorithm>
#include <utility>

namespace beta::config {
namespace {

std::string set_egress(Draft& draft, Value value, const Key&) {
    if (value.text != "off")
        return store(draft.config.egress,
                     read_local(value, "whoever reaches it acts as this service"));
    draft.config.egress.reset();
    return {};
}

std::string set_admin(Draft& draft, Value value, const Key&) {
    if (value.text != "off")
        return store(draft.config.admin, read_address(value));
    draft.config.admin.reset();
    return {};
}

/// The variable's form: "ops=127.0.0.1:15006,chain=127.0.0.1:15007", or nothing at all for none.
std::string set_ingress(Draft& draft, Value value, const Key& key) {
    draft.config.ingress.clear();
    if (value.text.empty()) {
        draft.given.erase(std::string(key.path));
        return {};
    }
    const auto given = draft.given.find(key.path);
    const Place place = given == draft.given.end() ? Place{} : given->second;
    return read_pairs(value, "must be plane=address, more of them after commas",
                      [&](std::string_view plane, std::string_view address) {
                          return add_ingress(draft, plane, address, place);
                      });
}

/// It goes into a request line.
std::string set_health_path(Draft& draft, Value value, const Key&) {
    constexpr std::size_t longest = 1024;
    auto& path = draft.config.app_health.path;
    path.clear();
    if (value.text == "off")
        return {};
    const bool is_plain =
        std::ranges::all_of(value.text, [](char c) { return c > ' ' && c < '\x7f' && c != '#'; });
    if (!value.text.starts_with('/') || value.text.size() > longest || !is_plain)
        return but_found("must be off, or a path as in /healthz, of at most 1024 visible letters",
                         value);
    path = value.text;
    return {};
}

std::string set_sandbox(Draft& draft, Value value, const Key&) {
    auto& sandbox = draft.config.sandbox;
    if (value.text != "on" && value.text != "required" && value.text != "off")
        return but_found("must be on, required or off", value);
    sandbox = value.text == "on"         ? Sandbox::on
              : value.text == "required" ? Sandbox::required
                                         : Sandbox::off;
    return {};
}

constexpr Key table[] = {
    {"app_health.every",
     set_time_or_off<&Config::app_health, &AppHealth::every>,
     {second / 10, hour}},
    {"app_health.path", set_health_path, {}},
    {"app_health.timeout", set_time<&Config::app_health, &AppHealth::timeout>, {10, 60 * second}},
    {"app_health.failures", set_count<&Config::app_health, &AppHealth::failures>, {1, 100}},
    {"app_health.successes", set_count<&Config::app_health, &AppHealth::successes>, {1, 100}},
    {"egress.address", set_egress, {}},
    {"ingress", set_ingress, {}},
    {"admin.address", set_admin, {}},
    {"admin.page", set_flag<&Config::admin_page>, {}},
    {"workers", set_count<&Config::workers>, {0, 256}},
    {"sandbox", set_sandbox, {}},
    {"drain.timeout", set_time<&Config::drain_timeout>, {0, hour}},
};

}  // namespace

std::span<const Key> listener_keys() noexcept {
    return table;
}

std::string add_ingress(Draft& draft, std::string_view plane, std::string_view address,
                        Place place) {
    auto name = model::PlaneName::parse(plane);
    if (!name)
        return but_found("must name a calling plane: " + std::string(model::sentence(name.error())),
                         {plane});
    auto endpoint = read_local({address}, "whoever reaches it acts as that plane");
    if (!endpoint)
        return std::move(endpoint.error());
    auto& listeners = draft.config.ingress;
    if (std::ranges::find(listeners, *name, &IngressListener::plane) != listeners.end())
        return "must have one listener a plane; there is a second for \"" + name->str() + '"';
    draft.given.insert_or_assign("ingress." + name->str(), std::move(place));
    listeners.push_back({std::move(*name), std::move(*endpoint)});
    return {};
}

}  // namespace beta::config
