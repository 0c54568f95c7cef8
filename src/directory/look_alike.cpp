#include "beta/directory/look_alike.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace beta::directory {
namespace {

constexpr std::size_t shortest_for_edits = 4;  // among shorter names one edit is the rule
constexpr std::size_t most_in_bucket = 16;     // more near neighbours than this have been reported

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// One spelling for all names that look the same in some font.
std::string skeleton(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, char>, 8> looks{{
        {"rn", 'm'},
        {"vv", 'w'},
        {"cl", 'd'},
        {"0", 'o'},
        {"1", 'l'},
        {"i", 'l'},
        {"5", 's'},
        {"8", 'b'},
    }};
    std::string out;
    while (!name.empty()) {
        const auto look = std::ranges::find_if(
            looks, [&](const auto& candidate) { return name.starts_with(candidate.first); });
        out += look == looks.end() ? name.front() : look->second;
        name.remove_prefix(look == looks.end() ? 1 : look->first.size());
    }
    return out;
}

/// Every run of digits as one '#': the members of a numbered family become one name.
std::string family(std::string_view name) {
    std::string out;
    for (const char c : name) {
        if (!is_digit(c))
            out += c;
        else if (!out.ends_with('#'))
            out += '#';
    }
    return out;
}

/// One character inserted, removed or replaced, or two neighbours exchanged.
bool is_one_edit(std::string_view a, std::string_view b) noexcept {
    if (a.size() > b.size())
        std::swap(a, b);
    const auto [in_a, in_b] = std::ranges::mismatch(a, b);
    const auto at = static_cast<std::size_t>(in_a - a.begin());
    if (a.size() + 1 == b.size())
        return a.substr(at) == b.substr(at + 1);
    if (a.size() != b.size() || at == a.size())
        return false;
    if (a.substr(at + 1) == b.substr(at + 1))
        return true;
    return at + 1 < a.size() && a[at] == b[at + 1] && a[at + 1] == b[at] &&
           a.substr(at + 2) == b.substr(at + 2);
}

/// Two words one edit apart share a word that either becomes when one character is left out (or
/// they are that word): only words that meet there need a closer look.
class Neighbourhood {
  public:
    /// The name of an earlier word one edit from `word`; then remembers it under `name`.
    std::optional<std::size_t> add(std::string word, std::size_t name) {
        const std::size_t self = words_.size();
        words_.push_back({std::move(word), name});
        const std::string& text = words_.back().text;
        std::optional<std::size_t> near;
        meet(text, self, near);
        std::string shorter(text, 1);
        for (std::size_t i = 0;; ++i) {  // shorter lacks the character at i
            meet(shorter, self, near);
            if (i == shorter.size())
                return near;
            shorter[i] = text[i];
        }
    }

  private:
    struct Word {
        std::string text;
        std::size_t name;
    };

    void meet(std::string_view shared, std::size_t self, std::optional<std::size_t>& near) {
        auto& bucket = buckets_[std::hash<std::string_view>{}(shared)];
        for (const std::size_t other : bucket) {
            if (near)
                break;
            if (is_one_edit(words_[other].text, words_[self].text))
                near = words_[other].name;
        }
        if (bucket.size() < most_in_bucket)
            bucket.push_back(self);
    }

    std::vector<Word> words_;
    /// By the hash of the shared word: strangers that collide are told apart by is_one_edit().
    std::unordered_map<std::size_t, std::vector<std::size_t>> buckets_;
};

}  // namespace

std::vector<LookAlike> look_alikes(std::span<const std::string_view> names) {
    std::vector<LookAlike> pairs;
    std::unordered_map<std::string, std::size_t> skeletons;
    std::unordered_set<std::string> families;
    Neighbourhood neighbourhood;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto [same_look, is_new_look] = skeletons.try_emplace(skeleton(names[i]), i);
        std::string kin = family(names[i]);
        std::optional<std::size_t> near;
        if (families.insert(kin).second && kin.size() >= shortest_for_edits)
            near = neighbourhood.add(std::move(kin), i);
        if (!is_new_look)
            pairs.push_back({same_look->second, i, "they differ in characters that look alike"});
        else if (near)
            pairs.push_back({*near, i, "they differ by one character"});
    }
    return pairs;
}

}  // namespace beta::directory
