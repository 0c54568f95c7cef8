// Sidecar: everything built from one configuration; start, drain, stop.
#pragma once

#include "beta/app/rollcall.hpp"
#include "beta/config/config.hpp"
#include "beta/model/diagnostic.hpp"
#include "beta/telemetry/event_log.hpp"

#include <expected>
#include <memory>
#include <string>
#include <vector>

namespace beta::app {

class Sidecar {
  public:
    /// Loads what the configuration names and binds every address. Nothing stays bound when
    /// anything is wrong, and no connection is taken before start().
    static std::expected<std::unique_ptr<Sidecar>, model::Diagnostics> build(config::Config config);
    ~Sidecar();

    /// "egress 127.0.0.1:15001", with the real port where 0 was asked for.
    std::vector<std::string> listening() const;
    /// The bound address of "egress", "ingress:<plane>" or "admin"; empty when there is none.
    std::string address_of(const std::string& listener) const;
    const model::Diagnostics& warnings() const noexcept;
    /// Its own log, on the stream of the access log: lines of both never mix.
    telemetry::EventLog& events() noexcept;

    /// Takes from this process all that it does not need (`sandbox`), for good: once, before
    /// start() and before any other thread. Diagnostics: what is required cannot be had.
    model::Diagnostics lock();
    void start();  // workers, admin and the watch of files run on threads of their own
    /// Any thread: reads the files again, as a change of any does by itself. False: something is
    /// wrong with them, the log says what, and the last good ones stay in force.
    bool reload();
    void reopen_logs();  // any thread: files of logs were renamed, go on in new ones
    /// Any thread, between start() and the end of its life: asks every worker to come to it.
    std::shared_ptr<Rollcall> call_roll();
    void drain();  // any thread: accept no more, finish what began
    void stop();   // any thread: now
    /// Until everything is drained, drain.timeout has passed, or stop() was called. True when
    /// nothing was cut off.
    bool wait();

  private:
    struct Parts;
    explicit Sidecar(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace beta::app
