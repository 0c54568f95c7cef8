#include "places.hpp"

#include <list>
#include <system_error>

namespace beta::runtime {
namespace fs = std::filesystem;
namespace {

constexpr int max_links = 40;  // as the kernel's own

}  // namespace

std::set<fs::path> places_of(const fs::path& path) {
    std::set<fs::path> places;
    std::list<fs::path> steps(path.begin(), path.end());
    fs::path at = ".";  // no link is in it; "/" as a step replaces it
    for (int links = 0; !steps.empty() && links <= max_links;) {
        const auto next = at / steps.front();
        steps.pop_front();
        std::error_code not_a_link;
        const auto target = fs::read_symlink(next, not_a_link);
        if (!not_a_link) {
            ++links;
            places.insert(at);
            steps.insert(steps.begin(), target.begin(), target.end());
            continue;
        }
        std::error_code ignored;
        if (steps.empty() || !fs::is_directory(next, ignored)) {
            places.insert(at);
            places.insert(next);
            break;
        }
        at = next;
    }
    return places;
}

}  // namespace beta::runtime
