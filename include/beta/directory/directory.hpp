// Directory: service name -> plane and onion, or a named external host. Immutable; swapped whole.
#pragma once

#include "beta/model/diagnostic.hpp"
#include "beta/model/names.hpp"
#include "beta/model/onion_address.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace beta::directory {

/// A service behind an onion: one address for all callers, or one per calling plane where the
/// callee tells planes apart by the address they come by. Exactly one of the two is set.
struct OnionRoute {
    std::optional<model::OnionAddress> any;  // `onion:`
    /// `onions:`, by the CALLER's plane.
    std::map<std::string, model::OnionAddress, std::less<>> by_plane;
    std::uint16_t port = 80;

    /// The onion a caller of this plane must use; nullptr when there is none for it.
    const model::OnionAddress* for_caller(std::string_view plane) const noexcept;
};

/// A host outside, reached through a Tor exit. The name is sent to tor as it is, never resolved
/// here.
struct ExternalRoute {
    std::string host;
    std::uint16_t port = 443;
};

struct Entry {
    std::uint32_t id = 0;  // index in entries()
    std::string name;
    std::string plane;  // empty for an external host
    /// That the certificate behind its onion has to name; empty where the file names none.
    std::string identity = {};
    std::optional<OnionRoute> onion;  // of a service; an entry has one of the two
    std::optional<ExternalRoute> external;

    bool is_external() const noexcept { return external.has_value(); }
};

class Directory {
  public:
    /// Reads services.yaml. Errors (bad onions, duplicates) refuse the file, all at once;
    /// look-alike names are warnings, handed out through `warnings` when it is not null. No message
    /// holds a whole onion address.
    static std::expected<std::shared_ptr<const Directory>, model::Diagnostics> parse(
        std::string_view yaml, const std::string& file_name,
        model::Diagnostics* warnings = nullptr);

    /// "service" or "service.plane", or the name of an external host. Lower case only; allocates
    /// nothing. nullptr when unknown, or when the plane is not that service's.
    const Entry* find(std::string_view name) const noexcept;

    /// The external host that a tunnel to `host:port` means: by its name here or by its own, and
    /// with exactly its port. Lower case only. nullptr when there is none.
    const Entry* find_external(std::string_view host, std::string_view port) const noexcept;

    std::span<const Entry> entries() const noexcept { return entries_; }
    /// Hex SHA-256 of the file's text.
    const std::string& digest() const noexcept { return digest_; }

  private:
    /// Lets find() take a view without making a string of it.
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view key) const noexcept {
            return std::hash<std::string_view>{}(key);
        }
    };

    explicit Directory(std::vector<Entry> entries, std::string digest);

    std::vector<Entry> entries_;
    /// "service", "service.plane" and names of external hosts.
    std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> by_name_;
    std::string digest_;
};

}  // namespace beta::directory
