#include "beta/telemetry/shard.hpp"

#include "families.hpp"

#include <array>
#include <cstddef>

namespace beta::telemetry {
namespace {

std::string_view label(bool flag) noexcept {
    return flag ? "true" : "false";
}

template <class Label, class Count>
void add_each(Family& family, const char* name, Count count) {
    for (std::size_t i = 0; i < static_cast<std::size_t>(Label::count_); ++i) {
        const auto value = static_cast<Label>(i);
        family.add({{name, label(value)}}, count(value));
    }
}

void add_requests(Families& families, const Shard& shard) {
    families.counter("beta_sidecar_requests_total", "Requests answered, or given up.",
                     [&](Family& family) {
                         shard.for_each_request([&](const auto& series, std::uint64_t count) {
                             family.add({{"direction", word(series.direction)},
                                         {"source", series.source},
                                         {"destination", series.destination},
                                         {"plane", series.plane},
                                         {"method", series.method},
                                         {"code", series.code},
                                         {"verdict", series.verdict}},
                                        count);
                         });
                     });
    families.histogram(
        "beta_sidecar_request_duration_seconds",
        "From the first byte of a request read to the last of its answer handed to the kernel.",
        [&](Family& family) {
            shard.for_each_duration(
                [&](auto direction, std::string_view destination, const Histogram& histogram) {
                    family.add({{"direction", word(direction)}, {"destination", destination}},
                               histogram);
                });
        });
}

void add_denials(Families& families, const Shard& shard, bool limited, const char* name,
                 const char* help) {
    families.counter(name, help, [&](Family& family) {
        shard.for_each_violation([&](const auto& series, std::uint64_t count) {
            if (series.limited != limited)
                return;
            family.add({{"direction", word(series.direction)},
                        {"rule", series.rule},
                        {"source", series.source},
                        {"destination", series.destination},
                        {"plane", series.plane},
                        {"enforced", label(series.enforced)}},
                       count);
        });
    });
}

void add_decisions(Families& families, const Shard& shard) {
    families.counter(
        "beta_sidecar_acl_decisions_total", "Decisions of the policy.", [&](Family& family) {
            for (const auto direction : {acl::Direction::egress, acl::Direction::ingress}) {
                for (const bool enforced : {true, false}) {
                    for (const auto verdict : {acl::Verdict::allow, acl::Verdict::deny})
                        family.add({{"direction", word(direction)},
                                    {"decision", word(verdict)},
                                    {"enforced", label(enforced)}},
                                   shard.decisions(direction, verdict, enforced));
                }
            }
        });
    add_denials(families, shard, false, "beta_sidecar_acl_violations_total",
                "Denials by the rule that denied.");
    add_denials(families, shard, true, "beta_sidecar_rate_limited_total",
                "Requests beyond the limit of the rule that allows them.");
}

void add_rejects(Families& families, const Shard& shard) {
    families.counter("beta_sidecar_rejects_total",
                     "Refused before the policy was asked: malformed, too large, too slow.",
                     [&](Family& family) {
                         const auto end = static_cast<std::size_t>(model::Failure::count_);
                         for (std::size_t i = 0; i < end; ++i) {
                             const auto reason = static_cast<model::Failure>(i);
                             if (const auto count = shard.rejects(reason); count > 0)
                                 family.add({{"reason", model::facts(reason).name}}, count);
                         }
                     });
}

void add_tunnels(Families& families, const Shard& shard) {
    constexpr std::array directions{acl::Direction::egress, acl::Direction::ingress};
    families.gauge("beta_sidecar_tunnels", "Tunnels open.", [&](Family& family) {
        for (const auto direction : directions)
            family.add({{"direction", word(direction)}}, shard.tunnels(direction).open);
    });
    families.counter(
        "beta_sidecar_tunnel_bytes_total", "Bytes through tunnels.", [&](Family& family) {
            for (const auto direction : directions) {
                const auto& tunnels = shard.tunnels(direction);
                family.add({{"direction", word(direction)}, {"way", "sent"}}, tunnels.sent);
                family.add({{"direction", word(direction)}, {"way", "received"}}, tunnels.received);
            }
        });
    families.counter("beta_sidecar_tunnel_ends_total", "Tunnels ended.", [&](Family& family) {
        for (const auto direction : directions) {
            const auto& ends = shard.tunnels(direction).ends;
            for (std::size_t i = 0; i < ends.size(); ++i) {
                const auto how = static_cast<model::Failure>(i);
                const bool by_itself = how == model::Failure::none;
                if (ends[i] > 0 || by_itself)
                    family.add({{"direction", word(direction)},
                                {"reason", by_itself ? "finished" : model::facts(how).name}},
                               ends[i]);
            }
        }
    });
}

}  // namespace

void add_traffic(Families& families, const Shard& shard) {
    add_requests(families, shard);
    add_decisions(families, shard);
    add_rejects(families, shard);
    families.gauge("beta_sidecar_active_connections", "Connections open on a listener.",
                   [&](Family& family) {
                       for (const auto listener : {Listener::egress, Listener::ingress})
                           family.add({{"listener", label(listener)}}, shard.connections(listener));
                   });
    add_tunnels(families, shard);
    families.counter("beta_sidecar_app_log_lines_total",
                     "Lines that the app sent for the log to beta.internal.", [&](Family& family) {
                         add_each<AppLogResult>(family, "result", [&](AppLogResult result) {
                             return shard.app_log(result);
                         });
                     });
}

namespace {

void add_circuits(Families& families, const Shard& shard) {
    families.gauge("beta_sidecar_circuits", "Circuits with a stream, by destination.",
                   [&](Family& family) {
                       shard.for_each_circuits([&](std::string_view name, std::int64_t count) {
                           family.add({{"destination", name}}, count);
                       });
                   });
    families.gauge("beta_sidecar_breaker_state",
                   "0: closed; 1: half open; 2: open, the destination is left alone.",
                   [&](Family& family) {
                       shard.for_each_breaker([&](std::string_view name, BreakerState state) {
                           family.add({{"destination", name}}, static_cast<std::int64_t>(state));
                       });
                   });
    families.counter("beta_sidecar_circuit_renewals_total", "Circuits left for another one.",
                     [&](Family& family) {
                         add_each<Renewal>(family, "reason",
                                           [&](Renewal why) { return shard.renewals(why); });
                     });
    families.counter(
        "beta_sidecar_hedges_total", "Second copies of requests.", [&](Family& family) {
            add_each<HedgeResult>(family, "result",
                                  [&](HedgeResult result) { return shard.hedges(result); });
        });
}

}  // namespace

void add_upstream(Families& families, const Shard& shard) {
    families.counter("beta_sidecar_tor_connects_total", "Connects through tor's SOCKS port.",
                     [&](Family& family) {
                         const auto end = static_cast<std::size_t>(TorResult::count_);
                         for (std::size_t i = 0; i < end; ++i) {
                             const auto result = static_cast<TorResult>(i);
                             family.add({{"result", label(result)}}, shard.tor_connects(result));
                         }
                     });
    families.histogram("beta_sidecar_tor_connect_duration_seconds",
                       "Time to a stream, or to a refusal, through tor.",
                       [&](Family& family) { family.add({}, shard.tor_connect_duration()); });
    families.counter(
        "beta_sidecar_tls_handshakes_total",
        "TLS handshakes with other sidecars, by how they ended.", [&](Family& family) {
            shard.for_each_handshake(
                [&](acl::Direction direction, std::string_view result, std::uint64_t count) {
                    family.add({{"direction", word(direction)}, {"result", result}}, count);
                });
        });
    families.gauge("beta_sidecar_pool_connections", "Streams to upstreams.", [&](Family& family) {
        family.add({{"state", "idle"}}, shard.pool_idle());
        family.add({{"state", "busy"}}, shard.pool_busy());
    });
    add_circuits(families, shard);
    families.counter("beta_sidecar_retries_total", "What was tried again on another stream.",
                     [&](Family& family) {
                         shard.for_each_retry([&](std::string_view reason, std::uint64_t count) {
                             family.add({{"reason", reason}}, count);
                         });
                     });
}

}  // namespace beta::telemetry
