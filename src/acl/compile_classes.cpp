#include "compile.hpp"

#include <map>

namespace beta::acl {
namespace {

using RuleList = std::vector<std::uint32_t>;
using ByName = std::vector<RuleList>;  // by number of the name: the rules that name it

void note(StringTable& names, const std::vector<std::string>& words, std::uint32_t rule,
          ByName& rules) {
    for (const std::string& word : words) {
        const std::uint32_t number = names.intern(word);
        if (number >= rules.size())
            rules.resize(number + 1);
        rules[number].push_back(rule);
    }
}

/// The class of each name.
std::vector<std::uint32_t> classes_of(ByName& rules, std::size_t count) {
    rules.resize(count);
    std::vector<std::uint32_t> out(count);
    std::map<RuleList, std::uint32_t> classes;
    for (std::size_t i = 1; i < count; ++i) {
        if (rules[i].empty())
            continue;  // every_service
        const auto next = static_cast<std::uint32_t>(classes.size()) + first_class;
        out[i] = classes.try_emplace(std::move(rules[i]), next).first->second;
    }
    return out;
}

}  // namespace

void classify(Policy::Index& index) {
    index.planes.intern(index.file.plane);
    ByName sources;
    ByName destinations;
    ByName externals;
    for (const Rule& rule : index.file.rules) {
        for (const Party* party : {&rule.from, &rule.to})
            if (!party->plane.empty())
                index.planes.intern(party->plane);
        note(index.services, rule.from.services, rule.id, sources);
        note(index.services, rule.to.services, rule.id, destinations);
        note(index.externals, rule.to.external, rule.id, externals);
    }
    const std::size_t services = index.services.size() + 1;
    const auto as_source = classes_of(sources, services);
    const auto as_destination = classes_of(destinations, services);
    index.classes.resize(services);
    for (std::size_t i = 1; i < services; ++i)
        index.classes[i] = {.as_source = as_source[i], .as_destination = as_destination[i]};
    index.external_classes = classes_of(externals, index.externals.size() + 1);
}

}  // namespace beta::acl
