// Any bytes: a policy loads or is refused, never allows an odd path, and the index misses no rule.
#include "beta/acl/explain.hpp"

#include <cstdlib>

using namespace beta::acl;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto policy = Policy::parse(text, "fuzz.yaml");
    if (!policy)
        return beta::model::has_errors(policy.error()) ? 0 : (std::abort(), 0);
    const std::string own((*policy)->plane());
    Question asked{.from_plane = size % 2 == 0 ? own : "ops", .to_service = "tron"};
    asked.headers = {{"X-Tenant", "a, b"}, {"x-env", "p"}};
    asked.external = size % 4 == 0;
    asked.to_plane = asked.external ? "" : own;
    for (const char* path : {"/", "/a/b", "/p", "/a/../b", "//", "/a%2Fb", "/x%20y/z/"}) {
        asked.path = path;
        const Explanation said = explain(policy->get(), policy->get(), asked, 50);
        for (const SideExplanation& side : said.sides)
            for (const Candidate& other : side.others)
                if (other.lacks.empty() && side.rule_id == 0 && !other.reported)
                    std::abort();  // it matches, and the index did not find it
        const bool odd = asked.path.contains("..") || asked.path.contains("//");
        if (odd && said.verdict() == Verdict::allow)
            std::abort();
    }
    return 0;
}
