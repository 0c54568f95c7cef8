// Any bytes: a policy loads or is refused with places, and never allows an odd path.
#include "beta/acl/decision.hpp"
#include "beta/acl/policy.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace beta::acl;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto policy = Policy::parse(text, "fuzz.yaml");
    if (!policy) {
        if (!beta::model::has_errors(policy.error()))
            std::abort();
        return 0;
    }
    for (const std::string_view path : {"/", "/a/b", "/a/../b", "//", "/a%2Fb", "/x%20y/z/"}) {
        const Decision made = evaluate(**policy, {.direction = Direction::ingress,
                                                  .from = {.plane = "ops", .service = "a"},
                                                  .to = {.plane = (*policy)->plane(), .name = "b"},
                                                  .method = "GET",
                                                  .path = path});
        const bool odd = path.contains("..") || path.contains("//") || path.contains("%2F");
        if (made.rule_id >= (*policy)->rule_count() || (made.allowed() && odd))
            std::abort();
    }
    return 0;
}
