#include "beta/torctl/event.hpp"

#include "beta/torctl/plain.hpp"
#include "beta/torctl/words.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace beta::torctl {
namespace {

template <class Value, std::size_t Size>
using Table = std::array<std::pair<std::string_view, Value>, Size>;

/// What a word of tor's means; `other` where it is new.
template <class Value, std::size_t Size>
Value meaning(const Table<Value, Size>& table, std::string_view word) noexcept {
    const auto found = std::ranges::find(table, word, &Table<Value, Size>::value_type::first);
    return found == table.end() ? Value::other : found->second;
}

using StatusKind = ClientStatus::Kind;
constexpr Table<StatusKind, 5> client_statuses{
    {{"BOOTSTRAP", StatusKind::bootstrap},
     {"ENOUGH_DIR_INFO", StatusKind::enough_directory},
     {"NOT_ENOUGH_DIR_INFO", StatusKind::not_enough_directory},
     {"CIRCUIT_ESTABLISHED", StatusKind::circuit_established},
     {"CIRCUIT_NOT_ESTABLISHED", StatusKind::circuit_not_established}}};

using CircuitStatus = Circuit::Status;
constexpr Table<CircuitStatus, 6> circuit_statuses{{{"LAUNCHED", CircuitStatus::launched},
                                                    {"BUILT", CircuitStatus::built},
                                                    {"GUARD_WAIT", CircuitStatus::guard_wait},
                                                    {"EXTENDED", CircuitStatus::extended},
                                                    {"FAILED", CircuitStatus::failed},
                                                    {"CLOSED", CircuitStatus::closed}}};

using StreamStatus = Stream::Status;
constexpr Table<StreamStatus, 8> stream_statuses{{{"NEW", StreamStatus::opened},
                                                  {"NEWRESOLVE", StreamStatus::opened},
                                                  {"SENTCONNECT", StreamStatus::sent},
                                                  {"SENTRESOLVE", StreamStatus::sent},
                                                  {"SUCCEEDED", StreamStatus::succeeded},
                                                  {"FAILED", StreamStatus::failed},
                                                  {"CLOSED", StreamStatus::closed},
                                                  {"DETACHED", StreamStatus::detached}}};

using Action = Descriptor::Action;
constexpr Table<Action, 7> actions{{{"REQUESTED", Action::requested},
                                    {"RECEIVED", Action::received},
                                    {"UPLOAD", Action::upload},
                                    {"UPLOADED", Action::uploaded},
                                    {"FAILED", Action::failed},
                                    {"CREATED", Action::created},
                                    {"IGNORE", Action::ignore}}};

using LivenessStatus = Liveness::Status;
constexpr Table<LivenessStatus, 2> livenesses{
    {{"UP", LivenessStatus::up}, {"DOWN", LivenessStatus::down}}};

constexpr Table<EventKind, 5> kinds{{{"STATUS_CLIENT", EventKind::status_client},
                                     {"CIRC", EventKind::circuit},
                                     {"STREAM", EventKind::stream},
                                     {"HS_DESC", EventKind::descriptor},
                                     {"NETWORK_LIVENESS", EventKind::liveness}}};

constexpr std::size_t longest_path = 16;  // hops; tor builds at most 8

/// With or without ".onion", or nothing: other names are none of ours.
std::optional<model::OnionAddress> onion_of(std::string_view name) {
    std::string text(name);
    if (!text.ends_with(".onion"))
        text += ".onion";
    auto address = model::OnionAddress::parse(text);
    return address ? std::optional(std::move(*address)) : std::nullopt;
}

Bootstrap bootstrap_of(const Words& words) {
    constexpr unsigned whole = 100;
    Bootstrap bootstrap{.tag = plain(words.value_or_empty("TAG")),
                        .summary = plain(words.value_or_empty("SUMMARY")),
                        .warning = plain(words.value_or_empty("WARNING"))};
    const auto progress = words.value_or_empty("PROGRESS");
    std::from_chars(progress.data(), progress.data() + progress.size(), bootstrap.percent);
    bootstrap.percent = std::min(bootstrap.percent, whole);
    return bootstrap;
}

std::optional<ClientStatus> read_client_status(std::string_view line) {
    const Words words(line);
    if (words.at(1).empty())
        return std::nullopt;
    ClientStatus status{.kind = meaning(client_statuses, words.at(1)),
                        .is_warning = words.at(0) != "NOTICE",
                        .reason = plain(words.value_or_empty("REASON"))};
    if (status.kind == StatusKind::bootstrap)
        status.bootstrap = bootstrap_of(words);
    return status;
}

std::optional<Descriptor> read_descriptor(std::string_view line) {
    const Words words(line);
    if (words.at(1).empty())
        return std::nullopt;
    return Descriptor{.action = meaning(actions, words.at(0)),
                      .onion = onion_of(words.at(1)),
                      .directory = plain(words.at(3)),
                      .reason = plain(words.value_or_empty("REASON"))};
}

std::optional<Liveness> read_liveness(std::string_view line) {
    const Words words(line);
    if (words.at(0).empty())
        return std::nullopt;
    return Liveness{meaning(livenesses, words.at(0))};
}

std::vector<std::string> hops_of(std::string_view path) {
    std::vector<std::string> hops;
    while (!path.empty() && hops.size() < longest_path) {
        const auto hop = path.substr(0, path.find(','));
        hops.push_back(plain(hop));
        path.remove_prefix(std::min(path.size(), hop.size() + 1));
    }
    return hops;
}

template <class Known>
Event known_or_other(std::optional<Known> known, std::string_view keyword) {
    if (known)
        return std::move(*known);
    return Other{plain(keyword)};
}

}  // namespace

std::string_view keyword(EventKind kind) noexcept {
    const auto found = std::ranges::find(kinds, kind, &decltype(kinds)::value_type::second);
    return found == kinds.end() ? std::string_view{} : found->first;
}

std::string_view label(Circuit::Status status) noexcept {
    constexpr std::array<std::string_view, static_cast<std::size_t>(CircuitStatus::count_)> labels{
        "launched", "built", "guard_wait", "extended", "failed", "closed", "other"};
    return labels[static_cast<std::size_t>(status)];
}

std::string_view label(Descriptor::Action action) noexcept {
    constexpr std::array<std::string_view, static_cast<std::size_t>(Action::count_)> labels{
        "requested", "received", "upload", "uploaded", "failed", "created", "ignore", "other"};
    return labels[static_cast<std::size_t>(action)];
}

Event read_event(const Reply& reply) {
    std::string_view line = reply.first();
    const auto word = line.substr(0, line.find(' '));
    line.remove_prefix(std::min(line.size(), word.size() + 1));
    switch (meaning(kinds, word)) {
        case EventKind::status_client:
            return known_or_other(read_client_status(line), word);
        case EventKind::circuit:
            return known_or_other(read_circuit(line), word);
        case EventKind::stream:
            return known_or_other(read_stream(line), word);
        case EventKind::descriptor:
            return known_or_other(read_descriptor(line), word);
        case EventKind::liveness:
            return known_or_other(read_liveness(line), word);
        case EventKind::other:
        case EventKind::count_:
            break;
    }
    return Other{plain(word)};
}

EventKind kind_of(const Event& event) noexcept {
    static_assert(std::variant_size_v<Event> == static_cast<std::size_t>(EventKind::count_));
    return static_cast<EventKind>(event.index());  // both lists have one order
}

std::optional<Bootstrap> read_bootstrap(std::string_view phase) {
    const Words words(phase);
    if (words.at(1) != "BOOTSTRAP")
        return std::nullopt;
    return bootstrap_of(words);
}

std::optional<Circuit> read_circuit(std::string_view line) {
    const Words words(line);
    if (words.at(1).empty())
        return std::nullopt;
    return Circuit{.id = plain(words.at(0)),
                   .status = meaning(circuit_statuses, words.at(1)),
                   .purpose = plain(words.value_or_empty("PURPOSE")),
                   .hs_state = plain(words.value_or_empty("HS_STATE")),
                   .reason = plain(words.value_or_empty("REASON")),
                   .remote_reason = plain(words.value_or_empty("REMOTE_REASON")),
                   .socks_user = words.value_or_empty("SOCKS_USERNAME"),
                   .socks_password = words.value_or_empty("SOCKS_PASSWORD"),
                   .onion = onion_of(words.value_or_empty("REND_QUERY")),
                   .path = hops_of(words.at(2))};
}

std::optional<Stream> read_stream(std::string_view line) {
    const Words words(line);
    const auto target = words.at(3);
    if (target.empty())
        return std::nullopt;
    return Stream{.id = plain(words.at(0)),
                  .status = meaning(stream_statuses, words.at(1)),
                  .circuit = plain(words.at(2)),
                  .onion = onion_of(target.substr(0, target.rfind(':'))),
                  .reason = plain(words.value_or_empty("REASON")),
                  .remote_reason = plain(words.value_or_empty("REMOTE_REASON")),
                  .socks_user = words.value_or_empty("SOCKS_USERNAME"),
                  .socks_password = words.value_or_empty("SOCKS_PASSWORD")};
}

}  // namespace beta::torctl
