#include "index.hpp"

#include <map>
#include <set>

namespace beta::acl {
namespace {

/// Keys times paths of a whole file. A file comes near it only when many rules each list many
/// services on both sides; 4 million take about 200 MB.
constexpr std::size_t most_entries = 4'000'000;

constexpr std::uint32_t every_method = 0;

class Compiler {
  public:
    explicit Compiler(Policy::Index& index) : index_(index) {
        index_.nodes.resize(1);
        index_.accepts.resize(1);
        ends_.resize(1);
    }

    /// The rule at which the file became too large, or nullptr.
    const Rule* run() {
        classify();
        for (const Rule& rule : index_.file.rules)
            if (!file(rule))
                return &rule;
        finish();
        return nullptr;
    }

  private:
    struct End {  // one rule's end at a node, for one method
        std::uint32_t method;
        Verdict verdict;
        std::uint32_t rule;
    };
    using Classes = std::vector<std::uint32_t>;

    void classify() {
        index_.planes.intern(index_.file.plane);
        std::vector<std::vector<std::uint32_t>> sources(1);  // rules by the service they name
        std::vector<std::vector<std::uint32_t>> destinations(1);
        for (const Rule& rule : index_.file.rules) {
            note(rule.from, rule.id, sources);
            note(rule.to, rule.id, destinations);
        }
        index_.classes.resize(index_.services.size() + 1);
        sources.resize(index_.classes.size());
        destinations.resize(index_.classes.size());
        std::map<std::vector<std::uint32_t>, std::uint32_t> source_class;
        std::map<std::vector<std::uint32_t>, std::uint32_t> destination_class;
        for (std::size_t i = 1; i < index_.classes.size(); ++i) {
            index_.classes[i].as_source = number(source_class, sources[i]);
            index_.classes[i].as_destination = number(destination_class, destinations[i]);
        }
    }

    void note(const Party& party, std::uint32_t rule,
              std::vector<std::vector<std::uint32_t>>& rules) {
        if (!party.any_plane)
            index_.planes.intern(party.plane);
        for (const std::string& name : party.services) {
            const std::uint32_t service = index_.services.intern(name);
            if (service >= rules.size())
                rules.resize(service + 1);
            rules[service].push_back(rule);
        }
    }

    static std::uint32_t number(std::map<std::vector<std::uint32_t>, std::uint32_t>& classes,
                                std::vector<std::uint32_t>& rules) {
        if (rules.empty())
            return every_service;
        const auto next = static_cast<std::uint32_t>(classes.size()) + first_class;
        return classes.try_emplace(std::move(rules), next).first->second;
    }

    /// Classes of a side's services. A deny that names sources also takes in the unknown one.
    Classes classes_of(const Party& party, std::uint32_t ServiceClass::* side, bool and_unknown) {
        if (party.services.empty())
            return {every_service};
        std::set<std::uint32_t> classes;
        for (const std::string& name : party.services)
            classes.insert(index_.classes[index_.services.find(name)].*side);
        if (and_unknown)
            classes.insert(unknown_service);
        return {classes.begin(), classes.end()};
    }

    std::uint32_t plane_of(const Party& party) const {
        return party.any_plane ? every_plane : index_.planes.find(party.plane);
    }

    bool file(const Rule& rule) {
        const bool denies = rule.verdict == Verdict::deny;
        const Classes from = classes_of(rule.from, &ServiceClass::as_source, denies);
        const Classes to = classes_of(rule.to, &ServiceClass::as_destination, false);
        const std::size_t sides = (rule.from.has_plane(index_.file.plane) ? 1 : 0) +
                                  (rule.to.has_plane(index_.file.plane) ? 1 : 0);
        entries_ += sides * from.size() * to.size() * std::max<std::size_t>(1, rule.paths.size());
        if (entries_ > most_entries)
            return false;
        if (rule.from.has_plane(index_.file.plane))
            file(rule, Direction::egress, from, plane_of(rule.to), to);
        if (rule.to.has_plane(index_.file.plane))
            file(rule, Direction::ingress, to, plane_of(rule.from), from);
        return true;
    }

    void file(const Rule& rule, Direction direction, const Classes& own, std::uint32_t peer_plane,
              const Classes& peers) {
        for (const std::uint32_t mine : own)
            for (const std::uint32_t peer : peers) {
                const Key key{
                    .direction = direction, .own = mine, .peer_plane = peer_plane, .peer = peer};
                std::uint32_t& root = index_.roots.at(key.packed());
                if (root == 0)
                    root = new_node();
                file(rule, root);
            }
    }

    void file(const Rule& rule, std::uint32_t root) {
        if (rule.paths.empty())
            end(rule, root, &PathNode::deep);
        for (const PathPattern& path : rule.paths) {
            std::uint32_t node = root;
            for (const PathPattern::Segment& segment : path.segments())
                node = segment.any ? star_child(node) : child(node, segment.text);
            end(rule, node, path.deep() ? &PathNode::deep : &PathNode::exact);
        }
    }

    std::uint32_t new_node() {
        index_.nodes.emplace_back();
        return static_cast<std::uint32_t>(index_.nodes.size() - 1);
    }

    std::uint32_t star_child(std::uint32_t node) {
        if (index_.nodes[node].star == 0) {
            const std::uint32_t fresh = new_node();
            index_.nodes[node].star = fresh;
        }
        return index_.nodes[node].star;
    }

    std::uint32_t child(std::uint32_t node, const std::string& segment) {
        std::uint32_t& next = index_.edges.at(pair_key(node, index_.segments.intern(segment)));
        if (next == 0)
            next = new_node();
        return next;
    }

    void end(const Rule& rule, std::uint32_t node, std::uint32_t PathNode::* how) {
        std::uint32_t& accept = index_.nodes[node].*how;
        if (accept == 0) {
            accept = static_cast<std::uint32_t>(ends_.size());
            ends_.emplace_back();
        }
        if (rule.methods.empty())
            ends_[accept].push_back({every_method, rule.verdict, rule.id});
        for (const std::string& method : rule.methods)
            ends_[accept].push_back({index_.methods.intern(method), rule.verdict, rule.id});
    }

    void finish() {
        index_.accepts.resize(ends_.size());
        for (std::size_t i = 1; i < ends_.size(); ++i)
            index_.accepts[i] = merged(ends_[i]);
    }

    /// Every method's outcome includes the rules that name no method, so that one look tells all.
    Accept merged(const std::vector<End>& ends) {
        std::map<std::uint32_t, Outcome> by_method;
        for (const End& end : ends) {
            Outcome& outcome = by_method[end.method];
            outcome.take(end.verdict == Verdict::deny ? Outcome{.deny = end.rule}
                                                      : Outcome{.allow = end.rule});
        }
        Accept accept;
        accept.first = static_cast<std::uint32_t>(index_.outcomes.size());
        if (const auto all = by_method.find(every_method); all != by_method.end())
            accept.other = all->second;
        for (auto& [method, outcome] : by_method) {
            if (method == every_method)
                continue;
            outcome.take(accept.other);
            accept.methods |= 1ull << (method - 1);
            index_.outcomes.push_back(outcome);
        }
        return accept;
    }

    Policy::Index& index_;
    std::vector<std::vector<End>> ends_;  // by number of the accept
    std::size_t entries_ = 0;
};

model::Diagnostic at(const PolicyFile& file, const Rule& rule, std::string message,
                     std::string code) {
    return {.file = file.file_name,
            .line = rule.line,
            .column = rule.column,
            .message = std::move(message),
            .code = std::move(code)};
}

/// The first rule whose methods no longer fit into one word of bits.
const Rule* beyond_methods(Policy::Index& index) {
    for (const Rule& rule : index.file.rules)
        for (const std::string& method : rule.methods)
            if (index.methods.intern(method) > Policy::Index::most_methods)
                return &rule;
    return nullptr;
}

}  // namespace

std::unique_ptr<const Policy::Index> Policy::Index::compile(PolicyFile file,
                                                            model::Diagnostics& diagnostics) {
    auto index = std::make_unique<Index>();
    index->file = std::move(file);
    index->plain = index->file.mode == Mode::enforce &&
                   std::ranges::all_of(index->file.rules, [](const Rule& rule) {
                       return rule.mode == Mode::enforce && rule.operations.empty() &&
                              rule.headers.empty() && rule.to.external.empty();
                   });
    if (!index->plain)
        return index;
    if (const Rule* rule = beyond_methods(*index); rule != nullptr) {
        diagnostics.push_back(
            at(index->file, *rule,
               "rule \"" + rule->name + "\": more than 64 different methods in one file",
               "ACL_TOO_MANY_METHODS"));
        return nullptr;
    }
    if (const Rule* rule = Compiler(*index).run(); rule != nullptr) {
        diagnostics.push_back(
            at(index->file, *rule,
               "rule \"" + rule->name +
                   "\": the file's rules list too many services on both sides; name the plane "
                   "without services on one side, or split the plane",
               "ACL_TOO_LARGE"));
        return nullptr;
    }
    return index;
}

std::size_t Policy::Index::bytes() const noexcept {
    return planes.bytes() + services.bytes() + methods.bytes() + segments.bytes() + roots.bytes() +
           edges.bytes() + classes.capacity() * sizeof(ServiceClass) +
           nodes.capacity() * sizeof(PathNode) + accepts.capacity() * sizeof(Accept) +
           outcomes.capacity() * sizeof(Outcome);
}

}  // namespace beta::acl
