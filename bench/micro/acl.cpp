// bench_acl: one decision by the compiled index beside a scan of all rules, for growing numbers of
// rules and of services, and for rules that use the whole language.
//
// Also the time to load such a file, and the memory that a rule takes. Both ways must agree.
#include "beta/acl/decision.hpp"
#include "beta/acl/policy.hpp"

#include "acl_files.hpp"
#include "stopwatch.hpp"

#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <string_view>
#include <vector>

namespace beta::bench {
namespace {

std::shared_ptr<const acl::Policy> parse(const File& file) {
    auto policy = acl::Policy::parse(file.yaml, "bench.yaml");
    if (policy)
        return std::move(*policy);
    std::fprintf(stderr, "bench_acl: %s\n", policy.error().front().str().c_str());
    return nullptr;
}

/// Milliseconds: the best of some, as other programs only ever add to it.
double load_time(const File& file, int times) {
    double best = 1e9;
    for (int i = 0; i < times; ++i) {
        const double begun = cpu_nanoseconds();
        keep(acl::Policy::parse(file.yaml, "bench.yaml"));
        best = std::min(best, (cpu_nanoseconds() - begun) / 1e6);
    }
    return best;
}

bool agree(const File& file, const acl::Policy& policy) {
    return std::all_of(file.requests.begin(), file.requests.end(), [&](const auto& request) {
        const bool same = acl::evaluate(policy, request).rule == scan(file, request);
        if (!same)
            std::fprintf(stderr, "bench_acl: two answers for %s\n", request.path.data());
        return same;
    });
}

bool row(const Case& what, bool quick) {
    const File file = make_file(what);
    const auto before = ::mallinfo2().uordblks;
    const auto policy = parse(file);
    const auto bytes = static_cast<double>(::mallinfo2().uordblks - before);
    if (policy == nullptr || !agree(file, *policy))
        return false;
    std::size_t turn = 0;
    const auto next = [&]() -> const acl::Request& {
        return file.requests[turn++ % file.requests.size()];
    };
    const auto found = compare([&] { keep(acl::evaluate(*policy, next())); },
                               [&] { keep(scan(file, next())); }, quick);
    const auto rules = static_cast<double>(what.rules);
    std::printf("%-10s %6zu %9zu %9.0f %11.0f %9.4f %9.1f %8.0f %8.0f\n", what.name.c_str(),
                what.rules, what.services, found.ours, found.baseline, found.ratio,
                load_time(file, quick ? 1 : 5), static_cast<double>(policy->index_bytes()) / rules,
                bytes / rules);
    return true;
}

std::vector<Case> cases() {
    std::vector<Case> out;
    for (const std::size_t rules : {10u, 100u, 1'000u, 10'000u})
        out.push_back(
            {.name = "rules", .rules = rules, .services = std::min<std::size_t>(rules, 500)});
    for (const std::size_t services : {3u, 30u, 300u, 1'000u})
        out.push_back({.name = "services", .rules = services * 10, .services = services});
    for (const std::size_t rules : {10u, 100u, 1'000u, 10'000u})
        out.push_back({.name = "language", .rules = rules, .services = 3, .whole_language = true});
    return out;
}

}  // namespace
}  // namespace beta::bench

int main(int argc, char** argv) {
    const bool quick = argc > 1 && std::string_view(argv[1]) == "--quick";
    std::puts(
        "acl: one decision by the index, and by a scan of all rules; bytes a rule, of the index\n"
        "and of everything\n"
        "varies      rules  services  index ns     scan ns     ratio   load ms    index      all");
    for (const auto& what : beta::bench::cases())
        if ((!quick || what.rules < 10'000) && !beta::bench::row(what, quick))
            return 1;
}
