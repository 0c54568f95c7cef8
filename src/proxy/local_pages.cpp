#include "local_pages.hpp"

#include "beta/acl/reach.hpp"
#include "beta/model/json_text.hpp"
#include "beta/telemetry/build_info.hpp"

namespace beta::proxy {
namespace {

using model::json_text;

model::KnownBy known_by(const Snapshot& snapshot) {
    return snapshot.credentials ? model::KnownBy::certificate : model::KnownBy::listener;
}

std::string line_of(const acl::Source& own, const Snapshot& snapshot,
                    const directory::Entry& entry) {
    const auto reach = acl::reach(snapshot.policy->file(), {.direction = acl::Direction::egress,
                                                            .plane = entry.plane,
                                                            .service = own.service,
                                                            .known_by = known_by(snapshot),
                                                            .peer = entry.name});
    return "{\"name\":" + json_text(entry.name) +
           ",\"plane\":" + (entry.is_external() ? "null" : json_text(entry.plane)) +
           ",\"call\":" + json_text(word(reach.opening)) + '}';
}

}  // namespace

std::string whoami(const acl::Source& own, const Snapshot& snapshot,
                   std::chrono::system_clock::time_point now) {
    std::string page = "{\"service\":" + json_text(own.service) +
                       ",\"plane\":" + json_text(own.plane) +
                       ",\"identity\":" + json_text(model::word(known_by(snapshot)));
    if (snapshot.credentials) {
        const auto left =
            std::chrono::floor<std::chrono::days>(snapshot.credentials->until() - now);
        page += ",\"certificate_days_left\":" + std::to_string(left.count());
    }
    const bool reports = snapshot.policy->file().mode == acl::Mode::report;
    return page + ",\"policy\":" + json_text(reports ? "report" : "enforce") +
           ",\"version\":" + json_text(telemetry::build_info().version) + "}\n";
}

std::string services(const acl::Source& own, const Snapshot& snapshot, std::size_t limit) {
    const auto entries = snapshot.directory->entries();
    std::string page = "{\"services\":[";
    std::size_t count = 0;
    for (const auto& entry : entries) {
        if (count == limit)
            break;
        page += count++ == 0 ? "\n" : ",\n";
        page += line_of(own, snapshot, entry);
    }
    return page + "\n],\"left_out\":" + std::to_string(entries.size() - count) + "}\n";
}

}  // namespace beta::proxy
