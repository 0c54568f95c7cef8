// Lines of a log that is replayed: bytes from anywhere.
#include "beta/proof/replay.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace beta;
    static const proof::Policies policies = {
        *acl::Policy::parse("apiVersion: beta.acl/v1\nplane: ops\nallow: [{name: all}]\n", "o")};
    const std::string_view line(reinterpret_cast<const char*>(data), size);
    static const proof::Names names;
    proof::Replay replay(policies, policies, names, {});
    replay.add(line);
    const auto& counts = replay.counts();
    const std::size_t sum =
        counts.same + counts.flipped + counts.undecided + counts.unplaced + counts.unreadable;
    if (sum != 1)  // each line is counted once
        std::abort();
    return proof::to_text(replay).empty() ? 1 : 0;
}
