#include "beta/tor/control_record.hpp"

#include "beta/torctl/answer.hpp"

#include <algorithm>
#include <utility>

namespace beta::tor {
namespace {

constexpr unsigned whole = 100;

template <class Counters, class Kind>
void count(Counters& counters, Kind kind) {
    ++counters[static_cast<std::size_t>(kind)];
}

}  // namespace

void ControlRecord::authenticated(const std::string& version) {
    state_.authenticated = true;
    state_.version = version;
    state_.last_error.clear();
    ++state_.connections;
}

void ControlRecord::lost(const std::string& why) {
    open_.clear();
    state_.connected = state_.authenticated = false;
    state_.bootstrap_percent = 0;
    state_.bootstrap_summary.clear();
    state_.circuits_established = state_.network_down = false;
    state_.trouble.clear();
    state_.circuits = 0;
    introducing_.clear();
    count_introductions();
    state_.last_error = why;
}

void ControlRecord::heard(const torctl::Event& event) {
    count(state_.events, torctl::kind_of(event));
    std::visit([this](const auto& known) { take(known); }, event);
}

void ControlRecord::told(const torctl::Reply& reply) {
    if (const auto phase = torctl::value_of(reply, "status/bootstrap-phase")) {
        if (const auto bootstrap = torctl::read_bootstrap(*phase))
            take(*bootstrap);
    }
    if (const auto established = torctl::value_of(reply, "status/circuit-established"))
        state_.circuits_established = *established == "1";
    if (state_.circuits_established && state_.bootstrap_percent == whole)
        state_.trouble.clear();
    if (const auto liveness = torctl::value_of(reply, "network-liveness"))
        state_.network_down = *liveness == "down";
    if (const auto circuits = torctl::value_of(reply, "circuit-status")) {
        open_.clear();
        introducing_.clear();
        for (const auto& circuit : torctl::read_circuits(*circuits)) {
            if (circuit.status == torctl::Circuit::Status::built) {
                open(circuit.id);
                note_introduction(circuit);
            }
        }
        state_.circuits = open_.size();
    }
}

/// Whether it is, or is no longer, one by which a relay hands introductions to a service of tor's.
/// That relay's own word follows in milliseconds, by an event that is not asked for.
void ControlRecord::note_introduction(const torctl::Circuit& circuit) {
    const bool is_one =
        circuit.purpose == "HS_SERVICE_INTRO" && circuit.onion && open_.contains(circuit.id);
    if (is_one ? introducing_.insert_or_assign(circuit.id, *circuit.onion).second
               : introducing_.erase(circuit.id) != 0)
        count_introductions();
}

void ControlRecord::count_introductions() {
    for (auto& [onion, published] : state_.published)
        published.introductions = static_cast<std::size_t>(std::ranges::count(
            introducing_, onion, [](const auto& circuit) { return circuit.second; }));
}

void ControlRecord::take(const torctl::ClientStatus& status) {
    using Kind = torctl::ClientStatus::Kind;
    switch (status.kind) {
        case Kind::bootstrap:
            return take(status.bootstrap);
        case Kind::circuit_established:
            state_.circuits_established = true;
            return state_.trouble.clear();
        case Kind::circuit_not_established:
        case Kind::not_enough_directory:
            state_.circuits_established = false;
            state_.trouble = status.reason;
            if (status.kind == Kind::not_enough_directory)
                state_.trouble = "not enough of the directory is known";
            return;
        case Kind::enough_directory:
        case Kind::other:
            return;
    }
}

void ControlRecord::take(const torctl::Bootstrap& bootstrap) {
    state_.bootstrap_percent = bootstrap.percent;
    state_.bootstrap_summary = bootstrap.summary;
    if (bootstrap.percent < whole)
        state_.trouble = bootstrap.warning;
}

/// Tor says BUILT again of a circuit that it puts to another use: only the first counts.
void ControlRecord::take(const torctl::Circuit& circuit) {
    using Status = torctl::Circuit::Status;
    if (circuit.status != Status::built || open(circuit.id))
        count(state_.circuit_events, circuit.status);
    if (circuit.status == Status::failed || circuit.status == Status::closed)
        open_.erase(circuit.id);
    note_introduction(circuit);
    state_.circuits = open_.size();
}

void ControlRecord::take(const torctl::Descriptor& descriptor) {
    using Action = torctl::Descriptor::Action;
    count(state_.descriptor_events, descriptor.action);
    if (!descriptor.onion)
        return;
    // Only tor's own services are uploaded; a failure may also be of a fetch.
    auto found = state_.published.find(*descriptor.onion);
    const bool is_upload =
        descriptor.action == Action::upload || descriptor.action == Action::uploaded;
    if (found == state_.published.end()) {
        if (!is_upload || state_.published.size() == most_published_)
            return;
        found = state_.published.try_emplace(*descriptor.onion).first;
        count_introductions();
    }
    found->second.uploaded += descriptor.action == Action::uploaded ? 1 : 0;
    found->second.failed += descriptor.action == Action::failed ? 1 : 0;
}

void ControlRecord::take(const torctl::Liveness& liveness) {
    if (liveness.status != torctl::Liveness::Status::other)
        state_.network_down = liveness.status == torctl::Liveness::Status::down;
}

/// False when it was already. One beyond the bound is counted but not known.
bool ControlRecord::open(const std::string& id) {
    if (open_.size() == most_circuits_)
        return !open_.contains(id);
    return open_.insert(id).second;
}

}  // namespace beta::tor
