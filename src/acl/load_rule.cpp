#include "beta/model/names.hpp"

#include "load.hpp"

#include <algorithm>
#include <functional>
#include <unordered_set>

namespace beta::acl {
namespace {

constexpr std::size_t longest_name = 63;
constexpr std::size_t longest_method = 32;
constexpr std::size_t longest_reason = 200;

class RuleLoader {
  public:
    RuleLoader(yaml::Reader& reader, const std::string& own_plane)
        : reader_(reader), own_plane_(own_plane) {}

    Rule load(const yaml::Node& node, Verdict verdict) {
        Rule rule;
        rule.verdict = verdict;
        rule.line = node.line;
        rule.column = node.column;
        rule.from.plane = rule.to.plane = own_plane_;
        if (!expect_map(reader_, node, "a rule",
                        {"name", "from", "to", "methods", "paths", "reason"},
                        {"operations", "when", "limit", "tunnel", "mode"}))
            return rule;
        rule.name = name(node);
        what_ = "rule \"" + rule.name + "\": ";
        if (const yaml::Node* from = node.find("from"))
            rule.from = party(*from, "from");
        if (const yaml::Node* to = node.find("to"))
            rule.to = party(*to, "to");
        if (const yaml::Node* methods = node.find("methods"))
            rule.methods = words(*methods, "methods", method_fault);
        if (const yaml::Node* paths = node.find("paths"))
            rule.paths = patterns(*paths);
        rule.reason = reason(node, rule);
        if (!rule.from.has_plane(own_plane_) && !rule.to.has_plane(own_plane_))
            fault(node, "neither side is plane " + own_plane_ + ", so this file never decides it",
                  "FOREIGN_RULE");
        return rule;
    }

  private:
    using Fault = std::function<std::string(std::string_view)>;  // empty when the word is good

    void fault(const yaml::Node& at, const std::string& message, std::string_view code) {
        reader_.error(at, what_ + message, code);
    }

    void fault_in_word(const yaml::Node& word, const std::string& what, const std::string& wrong,
                       std::string_view code) {
        fault(word, what + " \"" + yaml::printable(word.scalar) + "\": " + wrong, code);
    }

    std::string name(const yaml::Node& node) {
        const yaml::Node* found = reader_.require(node, "name", "a rule");
        if (found == nullptr)
            return {};
        const std::string_view word = reader_.word(*found, "a rule's name");
        const bool fits = word.size() <= longest_name && std::ranges::all_of(word, [](char c) {
                              return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
                          });
        if (found->kind != yaml::Node::Kind::scalar)
            return {};
        if (word.empty() || !fits || word == "default-deny") {
            reader_.error(*found,
                          "rule name \"" + yaml::printable(word) +
                              "\": 1 to 63 of a-z, 0-9 and -, and not default-deny",
                          "RULE_NAME");
            return {};
        }
        return std::string(word);
    }

    Party party(const yaml::Node& node, const std::string& side) {
        Party party;
        party.plane = own_plane_;
        if (!expect_map(reader_, node, what_ + side, {"plane", "services"}, {"external"}))
            return party;
        if (node.members.empty())
            fault(node, side + " is empty; leave it out to mean any service of this plane",
                  "EMPTY");
        if (const yaml::Node* plane = node.find("plane"))
            read_plane(*plane, side, party);
        if (const yaml::Node* services = node.find("services"))
            party.services = words(*services, side + " services", service_fault);
        return party;
    }

    void read_plane(const yaml::Node& node, const std::string& side, Party& party) {
        const std::string_view word = reader_.word(node, what_ + side + " plane");
        if (node.kind != yaml::Node::Kind::scalar)
            return;
        if (word == "*") {
            party.any_plane = true;
            party.plane.clear();
        } else if (const auto name = model::PlaneName::parse(word)) {
            party.plane = name->str();
        } else {
            fault(node,
                  side + " plane \"" + yaml::printable(word) +
                      "\": " + std::string(model::sentence(name.error())) + ", or \"*\"",
                  "NAME");
        }
    }

    /// A list of at least one good word, each once.
    std::vector<std::string> words(const yaml::Node& node, const std::string& what,
                                   const Fault& check) {
        std::vector<std::string> out;
        if (!reader_.expect_sequence(node, what_ + what))
            return out;
        if (node.items.empty())
            fault(node, what + " is an empty list, which nothing matches; leave it out to mean any",
                  "EMPTY");
        const std::string each = what_ + "each of " + what;
        std::unordered_set<std::string_view> seen;
        for (const yaml::Node& item : node.items) {
            const std::string_view word = reader_.word(item, each);
            if (item.kind != yaml::Node::Kind::scalar)
                continue;
            if (const std::string wrong = check(word); !wrong.empty())
                fault_in_word(item, what, wrong, "WORD");
            else if (!seen.insert(word).second)
                fault_in_word(item, what, "named twice", "REPEATED");
            else
                out.emplace_back(word);
        }
        return out;
    }

    std::vector<PathPattern> patterns(const yaml::Node& node) {
        std::vector<PathPattern> out;
        words(node, "paths", [&out](std::string_view word) -> std::string {
            auto pattern = PathPattern::parse(word);
            if (!pattern)
                return std::string(sentence(pattern.error()));
            out.push_back(std::move(*pattern));
            return {};
        });
        return out;
    }

    static std::string service_fault(std::string_view word) {
        if (word == "*")
            return "names are literal; leave services out to mean every service";
        const auto name = model::ServiceName::parse(word);
        return name ? "" : std::string(model::sentence(name.error()));
    }

    static std::string method_fault(std::string_view word) {
        const bool fits = !word.empty() && word.size() <= longest_method && word[0] >= 'A' &&
                          word[0] <= 'Z' && std::ranges::all_of(word, [](char c) {
                              return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
                          });
        return fits ? "" : "a method in upper case, as GET; leave methods out to mean every method";
    }

    std::string reason(const yaml::Node& node, const Rule& rule) {
        const bool denies = rule.verdict == Verdict::deny;
        const yaml::Node* found = node.find("reason");
        if (found == nullptr)
            return denies ? "a rule denies it" : "a rule allows it";
        const std::string_view text = reader_.word(*found, what_ + "reason");
        const bool plain = std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
        if (text.empty() || text.size() > longest_reason || !plain)
            fault(*found,
                  "reason must be 1 to 200 printable ASCII characters; it goes into a header",
                  "REASON");
        return std::string(text);
    }

    yaml::Reader& reader_;
    const std::string& own_plane_;
    std::string what_ = "a rule: ";
};

}  // namespace

bool expect_map(yaml::Reader& reader, const yaml::Node& node, const std::string& what,
                std::vector<std::string_view> words, const std::vector<std::string_view>& later) {
    if (node.kind != yaml::Node::Kind::map)
        return reader.expect_map(node, what, std::move(words));
    yaml::Node known;  // its keys alone: values may be the whole file
    known.kind = node.kind;
    for (const auto& [key, value] : node.members) {
        if (std::ranges::find(later, key.scalar) == later.end())
            known.members.push_back({key, {}});
        else
            reader.error(key, what + " has \"" + key.scalar + "\", which is not supported yet",
                         "NOT_SUPPORTED");
    }
    return reader.expect_map(known, what, std::move(words));
}

Rule load_rule(yaml::Reader& reader, const yaml::Node& node, Verdict verdict,
               const std::string& own_plane) {
    return RuleLoader(reader, own_plane).load(node, verdict);
}

}  // namespace beta::acl
