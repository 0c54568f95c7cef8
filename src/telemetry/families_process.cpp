#include "beta/telemetry/build_info.hpp"
#include "beta/telemetry/render.hpp"

#include "families.hpp"

namespace beta::telemetry {
namespace {

template <class Value>
void gauge_if_known(Families& families, const char* name, const char* help,
                    const std::optional<Value>& value) {
    families.gauge(name, help, [&](Family& family) {
        if (value)
            family.add({}, *value);
    });
}

template <class Value>
void counter_if_known(Families& families, const char* name, const char* help,
                      const std::optional<Value>& value) {
    families.counter(name, help, [&](Family& family) {
        if (value)
            family.add({}, *value);
    });
}

void add_own(Families& families, const Facts& facts) {
    families.gauge("beta_sidecar_policy_info", "Always 1; the digest is of the ACL file in force.",
                   [&](Family& family) {
                       if (!facts.policy_digest.empty())
                           family.add({{"digest", facts.policy_digest}}, 1.0);
                   });
    families.counter("beta_sidecar_policy_reloads_total",
                     "Reloads of the ACL file and the service directory.", [&](Family& family) {
                         family.add({{"result", "ok"}}, facts.reloads_ok);
                         family.add({{"result", "failed"}}, facts.reloads_failed);
                     });
    families.gauge("beta_sidecar_policy_last_reload_successful",
                   "1 unless the last reload was refused and the files before it stay in force.",
                   [&](Family& family) { family.add({}, facts.last_reload_ok ? 1.0 : 0.0); });
    families.gauge("beta_sidecar_directory_info",
                   "Always 1; the digest is of the service directory in force.",
                   [&](Family& family) {
                       if (!facts.directory_digest.empty())
                           family.add({{"digest", facts.directory_digest}}, 1.0);
                   });
    gauge_if_known(families, "beta_sidecar_identity_certificate_expiry_timestamp_seconds",
                   "When the first certificate of our chain expires, since the epoch.",
                   facts.certificate_until);
    families.gauge("beta_sidecar_app_up", "1 when the local app passes its health check, else 0.",
                   [&](Family& family) {
                       if (facts.app_up)
                           family.add({}, *facts.app_up ? 1.0 : 0.0);
                   });
    families.counter("beta_sidecar_log_dropped_total",
                     "Log lines lost because their reader was too slow or gone.",
                     [&](Family& family) { family.add({}, facts.log_dropped); });
    families.gauge("beta_sidecar_sandbox", "1 when that piece of the sandbox is in force, else 0.",
                   [&](Family& family) {
                       for (const auto& [piece, in_force] : facts.sandbox)
                           family.add({{"piece", piece}}, in_force ? 1.0 : 0.0);
                   });
    families.gauge("beta_sidecar_build_info", "Always 1; which program this is.",
                   [&](Family& family) {
                       const auto info = build_info();
                       family.add({{"version", info.version},
                                   {"compiler", info.compiler},
                                   {"build_type", info.build_type}},
                                  1.0);
                   });
}

void add_audit(Families& families, const Facts& facts) {
    const auto& audit = facts.audit;
    families.gauge("beta_sidecar_audit_writable", "1 while the audit log can be written, else 0.",
                   [&](Family& family) {
                       if (audit)
                           family.add({}, audit->is_written ? 1.0 : 0.0);
                   });
    families.counter("beta_sidecar_audit_records_total", "Records written to the audit log.",
                     [&](Family& family) {
                         if (audit)
                             family.add({}, audit->records);
                     });
    families.counter("beta_sidecar_audit_dropped_total",
                     "Records lost because the audit log could not be written fast enough, or not "
                     "at all.",
                     [&](Family& family) {
                         if (audit)
                             family.add({}, audit->dropped);
                     });
}

void add_spans(Families& families, const Facts& facts) {
    families.counter("beta_sidecar_trace_spans_total",
                     "Spans by what became of them: sent, dropped here, refused by the collector.",
                     [&](Family& family) {
                         const auto& spans = facts.spans;
                         if (!spans)
                             return;
                         family.add({{"result", "sent"}}, spans->sent);
                         family.add({{"result", "dropped"}}, spans->dropped);
                         family.add({{"result", "refused"}}, spans->refused);
                     });
}

void add_onions(Families& families, const Facts& facts) {
    families.gauge("beta_sidecar_onion_published",
                   "1 when callers of that plane can find this service's onion.",
                   [&](Family& family) {
                       for (const auto& onion : facts.onions)
                           family.add({{"plane", onion.plane}}, onion.is_published ? 1.0 : 0.0);
                   });
    families.gauge("beta_sidecar_onion_descriptor_age_seconds",
                   "Time since the onion's descriptor was last uploaded.", [&](Family& family) {
                       for (const auto& onion : facts.onions) {
                           if (onion.descriptor_age_seconds)
                               family.add({{"plane", onion.plane}}, *onion.descriptor_age_seconds);
                       }
                   });
    families.gauge("beta_sidecar_onion_introduction_points",
                   "Relays that take callers' introductions for the onion.", [&](Family& family) {
                       for (const auto& onion : facts.onions) {
                           if (onion.introductions)
                               family.add({{"plane", onion.plane}}, *onion.introductions);
                       }
                   });
}

void add_kernel(Families& families, const ProcessStats& process) {
    families.counter("process_cpu_seconds_total", "CPU time of this process, user and system.",
                     [&](Family& family) { family.add({}, process.cpu_seconds); });
    families.gauge("process_start_time_seconds", "When this process started, since the epoch.",
                   [&](Family& family) { family.add({}, process.start_time_seconds); });
    families.gauge("process_resident_memory_bytes", "Memory of this process that is resident.",
                   [&](Family& family) { family.add({}, process.resident_bytes); });
    families.gauge("process_virtual_memory_bytes", "Address space of this process.",
                   [&](Family& family) { family.add({}, process.virtual_bytes); });
    families.gauge("process_open_fds", "File descriptors open.",
                   [&](Family& family) { family.add({}, process.open_fds); });
    families.gauge("process_max_fds", "File descriptors allowed.",
                   [&](Family& family) { family.add({}, process.max_fds); });
}

void add_container(Families& families, const ContainerStats& container) {
    gauge_if_known(families, "container_memory_usage_bytes", "Memory the cgroup uses.",
                   container.memory_usage_bytes);
    gauge_if_known(families, "container_memory_limit_bytes",
                   "Memory the cgroup may use; absent without a limit.",
                   container.memory_limit_bytes);
    counter_if_known(families, "container_cpu_usage_seconds_total", "CPU time of the cgroup.",
                     container.cpu_usage_seconds);
    counter_if_known(families, "container_cpu_cfs_periods_total",
                     "Periods in which the CPU quota was looked at.", container.cpu_periods);
    counter_if_known(families, "container_cpu_cfs_throttled_periods_total",
                     "Periods in which the CPU quota was used up.",
                     container.cpu_throttled_periods);
    counter_if_known(families, "container_cpu_cfs_throttled_seconds_total",
                     "Time that threads stood still because the CPU quota was used up.",
                     container.cpu_throttled_seconds);
    gauge_if_known(families, "container_uptime_seconds",
                   "Age of process 1 of this PID namespace, which is the container's.",
                   container.uptime_seconds);
}

}  // namespace

void add_process(Families& families, const Facts& facts) {
    add_own(families, facts);
    add_audit(families, facts);
    add_spans(families, facts);
    add_onions(families, facts);
    if (facts.process)
        add_kernel(families, *facts.process);
    add_container(families, facts.container);
}

}  // namespace beta::telemetry
