#include "beta/telemetry/render.hpp"

#include "families.hpp"

namespace beta::telemetry {
namespace {

void add_counts(Families& families, const char* name, const char* help,
                const std::vector<TorFacts::Count>& counts) {
    families.counter(name, help, [&](Family& family) {
        for (const auto& [event, count] : counts)
            family.add({{"event", event}}, count);
    });
}

void add_probes(Families& families, const std::vector<ProbeFacts>& probes) {
    families.gauge("beta_sidecar_probe_success",
                   "1 when the last try to reach this service's onion succeeded, else 0.",
                   [&](Family& family) {
                       for (const auto& probe : probes)
                           family.add({{"plane", probe.plane}}, probe.succeeds ? 1.0 : 0.0);
                   });
    families.gauge("beta_sidecar_probe_duration_seconds",
                   "What the last successful try to reach this service's onion took.",
                   [&](Family& family) {
                       for (const auto& probe : probes) {
                           if (probe.seconds)
                               family.add({{"plane", probe.plane}}, *probe.seconds);
                       }
                   });
    families.counter("beta_sidecar_onion_republished_total",
                     "Times that an onion was published again because it could not be reached.",
                     [&](Family& family) {
                         for (const auto& probe : probes)
                             family.add({{"plane", probe.plane}}, probe.healed);
                     });
}

}  // namespace

void add_tor(Families& families, const Facts& facts) {
    add_probes(families, facts.probes);
    if (!facts.tor)
        return;
    families.gauge("beta_sidecar_tor_control_connected",
                   "1 while tor's control port obeys, else 0.",
                   [&](Family& family) { family.add({}, facts.tor->connected ? 1.0 : 0.0); });
    families.gauge("beta_sidecar_tor_bootstrap_ratio",
                   "How far tor has come towards the network; 1 when it is there.",
                   [&](Family& family) { family.add({}, facts.tor->bootstrap_ratio); });
    add_counts(families, "beta_sidecar_tor_circuits_total", "What became of tor's circuits.",
               facts.tor->circuits);
    add_counts(families, "beta_sidecar_tor_hs_desc_total",
               "What became of onion services' descriptors.", facts.tor->descriptors);
}

}  // namespace beta::telemetry
