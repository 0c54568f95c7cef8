#include "beta/app/call_probe.hpp"

#include "beta/acl/decision.hpp"
#include "beta/app/routes.hpp"
#include "beta/http/target.hpp"
#include "beta/proxy/head_limits.hpp"
#include "beta/tor/isolation.hpp"

#include "call_attempt.hpp"

#include <utility>

namespace beta::app {
namespace {

using probe::Step;
using probe::Verdict;

bool is_tunnel(const CallQuestion& question) noexcept {
    return question.method == "CONNECT";
}

std::string request_text(const CallQuestion& question, const directory::Entry& entry) {
    return question.method + ' ' + question.path + " HTTP/1.1\r\nHost: " + entry.name +
           "\r\nVia: 1.1 beta\r\nUser-Agent: beta-sidecar-probe\r\nContent-Length: 0\r\n"
           "Connection: close\r\n\r\n";
}

/// The reader of traffic says whether this could come from the app.
bool could_be_asked(const std::string& text, const config::Limits& limits) {
    http::RequestHead head;
    return http::parse(text, proxy::head_limits(limits), head) == model::Failure::none &&
           http::split_target(head).has_value();
}

acl::Decision decide(const config::Config& config, const Loaded& loaded,
                     const directory::Entry& entry, const CallQuestion& question) {
    const auto path = std::string_view(question.path);
    return acl::evaluate(
        *loaded.policy,
        {.direction = acl::Direction::egress,
         .from = {.plane = config.plane.view(), .service = config.service.view()},
         .to = {.plane = entry.plane,
                .name = entry.name,
                .external = entry.is_external(),
                .id = upstream::destination_id(entry.id)},
         .method = question.method,
         .path = is_tunnel(question) ? std::string_view() : path.substr(0, path.find('?')),
         .tunnel = is_tunnel(question)});
}

std::string asked(const CallQuestion& question) {
    return is_tunnel(question) ? "CONNECT" : question.method + ' ' + question.path;
}

std::string denial(const config::Config& config, const directory::Entry& entry,
                   const CallQuestion& question, const acl::Decision& decision) {
    const auto to = entry.is_external() ? entry.name : entry.plane + '/' + entry.name;
    return asked(question) + " is denied by rule " + std::string(decision.rule) + " (" +
           std::string(decision.reason) + "); `beta-sidecar acl explain --from " +
           config.plane.str() + '/' + config.service.str() + " --to " + to + " --method " +
           question.method + " --path " + question.path + "` says more";
}

void tell_permit(const CallQuestion& question, const acl::Decision& decision,
                 probe::Report& report) {
    const std::string rule(decision.rule);
    report.passed(Step::acl, decision.enforced ? asked(question) + " is allowed by rule " + rule
                                               : asked(question) + " is let pass: rule " + rule +
                                                     " denies it, in mode report");
}

/// Named, and reached by callers of our plane; else the report says why not.
const directory::Entry* locate(const config::Config& config, const Loaded& loaded,
                               const std::vector<std::optional<upstream::Route>>& ways,
                               const CallQuestion& question, probe::Report& report) {
    const auto* const entry = loaded.directory->find(question.destination);
    if (entry == nullptr) {
        report.failed(
            Step::name,
            config.services_file + " has no such name; names are `service` or `service.plane`",
            Verdict::unknown_name);
        return nullptr;
    }
    if (!ways[upstream::destination_id(entry->id)]) {
        report.failed(Step::name,
                      config.services_file + " has no onion of it for callers of plane " +
                          config.plane.str() + "; add one to its `onions`",
                      Verdict::unknown_name);
        return nullptr;
    }
    if (entry->is_external())
        report.leads_outside();
    report.passed(Step::name, entry->is_external()
                                  ? "a host outside"
                                  : "service " + entry->name + " of plane " + entry->plane);
    return entry;
}

void attempt(upstream::Route route, CallAttempt::Terms terms, probe::Report& report) {
    const tor::Isolation isolation;  // a key of its own: no circuit of the sidecar's that runs
    auto [user, password] = isolation.credentials(
        {.plane = route.plane, .service = route.service, .destination = route.name});
    route.user = std::move(user);
    route.password = std::move(password);
    runtime::Worker worker;
    {
        CallAttempt call(worker, route, std::move(terms), report);
        worker.post([&call] { call.start(); });
        worker.start();
        call.wait();
        worker.stop();
    }
    worker.poller().bury();
}

}  // namespace

std::expected<probe::Report, std::string> probe_call(const config::Config& config,
                                                     const Loaded& loaded,
                                                     const CallQuestion& question) {
    if (is_tunnel(question) && question.request)
        return std::unexpected("CONNECT asks for a tunnel: there is no request to send");
    probe::Report report(question.destination);
    const auto ways = routes(config, *loaded.directory, loaded.credentials);
    const auto* const entry = locate(config, loaded, ways, question, report);
    if (entry == nullptr)
        return report;
    auto text = request_text(question, *entry);
    if (!is_tunnel(question) && !could_be_asked(text, config.limits))
        return std::unexpected(
            "no request can have this method and path: a method is one word, "
            "a path is canonical and begins with /");
    const auto decision = decide(config, loaded, *entry, question);
    const auto& permit = decision.permit;
    if (!permit) {
        report.failed(Step::acl, denial(config, *entry, question, decision), Verdict::denied);
        return report;
    }
    tell_permit(question, decision, report);
    const auto& way = ways[permit->destination_id()];  // locate() has seen it
    attempt(way.value(),                               // NOLINT: throws where it has not
            {.timeout = question.timeout,
             .request = question.request ? std::move(text) : "",
             .limits = proxy::head_limits(config.limits)},
            report);
    return report;
}

}  // namespace beta::app
