// LabelSet: some names, or all names but some. Names are without end, so "all but" is never empty.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace beta::proof {

class LabelSet {
  public:
    LabelSet() = default;  // every name
    static LabelSet only(std::vector<std::string> words);
    static LabelSet all_but(std::vector<std::string> words);

    bool has(std::string_view word) const noexcept;
    bool empty() const noexcept { return !all_but_ && words_.empty(); }
    bool everything() const noexcept { return all_but_ && words_.empty(); }
    bool endless() const noexcept { return all_but_; }
    /// The names by which this set differs from none or from all; sorted.
    const std::vector<std::string>& words() const noexcept { return words_; }

    friend LabelSet operator&(const LabelSet& one, const LabelSet& two);

  private:
    LabelSet(bool all_but, std::vector<std::string> words);

    bool all_but_ = true;
    std::vector<std::string> words_;
};

}  // namespace beta::proof
