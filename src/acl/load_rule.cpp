#include "beta/model/names.hpp"

#include "load.hpp"

#include <algorithm>

namespace beta::acl {
namespace {

constexpr std::size_t longest_name = 63;
constexpr std::size_t longest_reason = 200;

bool is_rule_name(std::string_view word) {
    return !word.empty() && word.size() <= longest_name && word != "default-deny" &&
           std::ranges::all_of(word, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
           });
}

/// The name that messages about the rule show, before it is known to be a good one.
std::string owner(const yaml::Node& node) {
    const yaml::Node* name = node.find("name");
    if (name == nullptr || name->kind != yaml::Node::Kind::scalar || name->scalar.empty())
        return "a rule";
    return "rule \"" + yaml::printable(name->scalar) + '"';
}

class RuleLoader {
  public:
    RuleLoader(yaml::Reader& reader, const yaml::Node& node, const FileContext& context)
        : reader_(reader), words_(reader, owner(node)), node_(node), context_(context) {}

    Rule load(Verdict verdict) {
        rule_.verdict = verdict;
        rule_.line = node_.line;
        rule_.column = node_.column;
        rule_.from.plane = rule_.to.plane = context_.file.plane;
        if (!words_.expect_map(node_, "", keys()))
            return std::move(rule_);
        rule_.name = name();
        read_sides();
        read_shape();
        if (const yaml::Node* when = node_.find("when"))
            rule_.headers = load_conditions(words_, *when, verdict);
        read_limit();
        read_tunnel();
        read_mode();
        rule_.reason = reason();
        return std::move(rule_);
    }

  private:
    static const WordReader::Words& keys() {
        static const WordReader::Words words{"name",    "from",  "to",    "operations",
                                             "methods", "paths", "when",  "limit",
                                             "tunnel",  "mode",  "reason"};
        return words;
    }

    std::string name() {
        const yaml::Node* found = reader_.require(node_, "name", "a rule");
        if (found == nullptr)
            return {};
        const auto word = words_.word(*found, "name");
        if (!word)
            return {};
        if (is_rule_name(*word))
            return std::string(*word);
        reader_.error(*found,
                      "rule name \"" + yaml::printable(*word) +
                          "\": 1 to 63 of a-z, 0-9 and -, and not default-deny",
                      "RULE_NAME");
        return {};
    }

    void read_sides() {
        if (const yaml::Node* from = node_.find("from"))
            read_party(*from, "from", rule_.from);
        if (const yaml::Node* to = node_.find("to"))
            read_party(*to, "to", rule_.to);
        const std::string& own = context_.file.plane;
        if (!rule_.from.has_plane(own) && !rule_.to.has_plane(own))
            words_.fault(node_, "neither side is plane " + own + ", so this file never decides it",
                         "FOREIGN_RULE");
    }

    void read_party(const yaml::Node& node, std::string_view side, Party& party) {
        const bool callee = side == "to";
        if (!words_.expect_map(node, side, callee ? callee_keys() : caller_keys()))
            return;
        const std::string what(side);
        if (node.members.empty())
            words_.fault(node, what + " is empty; leave it out to mean any service of this plane",
                         "EMPTY");
        if (const yaml::Node* plane = node.find("plane"))
            read_plane(*plane, side, party);
        if (const yaml::Node* services = node.find("services"))
            party.services = words_.names(*services, what + " services");
        if (const yaml::Node* external = callee ? node.find("external") : nullptr)
            read_external(node, *external, party);
    }

    static const WordReader::Words& caller_keys() {
        static const WordReader::Words words{"plane", "services"};
        return words;
    }
    static const WordReader::Words& callee_keys() {
        static const WordReader::Words words{"plane", "services", "external"};
        return words;
    }

    void read_plane(const yaml::Node& node, std::string_view side, Party& party) {
        const std::string what = std::string(side) + " plane";
        const auto word = words_.word(node, what);
        if (!word)
            return;
        if (*word == "*") {
            party.any_plane = true;
            party.plane.clear();
        } else if (const auto name = model::PlaneName::parse(*word)) {
            party.plane = name->str();
        } else {
            words_.fault(node,
                         what + " \"" + yaml::printable(*word) +
                             "\": " + std::string(model::sentence(name.error())) + ", or \"*\"",
                         "NAME");
        }
    }

    /// External hosts belong to no plane.
    void read_external(const yaml::Node& side, const yaml::Node& node, Party& party) {
        if (side.members.size() > 1)
            words_.fault(side,
                         "to has external beside plane or services; external hosts are of no "
                         "plane: write two rules",
                         "CONTRADICTION");
        party = {};
        party.external = words_.names(node, "to external");
    }

    void read_shape() {
        const yaml::Node* operations = node_.find("operations");
        const yaml::Node* methods = node_.find("methods");
        const yaml::Node* paths = node_.find("paths");
        if (operations != nullptr && (methods != nullptr || paths != nullptr))
            words_.fault(*operations,
                         "operations beside methods or paths; the operation says both: name one "
                         "under operations:, or write methods and paths alone",
                         "CONTRADICTION");
        if (operations != nullptr)
            rule_.operations = context_.find(words_, *operations);
        if (methods != nullptr)
            rule_.methods = words_.methods(*methods);
        if (paths != nullptr)
            rule_.paths = words_.paths(*paths);
    }

    void read_limit() {
        const yaml::Node* limit = node_.find("limit");
        if (limit == nullptr)
            return;
        if (rule_.verdict == Verdict::deny)
            words_.fault(*limit, "limit is for an allow; a deny lets nothing through to count",
                         "CONTRADICTION");
        rule_.limit = load_limit(words_, *limit);
    }

    void read_tunnel() {
        const yaml::Node* tunnel = node_.find("tunnel");
        if (tunnel == nullptr)
            return;
        rule_.tunnel = words_.one_of(*tunnel, "tunnel", {"false", "true"}).value_or(0) == 1;
        if (!rule_.tunnel)
            return;
        if (rule_.verdict == Verdict::deny)
            words_.fault(*tunnel,
                         "tunnel is for an allow; a deny without methods and paths denies tunnels "
                         "as well",
                         "CONTRADICTION");
        else if (rule_.to.external.empty())
            words_.fault(*tunnel,
                         "a tunnel leads to an external host; say which, as in "
                         "to: { external: [tron-mainnet] }",
                         "CONTRADICTION");
        if (!rule_.methods.empty() || !rule_.paths.empty() || !rule_.operations.empty())
            words_.fault(*tunnel,
                         "a tunnel has no method and no path that the policy could see; leave "
                         "operations, methods and paths out",
                         "CONTRADICTION");
    }

    void read_mode() {
        const yaml::Node* mode = node_.find("mode");
        if (mode == nullptr)
            return;
        rule_.mode = load_mode(words_, *mode).value_or(Mode::enforce);
        if (rule_.mode == Mode::enforce && context_.file.mode == Mode::report)
            words_.fault(*mode,
                         "the whole file is in mode report, so that no rule of it enforces; leave "
                         "the rule's mode out, or put mode: report on single rules",
                         "CONTRADICTION");
    }

    std::string reason() {
        const yaml::Node* found = node_.find("reason");
        if (found == nullptr)
            return rule_.verdict == Verdict::deny ? "a rule denies it" : "a rule allows it";
        const std::string_view text = words_.word(*found, "reason").value_or(" ");
        const bool plain = std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
        if (text.empty() || text.size() > longest_reason || !plain)
            words_.fault(*found,
                         "reason must be 1 to 200 printable ASCII characters; it goes into a "
                         "header",
                         "REASON");
        return std::string(text);
    }

    yaml::Reader& reader_;
    WordReader words_;
    const yaml::Node& node_;
    const FileContext& context_;
    Rule rule_;
};

}  // namespace

Rule load_rule(yaml::Reader& reader, const yaml::Node& node, Verdict verdict,
               const FileContext& context) {
    return RuleLoader(reader, node, context).load(verdict);
}

}  // namespace beta::acl
