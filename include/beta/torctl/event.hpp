// Event: what tor tells unasked (control-spec §4.1). Anything unknown in one is survived, and
// anything of an unknown kind is an Other.
#pragma once

#include "beta/model/onion_address.hpp"
#include "beta/torctl/reply.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace beta::torctl {

enum class EventKind : std::uint8_t {
    status_client,
    circuit,
    stream,
    descriptor,
    liveness,
    other,  // of a kind that is not known here: never asked for
    count_
};

/// "STATUS_CLIENT", as tor calls it; nothing for `other`.
std::string_view keyword(EventKind kind) noexcept;

/// §4.1.10, §5.5. Texts are short and printable whatever came.
struct Bootstrap {
    unsigned percent = 0;
    std::string tag;      // "loading_descriptors"
    std::string summary;  // "Loading relay descriptors"
    std::string warning;  // of a WARN alone: what hinders it
};

/// §4.1.10
struct ClientStatus {
    enum class Kind : std::uint8_t {
        bootstrap,
        enough_directory,
        not_enough_directory,
        circuit_established,
        circuit_not_established,
        other,
    };

    Kind kind = Kind::other;
    bool is_warning = false;  // WARN or ERR
    Bootstrap bootstrap{};    // of that kind alone
    std::string reason;
};

/// §4.1.1
struct Circuit {
    enum class Status : std::uint8_t {
        launched,
        built,
        guard_wait,
        extended,
        failed,  // closed before it was built
        closed,
        other,
        count_
    };

    std::string id;
    Status status = Status::other;
    std::string purpose;   // "HS_SERVICE_REND", or another word of tor's
    std::string hs_state;  // "HSSR_JOINED"
    std::string reason;
    std::string remote_reason;
    std::string socks_user;  // whose streams are alone on it
    std::string socks_password;
    std::optional<model::OnionAddress> onion{};  // REND_QUERY
    std::vector<std::string> path;               // "$fingerprint~name" of each hop
};

std::string_view label(Circuit::Status status) noexcept;

/// §4.1.2
struct Stream {
    enum class Status : std::uint8_t {
        opened,  // NEW, NEWRESOLVE
        sent,    // SENTCONNECT, SENTRESOLVE
        succeeded,
        failed,
        closed,
        detached,
        other,
    };

    std::string id;
    Status status = Status::other;
    std::string circuit;                         // "0": none yet
    std::optional<model::OnionAddress> onion{};  // of the target; other targets are not kept
    std::string reason;
    std::string remote_reason;
    std::string socks_user;
    std::string socks_password;
};

/// §4.1.25
struct Descriptor {
    enum class Action : std::uint8_t {
        requested,
        received,
        upload,
        uploaded,
        failed,
        created,
        ignore,
        other,
        count_
    };

    Action action = Action::other;
    std::optional<model::OnionAddress> onion{};
    std::string directory;  // "$fingerprint~name"
    std::string reason;     // NOT_FOUND, UPLOAD_REJECTED, …
};

std::string_view label(Descriptor::Action action) noexcept;

/// §4.1.27
struct Liveness {
    enum class Status : std::uint8_t { up, down, other };
    Status status = Status::other;
};

struct Other {
    std::string keyword;  // printable
};

using Event = std::variant<ClientStatus, Circuit, Stream, Descriptor, Liveness, Other>;

/// `reply` is one of status 650. One of a known kind that lacks its first words is an Other.
Event read_event(const Reply& reply);
EventKind kind_of(const Event& event) noexcept;

// The same lines stand in answers to GETINFO, without their keyword.
std::optional<Bootstrap> read_bootstrap(std::string_view phase);  // "NOTICE BOOTSTRAP PROGRESS=…"
std::optional<Circuit> read_circuit(std::string_view line);
std::optional<Stream> read_stream(std::string_view line);

}  // namespace beta::torctl
