#include "vocabulary.hpp"

#include "beta/yaml/document.hpp"

#include <algorithm>

namespace beta::proof {
namespace {

bool same(const acl::Operation& one, const acl::Operation& two) {
    const auto texts = [](const acl::Operation& operation) {
        std::set<std::string> out;
        for (const acl::PathPattern& path : operation.paths)
            out.insert(path.str());
        return out;
    };
    const auto set = [](const std::vector<std::string>& words) {
        return std::set<std::string>(words.begin(), words.end());
    };
    return set(one.methods) == set(two.methods) && texts(one) == texts(two);
}

}  // namespace

Vocabulary::Vocabulary(const Policies& policies, const Names& names) {
    for (const auto& policy : policies) {
        const acl::PolicyFile& file = policy->file();
        planes.insert(file.plane);
        for (const acl::Rule& rule : file.rules) {
            note(rule.from);
            note(rule.to);
        }
        for (const acl::Operation& operation : file.operations)
            operations_[operation.name].push_back({file.plane, &operation});
    }
    for (const auto& [service, plane] : names.services) {
        services.insert(service);
        planes.insert(plane);
    }
    external.insert(names.external.begin(), names.external.end());
}

void Vocabulary::note(const acl::Party& party) {
    if (!party.plane.empty())
        planes.insert(party.plane);
    services.insert(party.services.begin(), party.services.end());
    external.insert(party.external.begin(), party.external.end());
}

std::expected<Action, std::string> Vocabulary::operation(std::string_view name) const {
    const std::size_t slash = name.find('/');
    const std::string_view plane = slash == name.npos ? "" : name.substr(0, slash);
    const std::string_view bare = slash == name.npos ? name : name.substr(slash + 1);
    const acl::Operation* chosen = nullptr;
    if (const auto found = operations_.find(bare); found != operations_.end()) {
        for (const Defined& one : found->second) {
            if (!plane.empty() && one.plane != plane)
                continue;
            if (chosen != nullptr && !same(*chosen, *one.operation))
                return std::unexpected(
                    "several files define it differently; say which one is "
                    "meant, as in " +
                    one.plane + '/' + std::string(bare));
            chosen = one.operation;
        }
    }
    if (chosen != nullptr)
        return action_of(*chosen);
    std::set<std::string, std::less<>> known;
    for (const auto& [other, defined] : operations_)
        known.insert(other);
    return std::unexpected("no policy defines such an operation" + did_you_mean(bare, known));
}

std::string did_you_mean(std::string_view word, const std::set<std::string, std::less<>>& known) {
    const std::vector<std::string_view> words(known.begin(), known.end());
    const std::string_view guess = yaml::nearest(word, words);
    return guess.empty() ? "" : "; did you mean \"" + std::string(guess) + "\"?";
}

}  // namespace beta::proof
