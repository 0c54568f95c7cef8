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

}  // namespace

void add_tor(Families& families, const Facts& facts) {
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
