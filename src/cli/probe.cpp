// probe: where a call to a service ends on its way over Tor, in plain words.
#include "beta/app/call_probe.hpp"
#include "beta/config/value.hpp"

#include "commands.hpp"
#include "config_file.hpp"
#include "exit_code.hpp"

#include <csignal>
#include <memory>
#include <ostream>
#include <string>

namespace beta::cli {
namespace {

constexpr config::Bounds sensible_timeout{1, 24ull * 3600 * 1000};  // milliseconds

struct Options {
    std::string config = default_config;
    std::string timeout = "60s";
    app::CallQuestion question;
    bool json = false;
};

int exit_code(probe::Verdict verdict) noexcept {
    switch (verdict) {
        case probe::Verdict::passes:
            return ok;
        case probe::Verdict::unknown_name:
            return bad_data;
        case probe::Verdict::denied:
            return denied;
        case probe::Verdict::unavailable:
            return unavailable;
    }
    return internal;
}

int probe(Options& options, Session& session) {
    const auto timeout = config::read_duration({options.timeout}, sensible_timeout);
    if (!timeout) {
        session.err << "--timeout: " << timeout.error() << '\n';
        return usage;
    }
    options.question.timeout = *timeout;
    const auto config = read_config(options.config);
    if (!config) {
        print(session.err, config.error());
        return configuration;
    }
    const auto loaded = app::load(*config);
    if (!loaded) {
        print(session.err, loaded.error());
        return configuration;
    }
    std::signal(SIGPIPE, SIG_IGN);
    const auto report = app::probe_call(*config, *loaded, options.question);
    if (!report) {
        session.err << report.error() << '\n';
        return usage;
    }
    session.out << (options.json ? report->to_json() + '\n' : report->to_text());
    return exit_code(report->verdict());
}

}  // namespace

void add_probe_call(CLI::App& app, Session& session) {
    auto* const command = app.add_subcommand(
        "probe",
        "Try a call over Tor and say where it ends; exit 0, or 1 denied, 65 no such "
        "name, 69 not reached");
    const auto options = std::make_shared<Options>();
    auto& question = options->question;
    command->add_option("SERVICE", question.destination, "As the app names it")->required();
    command->add_option("-c,--config", options->config, "Configuration file")
        ->capture_default_str();
    command->add_option("--method", question.method, "The policy is asked about it")
        ->capture_default_str();
    command->add_option("--path", question.path, "The policy is asked about it")
        ->capture_default_str();
    command->add_flag("--request", question.request,
                      "Send the request and wait for its answer; without it nothing comes after "
                      "TLS");
    command->add_option("--timeout", options->timeout, "Of each part of the way")
        ->capture_default_str();
    command->add_flag("--json", options->json, "As a JSON object");
    command->callback([options, &session] { session.exit_code = probe(*options, session); });
}

}  // namespace beta::cli
