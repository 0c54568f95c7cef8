// A difference of policies in words, and for programs.
#include "beta/proof/diff.hpp"

#include "call_text.hpp"

#include <algorithm>

namespace beta::proof {
namespace {

constexpr std::size_t most_shown = 50;

/// "a, b and any other service"; "any service" where nothing is named.
std::string in_words(const Group& group, const std::string& what) {
    constexpr std::size_t most_named = 8;
    std::string out;
    const std::size_t shown = std::min(most_named, group.names.size());
    for (std::size_t i = 0; i < shown; ++i)
        out += (i == 0 ? "" : ", ") + group.names[i];
    if (shown < group.names.size())
        out += " and " + std::to_string(group.names.size() - shown) + " more";
    if (group.and_others)
        out += out.empty() ? "any other " + what : " and any other " + what;
    return out;
}

std::string callee(const Change& change) {
    if (change.call.external())
        return "outside " + in_words(change.to_names, "host");
    return in_words(change.to_names, "service") + " of " + in_words(change.to_planes, "plane");
}

/// The sides that stopped it, or all that let it pass.
std::string decided(const std::vector<SideAnswer>& sides) {
    const bool passes = std::ranges::all_of(sides, &SideAnswer::passes);
    std::vector<SideAnswer> shown;
    std::ranges::copy_if(sides, std::back_inserter(shown),
                         [&](const SideAnswer& side) { return side.passes == passes; });
    return text_of(shown);
}

void add(std::string& out, std::string_view title, std::string_view verb,
         const std::vector<Change>& changes) {
    if (changes.empty())
        return;
    out += std::string(title) + ":\n";
    for (std::size_t i = 0; i < std::min(most_shown, changes.size()); ++i) {
        const Change& change = changes[i];
        out += "  " + in_words(change.from_services, "service") + " of " +
               in_words(change.from_planes, "plane") + ' ' + std::string(verb) +
               (change.call.tunnel ? " open a tunnel to "
                                   : " send " + in_words(change.methods, "method") + " to ") +
               callee(change) + ", as in\n    " + text_of(change.call) + "\n   before:\n" +
               decided(change.before) + "   after:\n" + decided(change.after);
    }
    if (changes.size() > most_shown)
        out += "  and " + std::to_string(changes.size() - most_shown) +
               " more pairs of caller and callee\n";
}

std::string json_of(const Group& group) {
    std::string words;
    for (const std::string& name : group.names)
        words += (words.empty() ? "" : ",") + json_text(name);
    return "{\"names\":[" + words + "],\"and_others\":" + (group.and_others ? "true" : "false") +
           '}';
}

std::string json_of(const std::vector<Change>& changes) {
    std::string list;
    for (const Change& change : changes)
        list += (list.empty() ? "{" : ",{") + std::string("\"call\":") + json_of(change.call) +
                ",\"from_planes\":" + json_of(change.from_planes) +
                ",\"from_services\":" + json_of(change.from_services) +
                ",\"to_planes\":" + json_of(change.to_planes) +
                ",\"to_names\":" + json_of(change.to_names) +
                ",\"methods\":" + json_of(change.methods) +
                ",\"before\":" + json_of(change.before) + ",\"after\":" + json_of(change.after) +
                '}';
    return '[' + list + ']';
}

}  // namespace

std::string to_text(const Difference& difference) {
    std::string out;
    add(out, "now possible", "can", difference.possible);
    add(out, "now impossible", "could", difference.impossible);
    if (!difference.complete)
        out += "too many cases: there may be more differences\n";
    return out.empty() ? "no difference: the same calls pass\n" : out;
}

std::string to_json(const Difference& difference) {
    return "{\"possible\":" + json_of(difference.possible) +
           ",\"impossible\":" + json_of(difference.impossible) +
           ",\"complete\":" + (difference.complete ? "true" : "false") + '}';
}

}  // namespace beta::proof
