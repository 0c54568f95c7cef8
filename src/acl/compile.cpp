#include "compile.hpp"

#include <algorithm>
#include <array>

namespace beta::acl {
namespace {

/// Keys times paths of a whole file. A file comes near it only when many rules each list many
/// services on both sides; 4 million take about 200 MB.
constexpr std::size_t most_entries = 4'000'000;

class Compiler {
  public:
    explicit Compiler(Policy::Index& index) : index_(index) {
        index_.nodes.resize(1);
        index_.accepts.resize(1);
    }

    /// The rule at which the file became too large, or nullptr.
    const Rule* run() {
        classify(index_);
        number_conditions(index_);
        for (const Rule& rule : index_.file.rules)
            if (!file(rule))
                return &rule;
        merge();
        file_guarded(index_, guarded_);
        return nullptr;
    }

  private:
    using Classes = std::vector<std::uint32_t>;

    /// Methods and paths of a rule, or of one of its operations.
    struct Shape {
        std::uint64_t methods;
        const std::vector<PathPattern>* paths;
    };

    std::uint64_t bits_of(const std::vector<std::string>& methods) const {
        std::uint64_t bits = 0;
        for (const std::string& method : methods)
            bits |= 1ull << (index_.methods.find(method) - 1);
        return bits;
    }

    void take_shapes(const Rule& rule) {
        shapes_.clear();
        if (rule.operations.empty())
            shapes_.push_back({bits_of(rule.methods), &rule.paths});
        for (const std::size_t number : rule.operations) {
            const Operation& operation = index_.file.operations[number];
            shapes_.push_back({bits_of(operation.methods), &operation.paths});
        }
    }

    /// A deny that names sources also takes in the unknown one.
    Classes sources(const Rule& rule) const {
        Classes out;
        for (const std::string& name : rule.from.services)
            out.push_back(index_.classes[index_.services.find(name)].as_source);
        if (!out.empty() && rule.verdict == Verdict::deny)
            out.push_back(unknown_service);
        return each_once(std::move(out));
    }

    Classes destinations(const Rule& rule) const {
        Classes out;
        for (const std::string& name : rule.to.services)
            out.push_back(index_.classes[index_.services.find(name)].as_destination);
        for (const std::string& name : rule.to.external)
            out.push_back(index_.external_classes[index_.externals.find(name)]);
        return each_once(std::move(out));
    }

    static Classes each_once(Classes classes) {
        if (classes.empty())
            return {every_service};
        std::ranges::sort(classes);
        const auto rest = std::ranges::unique(classes);
        classes.erase(rest.begin(), rest.end());
        return classes;
    }

    std::uint32_t plane_of(const Party& party) const {
        return party.any_plane ? every_plane : index_.planes.find(party.plane);
    }

    bool file(const Rule& rule) {
        take_shapes(rule);
        const bool denies = rule.verdict == Verdict::deny;
        const bool to_hosts = !rule.to.external.empty();
        const Classes from = sources(rule);
        const Classes to = destinations(rule);
        bool fits = true;
        if (rule.from.has_plane(index_.file.plane)) {
            Key key{.direction = Direction::egress, .tunnel = rule.tunnel, .peer_plane = outside};
            if (!to_hosts)
                fits = file(rule, {.peer_plane = plane_of(rule.to)}, from, to);
            const bool about_hosts =
                to_hosts || (denies && rule.to.any_plane && rule.to.services.empty());
            if (about_hosts)
                fits = file(rule, key, from, to) && fits;
            if (about_hosts && denies) {
                key.tunnel = true;
                fits = file(rule, key, from, to) && fits;
            }
        }
        if (!to_hosts && rule.to.has_plane(index_.file.plane))
            fits = file(rule, {.direction = Direction::ingress, .peer_plane = plane_of(rule.from)},
                        to, from) &&
                   fits;
        return fits;
    }

    bool file(const Rule& rule, Key key, const Classes& own, const Classes& peers) {
        std::size_t paths = 0;
        for (const Shape& shape : shapes_)
            paths += std::max<std::size_t>(1, shape.paths->size());
        entries_ += own.size() * peers.size() * paths;
        if (entries_ > most_entries)
            return false;
        for (const std::uint32_t mine : own)
            for (const std::uint32_t peer : peers) {
                key.own = mine;
                key.peer = peer;
                file(rule, key);
            }
        return true;
    }

    /// A tunnel has no path: what names one is not about it.
    void file(const Rule& rule, const Key& key) {
        index_.shapes |= key.shape();
        std::uint32_t& root = index_.roots.at(key.packed());
        if (root == 0)
            root = new_node();
        for (const Shape& shape : shapes_) {
            if (shape.paths->empty())
                end(rule, root, &PathNode::deep, shape.methods);
            else if (!key.tunnel)
                file(rule, root, shape);
        }
    }

    void file(const Rule& rule, std::uint32_t root, const Shape& shape) {
        for (const PathPattern& path : *shape.paths) {
            std::uint32_t node = root;
            for (const PathPattern::Segment& segment : path.segments())
                node = segment.any ? star_child(node) : child(node, segment.text);
            end(rule, node, path.deep() ? &PathNode::deep : &PathNode::exact, shape.methods);
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

    void end(const Rule& rule, std::uint32_t node, std::uint32_t PathNode::* how,
             std::uint64_t methods) {
        std::uint32_t& accept = index_.nodes[node].*how;
        if (accept == 0) {
            accept = static_cast<std::uint32_t>(index_.accepts.size());
            index_.accepts.emplace_back();
        }
        (rule.headers.empty() ? ends_ : guarded_).push_back({accept, rule.id, methods});
    }

    void merge() {
        std::ranges::sort(ends_, {}, &End::accept);
        for (auto end = ends_.begin(); end != ends_.end();)
            end = merge(end);
    }

    /// Of one accept. Every method's outcome includes the rules that name no method, so that one
    /// look tells all.
    std::vector<End>::iterator merge(std::vector<End>::iterator end) {
        std::array<Outcome, Policy::Index::most_methods> by_method;
        Accept& accept = index_.accepts[end->accept];
        const std::uint32_t number = end->accept;
        for (; end != ends_.end() && end->accept == number; ++end) {
            const auto kind = index_.rules[end->rule].kind;
            if (end->methods == 0)
                accept.other.*kind = std::min(accept.other.*kind, end->rule);
            for (std::uint64_t left = end->methods; left != 0; left &= left - 1) {
                Outcome& outcome = by_method[static_cast<std::size_t>(std::countr_zero(left))];
                outcome.*kind = std::min(outcome.*kind, end->rule);
            }
            accept.methods |= end->methods;
        }
        accept.first = static_cast<std::uint32_t>(index_.outcomes.size());
        for (std::uint64_t left = accept.methods; left != 0; left &= left - 1) {
            index_.outcomes.push_back(by_method[static_cast<std::size_t>(std::countr_zero(left))]);
            index_.outcomes.back().take(accept.other);
        }
        return end;
    }

    Policy::Index& index_;
    std::vector<Shape> shapes_;  // of the rule that is filed
    std::vector<End> ends_;
    std::vector<End> guarded_;  // of rules with header conditions
    std::size_t entries_ = 0;
};

void refuse(const PolicyFile& file, const Rule& rule, std::string_view message, std::string code,
            model::Diagnostics& diagnostics) {
    diagnostics.push_back({.file = file.file_name,
                           .line = rule.line,
                           .column = rule.column,
                           .message = "rule \"" + rule.name + "\": " + std::string(message),
                           .code = std::move(code)});
}

/// The first rule whose methods no longer fit into one word of bits. Numbers them all.
const Rule* beyond_methods(Policy::Index& index) {
    const auto fit = [&index](const std::vector<std::string>& methods) {
        return std::ranges::all_of(methods, [&index](const std::string& method) {
            return index.methods.intern(method) <= Policy::Index::most_methods;
        });
    };
    for (const Rule& rule : index.file.rules) {
        bool fits = fit(rule.methods);
        for (const std::size_t number : rule.operations)
            fits = fit(index.file.operations[number].methods) && fits;
        if (!fits)
            return &rule;
    }
    return nullptr;
}

const Rule* beyond_headers(const PolicyFile& file) {
    StringTable names;
    for (const Rule& rule : file.rules)
        for (const HeaderCondition& condition : rule.headers)
            if (names.intern(condition.name) > Policy::Index::most_headers)
                return &rule;
    return nullptr;
}

}  // namespace

std::unique_ptr<const Policy::Index> Policy::Index::compile(PolicyFile file,
                                                            model::Diagnostics& diagnostics) {
    auto index = std::make_unique<Index>();
    index->file = std::move(file);
    if (const Rule* rule = beyond_methods(*index); rule != nullptr)
        refuse(index->file, *rule, "more than 64 different methods in one file",
               "ACL_TOO_MANY_METHODS", diagnostics);
    else if (const Rule* bad = beyond_headers(index->file); bad != nullptr)
        refuse(index->file, *bad, "conditions on more than 64 different headers in one file",
               "ACL_TOO_MANY_HEADERS", diagnostics);
    else if (const Rule* large = Compiler(*index).run(); large != nullptr)
        refuse(index->file, *large,
               "the file's rules list too many services on both sides; name the plane "
               "without services on one side, or split the plane",
               "ACL_TOO_LARGE", diagnostics);
    return diagnostics.empty() ? std::move(index) : nullptr;
}

std::size_t Policy::Index::bytes() const noexcept {
    const auto size = [](const auto& list) { return list.capacity() * sizeof(list[0]); };
    return planes.bytes() + services.bytes() + externals.bytes() + methods.bytes() +
           segments.bytes() + roots.bytes() + edges.bytes() + headers.bytes() + values.bytes() +
           facts.bytes() + guarded.bytes() + size(classes) + size(external_classes) + size(nodes) +
           size(accepts) + size(outcomes) + size(guarded_ranges) + size(guarded_rules) +
           size(conditions) + size(condition_facts) + size(rules);
}

}  // namespace beta::acl
