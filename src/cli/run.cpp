// run: build the sidecar, serve, reload at SIGHUP, open the logs anew at SIGUSR1, drain at the
// first other signal, stop at the second.
#include "beta/app/heartbeat.hpp"
#include "beta/app/sidecar.hpp"
#include "beta/runtime/hardening.hpp"
#include "beta/runtime/notify.hpp"
#include "beta/telemetry/event_log.hpp"

#include "commands.hpp"
#include "config_file.hpp"
#include "exit_code.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <memory>
#include <ostream>
#include <string>
#include <thread>
#include <utility>

namespace beta::cli {
namespace {

/// In one line, for people who ask the service manager.
std::string serving(const app::Sidecar& sidecar) {
    std::string words = "serving: ";
    for (const auto& line : sidecar.listening())
        words += (words.ends_with(' ') ? "" : ", ") + line;
    return words;
}

/// Handles signals on the main thread for as long as the sidecar serves.
class Service {
  public:
    Service(app::Sidecar& sidecar, const runtime::Notify& manager)
        : sidecar_(sidecar),
          manager_(manager),
          events_(sidecar.events()),
          signals_(context_, SIGTERM, SIGINT, SIGHUP) {
        signals_.add(SIGUSR1);
    }

    void run() {
        await_signal();
        std::jthread waiter([this] {
            clean_ = sidecar_.wait();
            context_.stop();
        });
        context_.run();
    }
    /// After run(): nothing was cut off.
    bool clean() const noexcept { return clean_; }

  private:
    void await_signal() {
        signals_.async_wait([this](const boost::system::error_code& error, int number) {
            if (error)
                return;
            handle(number);
            await_signal();
        });
    }

    void handle(int number) {
        if (number == SIGHUP)
            return reload();
        if (number == SIGUSR1)
            return sidecar_.reopen_logs();
        if (std::exchange(draining_, true)) {
            manager_.stopping("stopping now");
            events_.warn("stopping now: a second signal");
            return sidecar_.stop();
        }
        events_.info("draining: no new connections, what began is finished",
                     {{"signal", number == SIGTERM ? "SIGTERM" : "SIGINT"}});
        manager_.stopping("draining: what began is finished");
        sidecar_.drain();
    }

    /// Ready again in either case: it serves by the files of before.
    void reload() {
        if (draining_)
            return void(sidecar_.reload());  // to the manager it stops, whatever comes of this
        manager_.reloading();
        const bool done = sidecar_.reload();  // it logs what came of it
        manager_.ready(done
                           ? serving(sidecar_)
                           : "serving by the last good files: the reload was refused, see the log");
    }

    app::Sidecar& sidecar_;
    const runtime::Notify& manager_;
    telemetry::EventLog& events_;
    boost::asio::io_context context_{1};
    boost::asio::signal_set signals_;
    bool draining_ = false;
    bool clean_ = false;  // written by the waiter, read after it was joined
};

void announce(app::Sidecar& sidecar) {
    auto& events = sidecar.events();
    for (const auto& warning : sidecar.warnings())
        events.warn(warning.str());
    for (const auto& line : sidecar.listening()) {
        const auto space = line.find(' ');
        events.info("listening", {{"listener", std::string_view(line).substr(0, space)},
                                  {"address", std::string_view(line).substr(space + 1)}});
    }
}

/// A port that is taken is no fault of the configuration.
int refuse(const model::Diagnostics& problems, std::ostream& err) {
    print(err, problems);
    const bool only_ports =
        std::ranges::all_of(problems, [](const auto& problem) { return problem.code == "LISTEN"; });
    return only_ports ? unavailable : configuration;
}

runtime::Notify reach(const std::string& address, std::ostream& err) {
    if (address.empty())
        return {};
    auto manager = runtime::Notify::connect(address);
    if (manager)
        return std::move(*manager);
    err << "beta-sidecar: NOTIFY_SOCKET: " << manager.error() << "; no word to whoever waits\n";
    return {};
}

int run(const std::string& config_file, Session& session) {
    std::signal(SIGPIPE, SIG_IGN);
    runtime::hide_memory();
    const auto terms = runtime::ManagerTerms::of(environment(), ::getpid());
    const auto manager = reach(terms.socket, session.err);
    auto config = read_config(config_file);
    if (!config)
        return refuse(config.error(), session.err);
    auto sidecar = app::Sidecar::build(std::move(*config));
    if (!sidecar)
        return refuse(sidecar.error(), session.err);
    if (const auto problems = (*sidecar)->lock(); !problems.empty())
        return refuse(problems, session.err);
    auto& events = (*sidecar)->events();
    Service service(**sidecar, manager);
    app::Heartbeat heartbeat(
        terms.watchdog, [&sidecar] { return (*sidecar)->call_roll(); }, manager, events);
    (*sidecar)->start();
    announce(**sidecar);  // who reads that it listens may connect
    manager.ready(serving(**sidecar));
    heartbeat.start();
    service.run();
    if (service.clean())
        events.info("stopped");
    else
        events.warn("stopped: some requests were cut off");
    return ok;
}

}  // namespace

void add_run(CLI::App& app, Session& session) {
    auto* const command = app.add_subcommand("run", "Serve until SIGTERM (the default command)");
    const auto file = std::make_shared<std::string>(default_config);
    command->add_option("-c,--config", *file, "Configuration file")->capture_default_str();
    command->callback([file, &session] { session.exit_code = run(*file, session); });
}

}  // namespace beta::cli
