#include "beta/runtime/fingerprint.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <thread>

namespace beta::runtime {
namespace {

// The clock that stamps files stands still for up to 10 ms (CONFIG_HZ=100).
constexpr std::chrono::milliseconds pause{2};
constexpr int pauses = 10;  // enough for two ticks: a file of the future is not waited for

std::int64_t nanoseconds(const timespec& time) {
    return time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec;
}

std::optional<Fingerprint> fingerprint_of(const std::string& path) {
    struct stat facts{};
    if (::stat(path.c_str(), &facts) != 0)
        return {};
    return Fingerprint{.device = facts.st_dev,
                       .inode = facts.st_ino,
                       .size = facts.st_size,
                       .modified = nanoseconds(facts.st_mtim),
                       .changed = nanoseconds(facts.st_ctim),
                       .mode = facts.st_mode};
}

}  // namespace

/// A second write within one tick leaves the stamps of the first. So a file of the present tick is
/// looked at again in the next.
Fingerprints fingerprints_of(const std::vector<std::string>& paths) {
    for (int tries = 0;; ++tries) {
        timespec tick{};
        ::clock_gettime(CLOCK_REALTIME_COARSE, &tick);
        Fingerprints found;
        for (const auto& path : paths)
            found.push_back(fingerprint_of(path));
        const bool past = std::ranges::all_of(
            found, [&](const auto& one) { return !one || one->changed < nanoseconds(tick); });
        if (past || tries == pauses)
            return found;
        std::this_thread::sleep_for(pause);
    }
}

}  // namespace beta::runtime
