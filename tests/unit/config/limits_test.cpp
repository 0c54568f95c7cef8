#include "beta/config/keys.hpp"

#include "configuration.hpp"

#include <set>

namespace beta::config {
namespace {

std::string limits_path(std::string_view path) {
    return std::string(path.substr(7));
}

/// The smallest value of a limit as text that its reader takes.
std::string least_of(const Key& key) {
    return std::to_string(key.bounds.least) + (key.path.ends_with("_time") ? "ms" : "");
}

TEST_CASE("every limit changes one value of Limits, and each another one") {
    std::vector<Limits> seen;
    for (const Key& key : keys()) {
        if (!key.path.starts_with("limits."))
            continue;
        CAPTURE(key.path);
        const Limits limits =
            parsed(needed + "limits: { " + limits_path(key.path) + ": " + least_of(key) + " }\n")
                .limits;
        CHECK_FALSE(limits == Limits{});
        for (const Limits& other : seen)
            CHECK_FALSE(limits == other);
        seen.push_back(limits);
    }
    CHECK(seen.size() == 35);
    // A field without a key would be a limit that nobody can set.
    CHECK(sizeof(Limits) == seen.size() * 8);
}

TEST_CASE("a limit below its least or above its most is refused") {
    for (const Key& key : keys()) {
        if (!key.path.starts_with("limits."))
            continue;
        CAPTURE(key.path);
        const std::string unit = key.path.ends_with("_time") ? "ms" : "";
        const auto file_with = [&](std::uint64_t value) {
            return needed + "limits: { " + limits_path(key.path) + ": " + std::to_string(value) +
                   unit + " }\n";
        };
        parsed(file_with(key.bounds.most));
        CHECK_THAT(error_of(file_with(key.bounds.most + 1)), Catch::Contains("must be a "));
        if (key.bounds.least > 0)
            CHECK_THAT(error_of(file_with(key.bounds.least - 1)), Catch::Contains("must be a "));
    }
}

}  // namespace
}  // namespace beta::config
