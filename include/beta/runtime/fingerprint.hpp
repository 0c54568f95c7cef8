// Fingerprint: by what a file is known to have changed, without reading it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace beta::runtime {

struct Fingerprint {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t modified = 0;  // nanoseconds
    std::int64_t changed = 0;   // the inode: no write, chmod or chown leaves it as it was
    std::uint32_t mode = 0;

    bool operator==(const Fingerprint&) const = default;
};

using Fingerprints = std::vector<std::optional<Fingerprint>>;  // no value: no such file

/// Of what the paths lead to, in their order. What is written after the call has another one.
Fingerprints fingerprints_of(const std::vector<std::string>& paths);

}  // namespace beta::runtime
