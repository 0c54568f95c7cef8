// Lane: everything of one worker: thread, pool, sessions, listeners, metrics. Lanes share nothing.
#pragma once

#include "beta/app/loaded.hpp"
#include "beta/config/config.hpp"
#include "beta/net/buffer.hpp"
#include "beta/net/listener.hpp"
#include "beta/proxy/context.hpp"
#include "beta/proxy/session.hpp"
#include "beta/proxy/side.hpp"
#include "beta/runtime/worker.hpp"
#include "beta/telemetry/access_log.hpp"
#include "beta/telemetry/app_log.hpp"
#include "beta/telemetry/audit_log.hpp"
#include "beta/telemetry/audit_writer.hpp"
#include "beta/telemetry/denials.hpp"
#include "beta/telemetry/event_log.hpp"
#include "beta/telemetry/shard.hpp"
#include "beta/telemetry/span_log.hpp"
#include "beta/telemetry/span_queue.hpp"
#include "beta/tor/isolation.hpp"
#include "beta/upstream/pool.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace beta::app {

/// What a person may want to see of a lane.
struct LaneView {
    telemetry::Shard shard;
    std::vector<telemetry::Denial> denials;
    std::vector<upstream::Seen> destinations;
};

/// Where a lane writes; of the whole process, and outlives it.
struct Writers {
    telemetry::LogWriter& access;
    telemetry::EventLog& events;
    telemetry::AppLog& app;
    telemetry::AuditWriter* audit = nullptr;  // null where there is none, as the next one
    telemetry::SpanQueue* spans = nullptr;
};

class Lane {
  public:
    Lane(const config::Config& config, const tor::Isolation& isolation, const Loaded& loaded,
         acl::Limiter& limiter, const Writers& writers);
    ~Lane();

    /// Before start(): one listener and the side its connections are served as.
    void add(net::Descriptor socket, const proxy::Side& side);
    void start();
    void stop();

    /// Any thread. The hook is called on the lane's thread once the last session has ended.
    void drain(std::function<void()> drained);
    /// Any thread: requests that begin after the current batch are decided by these files; the hook
    /// is called then, on the lane's thread.
    void adopt(std::shared_ptr<const Loaded> loaded, std::function<void()> adopted);
    /// Any thread: a copy of the metrics, taken between two batches.
    void collect(std::function<void(telemetry::Shard)> take);
    void look(std::function<void(LaneView)> take);  // the same for more than numbers

    // Of whoever calls by it without a listener: on its thread, and before start().
    runtime::Worker& worker() noexcept { return worker_; }
    proxy::Context& context() noexcept { return context_; }

  private:
    struct Door {
        Door(Lane& lane, net::Descriptor socket, const proxy::Side& side);
        proxy::Sessions sessions;
        net::Listener listener;
    };

    void end_batch();
    std::size_t sessions() const noexcept;

    const config::Config& config_;
    std::size_t cap_;  // connections per listener on this lane
    net::BlockPool blocks_;
    telemetry::Shard shard_;
    runtime::Worker worker_;
    telemetry::AccessLog access_log_;
    std::optional<telemetry::AuditLog> audit_log_;
    telemetry::Denials denials_;
    std::optional<telemetry::SpanLog> span_log_;
    upstream::Pool pool_;
    proxy::Context context_;
    std::vector<std::unique_ptr<Door>> doors_;
    std::function<void()> drained_;
};

}  // namespace beta::app
