// Watch: what the world sees of a sidecar: its log, its metrics, its admin endpoint.
#pragma once

#include "beta/admin/hooks.hpp"
#include "beta/admin/status.hpp"
#include "beta/app/in_force.hpp"
#include "beta/app/lane.hpp"
#include "beta/config/config.hpp"
#include "beta/telemetry/event_log.hpp"
#include "beta/telemetry/log_writer.hpp"
#include "beta/telemetry/render.hpp"
#include "beta/tor/control.hpp"

#include <atomic>
#include <expected>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace beta::app {

class Watch {
  public:
    /// Both outlive the Watch.
    Watch(const config::Config& config, const InForce& in_force);
    ~Watch();

    /// Before anything is logged of requests: the file of the access log, if one is configured.
    /// The error is a sentence.
    std::expected<void, std::string> open_access_log();
    /// To stdout: whatever is not of requests.
    telemetry::LogWriter& log() noexcept { return log_; }
    /// Where the lines of requests go.
    telemetry::LogWriter& access_log() noexcept { return access_file_ ? *access_file_ : log_; }
    /// Any thread: the file was renamed. False: there is none.
    bool reopen_access_log();
    telemetry::EventLog& events() noexcept { return events_; }
    void start_logs();  // until then lines wait
    /// Before start(): what else is shown. Called on the admin thread.
    struct Also {
        std::function<void(std::vector<admin::Check>&)> checks;
        std::function<void(telemetry::Facts&)> facts;
    };
    void show(Also also) { also_.push_back(std::move(also)); }
    void show(std::vector<admin::Status::Listener> listeners) { listeners_ = std::move(listeners); }
    /// Takes the admin address, if one is configured. The error is a sentence.
    std::expected<void, std::string> bind();
    std::string address() const { return address_; }  // empty: no admin endpoint
    /// `lanes` outlive stop().
    void start(const std::vector<std::unique_ptr<Lane>>& lanes);
    void set_draining() noexcept { draining_ = true; }  // any thread
    void stop();
    /// What tor says of itself; outlives stop(). Before start(); not at all without `tor.control`.
    void set_tor(const tor::Control& control) noexcept { tor_ = &control; }

  private:
    struct Endpoint;

    admin::Readiness readiness() const;
    admin::Check tor_check() const;
    admin::Status status(std::span<const LaneView> views) const;
    void look(const std::vector<std::unique_ptr<Lane>>& lanes,
              std::function<void(admin::Hooks::MakeStatus)> answer) const;
    void collect(const std::vector<std::unique_ptr<Lane>>& lanes,
                 std::function<void(admin::Hooks::MakeText)> answer) const;

    const config::Config& config_;
    const InForce& in_force_;
    telemetry::LogWriter log_;
    telemetry::EventLog events_;
    std::unique_ptr<telemetry::LogWriter> access_file_;  // with `log.file`
    std::vector<Also> also_;
    std::vector<admin::Status::Listener> listeners_;
    std::unique_ptr<Endpoint> endpoint_;
    std::string address_;
    std::atomic<bool> draining_{false};
    const tor::Control* tor_ = nullptr;
};

}  // namespace beta::app
