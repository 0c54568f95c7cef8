// Shard: one worker's metrics. Plain numbers without locks or atomics; only its worker touches it.
#pragma once

#include "beta/telemetry/counter_map.hpp"
#include "beta/telemetry/histogram.hpp"
#include "beta/telemetry/labels.hpp"
#include "beta/telemetry/name_table.hpp"
#include "beta/telemetry/record.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace beta::telemetry {

/// Copyable: a scrape posts a job to each worker that copies its shard, and merges the copies
/// elsewhere, so that the data path never waits. A copy is some dozen memcpy.
class Shard {
  public:
    Shard();

    void request(const Record& record);
    void connection(Listener listener, int delta) noexcept;
    void tor_connect(TorResult result, std::chrono::nanoseconds took);
    void reject(model::Failure reason) noexcept;  // refused without a Record: at a cap, say
    void retry(std::string_view reason);          // literal reasons only
    void handshake(acl::Direction direction, std::string_view result);  // of TLS; literals only
    void circuit_renewed(Renewal why) noexcept { ++renewals_[static_cast<std::size_t>(why)]; }
    /// How many there are to this destination: a gauge, set when it changes.
    void circuits(std::string_view destination, std::int64_t count);
    void breaker(std::string_view destination, BreakerState state);  // a gauge, like circuits
    void hedge(HedgeResult result) noexcept { ++hedges_[static_cast<std::size_t>(result)]; }
    void app_log(AppLogResult result, std::uint64_t lines) noexcept {
        app_log_[static_cast<std::size_t>(result)] += lines;
    }
    void tunnel_begun(acl::Direction direction) noexcept;
    void tunnel_ended(acl::Direction direction, model::Failure how) noexcept;  // none: by itself
    /// `sent`: towards the upstream.
    void tunnel_bytes(acl::Direction direction, bool sent, std::uint64_t bytes) noexcept;
    void pool(std::int64_t idle, std::int64_t busy) noexcept;  // gauges, set when they change

    /// Adds what another worker counted.
    void merge(const Shard& other);

    // What the renderer reads, names resolved.
    struct RequestSeries {
        acl::Direction direction;
        std::string_view source, destination, plane, method, code, verdict;
    };
    struct ViolationSeries {
        acl::Direction direction;
        std::string_view source, destination, plane, rule;
        bool enforced;
        bool limited;
    };
    template <class Visit>  // (RequestSeries, count)
    void for_each_request(Visit visit) const {
        requests_.for_each([&](auto key, auto count) { visit(request_series(key), count); });
    }
    template <class Visit>  // (ViolationSeries, count)
    void for_each_violation(Visit visit) const {
        violations_.for_each([&](auto key, auto count) { visit(violation_series(key), count); });
    }
    template <class Visit>  // (direction, destination, histogram)
    void for_each_duration(Visit visit) const {
        for (const auto& timing : durations_)
            visit(timing.direction, services_.name(timing.destination), timing.histogram);
    }
    template <class Visit>  // (reason, count)
    void for_each_retry(Visit visit) const {
        for (std::uint32_t i = 0; i < retries_.size(); ++i) {
            if (retries_[i] != 0)
                visit(reasons_.name(i), retries_[i]);
        }
    }
    template <class Visit>  // (direction, result, count)
    void for_each_handshake(Visit visit) const {
        for (std::uint32_t i = 0; i < handshakes_.size(); ++i) {
            const auto direction = i % 2 == 0 ? acl::Direction::egress : acl::Direction::ingress;
            if (handshakes_[i] != 0)
                visit(direction, results_.name(i / 2), handshakes_[i]);
        }
    }
    template <class Visit>  // (destination, count)
    void for_each_circuits(Visit visit) const {
        for (std::uint32_t id = 0; id < circuits_.size(); ++id) {
            if (circuits_[id] != 0)
                visit(services_.name(id), circuits_[id]);
        }
    }
    template <class Visit>  // (destination, state)
    void for_each_breaker(Visit visit) const {
        for (std::uint32_t id = 0; id < breakers_.size(); ++id) {
            if (breakers_[id])
                visit(services_.name(id), *breakers_[id]);
        }
    }
    std::uint64_t renewals(Renewal why) const noexcept {
        return renewals_[static_cast<std::size_t>(why)];
    }
    std::uint64_t hedges(HedgeResult result) const noexcept {
        return hedges_[static_cast<std::size_t>(result)];
    }
    std::uint64_t app_log(AppLogResult result) const noexcept {
        return app_log_[static_cast<std::size_t>(result)];
    }
    std::uint64_t decisions(acl::Direction direction, acl::Verdict verdict, bool enforced) const;
    std::uint64_t rejects(model::Failure reason) const noexcept;
    std::uint64_t tor_connects(TorResult result) const noexcept;
    const Histogram& tor_connect_duration() const noexcept { return tor_duration_; }
    std::int64_t connections(Listener listener) const noexcept;
    /// Of one direction; `ends` by how.
    struct Tunnels {
        std::int64_t open = 0;
        std::uint64_t sent = 0;
        std::uint64_t received = 0;
        std::array<std::uint64_t, static_cast<std::size_t>(model::Failure::count_)> ends{};
    };
    const Tunnels& tunnels(acl::Direction direction) const noexcept {
        return tunnels_[static_cast<std::size_t>(direction)];
    }
    std::int64_t pool_idle() const noexcept { return pool_idle_; }
    std::int64_t pool_busy() const noexcept { return pool_busy_; }
    std::size_t series() const noexcept {
        return requests_.size() + violations_.size() + durations_.size();
    }

  private:
    struct Timing {
        acl::Direction direction;
        std::uint32_t destination;
        Histogram histogram;
    };

    Histogram& duration(acl::Direction direction, std::uint32_t destination);
    RequestSeries request_series(std::uint64_t key) const noexcept;
    ViolationSeries violation_series(std::uint64_t key) const noexcept;
    void merge_names(const Shard& other);
    void count_decision(const Record& record, std::uint32_t source, std::uint32_t destination,
                        std::uint32_t plane);

    NameTable services_;  // and external hosts
    NameTable planes_;
    NameTable rules_;
    NameTable reasons_;
    NameTable results_;
    CounterMap requests_;
    CounterMap violations_;
    std::vector<Timing> durations_;
    std::vector<std::uint32_t> duration_of_;  // destination * 2 + direction -> index + 1
    std::array<std::uint64_t, 8> decisions_{};
    std::array<std::uint64_t, static_cast<std::size_t>(model::Failure::count_)> rejects_{};
    std::array<std::uint64_t, static_cast<std::size_t>(TorResult::count_)> tor_results_{};
    Histogram tor_duration_;
    std::vector<std::uint64_t> retries_;                 // by id in reasons_
    std::vector<std::uint64_t> handshakes_;              // by id in results_ * 2 + direction
    std::vector<std::int64_t> circuits_;                 // by id in services_
    std::vector<std::optional<BreakerState>> breakers_;  // by id in services_
    std::array<std::uint64_t, static_cast<std::size_t>(Renewal::count_)> renewals_{};
    std::array<std::uint64_t, static_cast<std::size_t>(HedgeResult::count_)> hedges_{};
    std::array<std::uint64_t, static_cast<std::size_t>(AppLogResult::count_)> app_log_{};
    std::array<std::int64_t, static_cast<std::size_t>(Listener::count_)> connections_{};
    std::array<Tunnels, 2> tunnels_{};
    std::int64_t pool_idle_ = 0;
    std::int64_t pool_busy_ = 0;
};

}  // namespace beta::telemetry
