#include "beta/proof/invariant.hpp"
#include "beta/yaml/document.hpp"

#include "load_region.hpp"

#include <algorithm>
#include <map>

namespace beta::proof {
namespace {

constexpr std::string_view version = "beta.invariants/v1";
constexpr std::size_t longest_name = 63;

using Kind = Invariant::Kind;
constexpr Kind kinds[] = {Kind::never, Kind::only, Kind::always};

class Loader {
  public:
    Loader(yaml::Reader& reader, const Vocabulary& vocabulary)
        : reader_(reader), region_(reader, vocabulary) {}

    void load(const yaml::Node& root, Invariants& out) {
        if (!reader_.expect_map(root, "the file", {"apiVersion", "identity", "invariants"}))
            return;
        if (const yaml::Node* node = reader_.require(root, "apiVersion", "the file");
            node != nullptr && reader_.word(*node, "apiVersion") != version)
            reader_.error(*node, "apiVersion is not " + std::string(version), "VERSION");
        if (const yaml::Node* node = root.find("identity"))
            out.known_by = known_by(*node);
        const yaml::Node* list = reader_.require(root, "invariants", "the file");
        if (list == nullptr || !reader_.expect_sequence(*list, "invariants"))
            return;
        if (list->items.empty())
            reader_.error(*list, "invariants is an empty list: nothing would be proved", "EMPTY");
        for (const yaml::Node& item : list->items)
            out.list.push_back(invariant(item));
    }

  private:
    model::KnownBy known_by(const yaml::Node& node) {
        const std::string_view text = reader_.word(node, "identity");
        const auto known = model::known_by(text);
        if (!known && node.kind == yaml::Node::Kind::scalar)
            reader_.error(node,
                          "identity \"" + yaml::printable(text) +
                              "\" is neither certificate (ingress knows plane and service) nor "
                              "listener (the plane alone)",
                          "IDENTITY");
        return known.value_or(model::KnownBy::certificate);
    }

    Invariant invariant(const yaml::Node& node) {
        Invariant out;
        out.line = node.line;
        if (!reader_.expect_map(node, "an invariant",
                                {"name", "never", "only", "always", "at", "reason"}))
            return out;
        out.name = name(node);
        const std::string what = "invariant \"" + out.name + '"';
        if (const yaml::Node* at = node.find("at"))
            out.at = sides(*at, what);
        if (const yaml::Node* reason = node.find("reason"))
            out.reason = reader_.word(*reason, what + " reason");
        const yaml::Node* statement = nullptr;
        for (const Kind kind : kinds) {
            const yaml::Node* found = node.find(word(kind));
            if (found == nullptr)
                continue;
            if (statement != nullptr)
                reader_.error(*found, what + " states more than one thing; make two of it",
                              "TWICE");
            statement = found;
            out.kind = kind;
        }
        if (statement == nullptr)
            reader_.error(node, what + " lacks what it states: never, only or always", "EMPTY");
        else
            state(*statement, what + ": " + std::string(word(out.kind)), out);
        return out;
    }

    void state(const yaml::Node& node, const std::string& what, Invariant& out) {
        using Reading = RegionLoader::Reading;
        if (!reader_.expect_map(node, what, RegionLoader::keys({"except"})))
            return;
        const bool all = out.kind == Kind::always;
        out.what = region_.load(node, what, all ? Reading::narrow : Reading::wide);
        if (all && node.find("tunnel") == nullptr)
            out.what.form = Form::plain;
        if (const yaml::Node* except = node.find("except"))
            exceptions(*except, what + " except", out);
        if (out.kind != Kind::only)
            return;
        if (node.find("from") == nullptr)
            reader_.error(node, what + " lacks \"from\": who else may not?", "ONLY_WHOM");
        Box callers;
        callers.from = std::exchange(out.what.from, Place{});
        out.except.push_back(std::move(callers));
    }

    void exceptions(const yaml::Node& node, const std::string& what, Invariant& out) {
        const auto add = [&](const yaml::Node& one) {
            if (!reader_.expect_map(one, what, RegionLoader::keys({})))
                return;
            if (one.members.empty())
                reader_.error(one, what + " excepts everything", "EMPTY");
            out.except.push_back(region_.load(one, what, RegionLoader::Reading::narrow));
        };
        if (node.kind == yaml::Node::Kind::sequence)
            std::ranges::for_each(node.items, add);
        else
            add(node);
    }

    std::string name(const yaml::Node& node) {
        const yaml::Node* found = reader_.require(node, "name", "an invariant");
        if (found == nullptr)
            return {};
        const std::string word(reader_.word(*found, "an invariant's name"));
        const bool fits =
            !word.empty() && word.size() <= longest_name && std::ranges::all_of(word, [](char c) {
                return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
            });
        if (!fits && found->kind == yaml::Node::Kind::scalar)
            reader_.error(*found,
                          "name \"" + yaml::printable(word) + "\": 1 to 63 of a-z, 0-9 and -",
                          "NAME");
        const auto [first, is_new] = lines_.try_emplace(word, found->line);
        if (fits && !is_new)
            reader_.error(*found,
                          "the invariant on line " + std::to_string(first->second) +
                              " is named \"" + word + "\" too",
                          "DUPLICATE");
        return fits ? word : "";
    }

    std::vector<At> sides(const yaml::Node& node, const std::string& what) {
        static const std::map<std::string_view, std::vector<At>> words = {
            {"call", {At::call}},
            {"egress", {At::egress}},
            {"ingress", {At::ingress}},
            {"each", {At::egress, At::ingress}}};
        const std::string_view text = reader_.word(node, what + " at");
        if (const auto found = words.find(text); found != words.end())
            return found->second;
        reader_.error(
            node,
            what + " at \"" + yaml::printable(text) + "\" is none of call, egress, ingress, each",
            "AT");
        return {At::call};
    }

    yaml::Reader& reader_;
    RegionLoader region_;
    std::map<std::string, std::uint32_t> lines_;
};

}  // namespace

std::string_view word(Invariant::Kind kind) noexcept {
    switch (kind) {
        case Kind::never:
            return "never";
        case Kind::only:
            return "only";
        case Kind::always:
            return "always";
    }
    return "";
}

std::expected<Invariants, model::Diagnostics> load_invariants(std::string_view yaml,
                                                              const std::string& file_name,
                                                              const Policies& policies,
                                                              const Names& names) {
    const auto root = yaml::parse(yaml, file_name);
    if (!root)
        return std::unexpected(root.error());
    yaml::Reader reader(file_name, "INVARIANT_");
    const Vocabulary vocabulary(policies, names);
    Invariants out;
    out.file_name = file_name;
    Loader(reader, vocabulary).load(*root, out);
    if (reader.failed())
        return std::unexpected(reader.take());
    return out;
}

}  // namespace beta::proof
