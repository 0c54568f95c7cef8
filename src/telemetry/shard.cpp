#include "beta/telemetry/shard.hpp"

#include "series_key.hpp"

namespace beta::telemetry {
namespace {

// Bounds of memory and of the scrape; each is well above what a configuration of 1,000 services and
// 10,000 rules asks for. What comes after goes into one "_OTHER".
constexpr std::uint32_t max_services = 1u << 16;
constexpr std::uint32_t max_planes = 1u << 8;
constexpr std::uint32_t max_rules = 1u << 16;
constexpr std::uint32_t max_reasons = 32;
constexpr std::size_t max_results = 128;  // of handshakes: literals too
constexpr std::size_t max_series = 50'000;
constexpr std::size_t max_histograms = 4'000;

const std::uint64_t other_requests = RequestKey{.direction = acl::Direction::egress,
                                                .verdict = VerdictLabel::none,
                                                .method = method_other,
                                                .code = code_other,
                                                .plane = NameTable::overflow,
                                                .source = NameTable::overflow,
                                                .destination = NameTable::overflow}
                                         .pack();
const std::uint64_t other_violations = ViolationKey{.direction = acl::Direction::egress,
                                                    .enforced = true,
                                                    .limited = false,
                                                    .plane = NameTable::overflow,
                                                    .source = NameTable::overflow,
                                                    .destination = NameTable::overflow,
                                                    .rule = NameTable::overflow}
                                           .pack();

VerdictLabel verdict_of(const Record& record) noexcept {
    if (!record.decided)
        return VerdictLabel::none;
    return record.verdict == acl::Verdict::allow ? VerdictLabel::allow : VerdictLabel::deny;
}

std::string_view label(VerdictLabel verdict) noexcept {
    switch (verdict) {
        case VerdictLabel::allow:
            return "allow";
        case VerdictLabel::deny:
            return "deny";
        case VerdictLabel::none:
            break;
    }
    return "none";
}

/// The plane at the other end: whom we call at egress, who calls at ingress.
std::string_view peer_plane(const Record& record) noexcept {
    if (record.direction == acl::Direction::ingress)
        return record.source_plane;
    if (record.destination_plane.empty() && !record.destination.empty())
        return "_external";
    return record.destination_plane;
}

std::size_t decision_index(acl::Direction direction, acl::Verdict verdict, bool enforced) noexcept {
    return static_cast<std::size_t>(direction) * 4 + static_cast<std::size_t>(verdict) * 2 +
           (enforced ? 1 : 0);
}

}  // namespace

Shard::Shard()
    : services_(max_services),
      planes_(max_planes),
      rules_(max_rules),
      reasons_(max_reasons),
      results_(max_results),
      requests_(max_series, other_requests),
      violations_(max_series, other_violations) {}

void Shard::request(const Record& record) {
    const auto source = services_.id(record.source_service);
    const auto destination = services_.id(record.destination);
    const auto plane = planes_.id(peer_plane(record));
    requests_.add(RequestKey{.direction = record.direction,
                             .verdict = verdict_of(record),
                             .method = method_index(record.method),
                             .code = code_index(record.status),
                             .plane = plane,
                             .source = source,
                             .destination = destination}
                      .pack());
    duration(record.direction, destination).observe(record.duration);
    if (record.decided)
        count_decision(record, source, destination, plane);
    else if (record.failure != model::Failure::none)  // beta.internal answers without a decision
        reject(record.failure);
}

void Shard::count_decision(const Record& record, std::uint32_t source, std::uint32_t destination,
                           std::uint32_t plane) {
    ++decisions_[decision_index(record.direction, record.verdict, record.enforced)];
    if (record.verdict != acl::Verdict::deny)
        return;
    violations_.add(ViolationKey{.direction = record.direction,
                                 .enforced = record.enforced,
                                 .limited = record.limited,
                                 .plane = plane,
                                 .source = source,
                                 .destination = destination,
                                 .rule = rules_.id(record.rule)}
                        .pack());
}

Histogram& Shard::duration(acl::Direction direction, std::uint32_t destination) {
    const auto at = std::size_t{destination} * 2 + static_cast<std::size_t>(direction);
    if (at >= duration_of_.size())
        duration_of_.resize(at + 1, 0);
    if (duration_of_[at] == 0) {
        if (durations_.size() >= max_histograms && destination != NameTable::overflow)
            return duration(direction, NameTable::overflow);
        durations_.push_back({direction, destination, {}});
        duration_of_[at] = static_cast<std::uint32_t>(durations_.size());
    }
    return durations_[duration_of_[at] - 1].histogram;
}

void Shard::connection(Listener listener, int delta) noexcept {
    connections_[static_cast<std::size_t>(listener)] += delta;
}

void Shard::tor_connect(TorResult result, std::chrono::nanoseconds took) {
    ++tor_results_[static_cast<std::size_t>(result)];
    tor_duration_.observe(took);
}

void Shard::reject(model::Failure reason) noexcept {
    ++rejects_[static_cast<std::size_t>(reason)];
}

void Shard::retry(std::string_view reason) {
    const auto id = reasons_.id(reason);
    if (id >= retries_.size())
        retries_.resize(id + 1, 0);
    ++retries_[id];
}

void Shard::handshake(acl::Direction direction, std::string_view result) {
    const auto at = results_.id(result) * 2 + static_cast<std::uint32_t>(direction);
    if (at >= handshakes_.size())
        handshakes_.resize(at + 1, 0);
    ++handshakes_[at];
}

void Shard::circuits(std::string_view destination, std::int64_t count) {
    const auto id = services_.id(destination);
    if (id >= circuits_.size())
        circuits_.resize(id + 1, 0);
    circuits_[id] = count;
}

void Shard::breaker(std::string_view destination, BreakerState state) {
    const auto id = services_.id(destination);
    if (id >= breakers_.size())
        breakers_.resize(id + 1);
    breakers_[id] = state;
}

void Shard::tunnel_begun(acl::Direction direction) noexcept {
    ++tunnels_[static_cast<std::size_t>(direction)].open;
}

void Shard::tunnel_ended(acl::Direction direction, model::Failure how) noexcept {
    auto& tunnels = tunnels_[static_cast<std::size_t>(direction)];
    --tunnels.open;
    ++tunnels.ends[static_cast<std::size_t>(how)];
}

void Shard::tunnel_bytes(acl::Direction direction, bool sent, std::uint64_t bytes) noexcept {
    auto& tunnels = tunnels_[static_cast<std::size_t>(direction)];
    (sent ? tunnels.sent : tunnels.received) += bytes;
}

void Shard::pool(std::int64_t idle, std::int64_t busy) noexcept {
    pool_idle_ = idle;
    pool_busy_ = busy;
}

std::uint64_t Shard::decisions(acl::Direction direction, acl::Verdict verdict,
                               bool enforced) const {
    return decisions_[decision_index(direction, verdict, enforced)];
}

std::uint64_t Shard::rejects(model::Failure reason) const noexcept {
    return rejects_[static_cast<std::size_t>(reason)];
}

std::uint64_t Shard::tor_connects(TorResult result) const noexcept {
    return tor_results_[static_cast<std::size_t>(result)];
}

std::int64_t Shard::connections(Listener listener) const noexcept {
    return connections_[static_cast<std::size_t>(listener)];
}

Shard::RequestSeries Shard::request_series(std::uint64_t bits) const noexcept {
    const auto key = RequestKey::unpack(bits);
    return {.direction = key.direction,
            .source = services_.name(key.source),
            .destination = services_.name(key.destination),
            .plane = planes_.name(key.plane),
            .method = method_label(key.method),
            .code = code_label(key.code),
            .verdict = label(key.verdict)};
}

Shard::ViolationSeries Shard::violation_series(std::uint64_t bits) const noexcept {
    const auto key = ViolationKey::unpack(bits);
    return {.direction = key.direction,
            .source = services_.name(key.source),
            .destination = services_.name(key.destination),
            .plane = planes_.name(key.plane),
            .rule = rules_.name(key.rule),
            .enforced = key.enforced,
            .limited = key.limited};
}

}  // namespace beta::telemetry
