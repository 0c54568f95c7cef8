// Record: one line of the audit log: an object that names the record before it, sealed by a hash
// over its own bytes.
#pragma once

#include "beta/model/secret.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace beta::audit {

/// With its line feed. The longest record is that of a request whose every byte had to be escaped.
inline constexpr std::size_t max_line = 64 * 1024;

/// How a line is hashed: SHA-256, or HMAC-SHA-256 where there is a key.
class Seal {
  public:
    Seal() = default;
    explicit Seal(model::SecretText key) : key_(std::move(key)) {}

    std::string of(std::string_view bytes) const;  // in hex
    bool has_key() const noexcept { return !key_.disclose().empty(); }

  private:
    model::SecretText key_;
};

/// The last record of a chain; as it is made, what stands before the first.
struct Link {
    std::uint64_t seq = 0;
    std::string hash = std::string(64, '0');

    bool operator==(const Link&) const = default;
};

struct Sealed {
    std::string line;
    Link link;
};

/// `object` is a JSON object on a line of its own, which begins with "time" and "event". Becomes
/// {"seq":…,"previous":"…",…,"hash":"…"}: the hash is over all that stands before `,"hash"`.
Sealed sealed(std::string_view object, const Link& last, const Seal& seal);

/// Views of the line.
struct Record {
    Link link;
    std::string_view previous;
    std::string_view time;
    std::string_view event;
    std::string_view rest;  // what stands between "event" and "hash"

    bool follows(const Link& last) const noexcept {
        return link.seq == last.seq + 1 && previous == last.hash;
    }
};

/// What a line says of itself, without its line feed; nothing where it has not the form of a
/// record. Whether it is true says is_whole().
std::optional<Record> read(std::string_view line);
/// Its bytes have the hash that it ends with.
bool is_whole(std::string_view line, const Seal& seal);

}  // namespace beta::audit
