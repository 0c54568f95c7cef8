#include "beta/yaml/document.hpp"

#include <algorithm>
#include <numeric>

namespace beta::yaml {
namespace {

constexpr std::size_t longest = 64;  // words of our languages are short; more is not a typing slip

/// Optimal string alignment: insertions, deletions, replacements, and two neighbours exchanged.
std::size_t edits(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> above(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(above.begin(), above.end(), 0uz);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({replaced, above[j] + 1, row[j - 1] + 1});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        std::swap(before, above);
        std::swap(above, row);
    }
    return above[b.size()];
}

}  // namespace

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
    if (word.empty() || word.size() > longest)
        return {};
    std::size_t least = word.size() <= 3 ? 2 : 3;  // two edits turn any short word into any other
    std::string_view best;
    for (const std::string_view candidate : candidates) {
        if (candidate.size() > longest)
            continue;
        if (const std::size_t distance = edits(word, candidate); distance < least) {
            least = distance;
            best = candidate;
        }
    }
    return best;
}

}  // namespace beta::yaml
