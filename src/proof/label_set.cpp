#include "beta/proof/label_set.hpp"

#include <algorithm>
#include <iterator>

namespace beta::proof {

LabelSet::LabelSet(bool all_but, std::vector<std::string> words)
    : all_but_(all_but), words_(std::move(words)) {
    std::ranges::sort(words_);
    const auto rest = std::ranges::unique(words_);
    words_.erase(rest.begin(), rest.end());
}

LabelSet LabelSet::only(std::vector<std::string> words) {
    return {false, std::move(words)};
}

LabelSet LabelSet::all_but(std::vector<std::string> words) {
    return {true, std::move(words)};
}

bool LabelSet::has(std::string_view word) const noexcept {
    return std::ranges::binary_search(words_, word) != all_but_;
}

LabelSet operator&(const LabelSet& one, const LabelSet& two) {
    std::vector<std::string> words;
    if (one.all_but_ && two.all_but_) {
        std::ranges::set_union(one.words_, two.words_, std::back_inserter(words));
        return {true, std::move(words)};
    }
    const LabelSet& finite = one.all_but_ ? two : one;
    const LabelSet& other = one.all_but_ ? one : two;
    std::ranges::copy_if(finite.words_, std::back_inserter(words),
                         [&](const std::string& word) { return other.has(word); });
    return {false, std::move(words)};
}

}  // namespace beta::proof
