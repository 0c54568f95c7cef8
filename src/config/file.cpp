#include "beta/config/keys.hpp"
#include "beta/yaml/document.hpp"

#include "sources.hpp"

#include <algorithm>

namespace beta::config {
namespace {

using yaml::Node;

/// The words that may stand in the map at `prefix` ("" or "limits."), each once.
std::vector<std::string_view> words_below(std::string_view prefix) {
    std::vector<std::string_view> words;
    for (const Key& key : keys()) {
        if (!key.path.starts_with(prefix))
            continue;
        const std::string_view rest = key.path.substr(prefix.size());
        const std::string_view word = rest.substr(0, rest.find('.'));
        if (std::ranges::find(words, word) == words.end())
            words.push_back(word);
    }
    return words;
}

class FileReader {
  public:
    FileReader(const std::string& file_name, Draft& draft)
        : file_(file_name), reader_(file_name, "CONFIG_"), draft_(draft) {}

    /// `prefix` is the path of this map with a dot, or empty at the top. The table ends the
    /// recursion: it is three words deep.
    void walk(const Node& map, const std::string& prefix) {
        const std::string what =
            prefix.empty() ? "the configuration" : '"' + prefix.substr(0, prefix.size() - 1) + '"';
        const auto words = words_below(prefix);
        if (!reader_.expect_map(map, what, words))
            return;
        for (const auto& [name, value] : map.members) {
            if (std::ranges::find(words, name.scalar) == words.end())
                continue;  // expect_map has said so
            const std::string path = prefix + name.scalar;
            if (path == "ingress")
                read_ingress(value);
            else if (path == "log.sample.rules")
                read_sample_rules(value);
            else if (const Key* const key = find_key(path))
                apply(*key, value);
            else
                walk(value, path + '.');
        }
    }

    model::Diagnostics take() { return reader_.take(); }

  private:
    Place place_of(const Node& node) const { return {file_, node.line, node.column}; }

    void apply(const Key& key, const Node& node) {
        draft_.given.insert_or_assign(std::string(key.path), place_of(node));
        const std::string_view text = reader_.word(node, '"' + std::string(key.path) + '"');
        if (node.kind != Node::Kind::scalar)
            return;
        if (const auto problem = key.set(draft_, {text, node.quoted}, key); !problem.empty())
            reader_.error(node, std::string(key.path) + ' ' + problem, "BAD_VALUE");
    }

    void read_ingress(const Node& list) {
        if (!reader_.expect_sequence(list, "\"ingress\""))
            return;
        for (const Node& item : list.items) {
            draft_.given.insert_or_assign("ingress", place_of(list));
            read_listener(item);
        }
    }

    void read_listener(const Node& item) {
        const std::string what = "a listener of \"ingress\"";
        if (!reader_.expect_map(item, what, {"plane", "address"}))
            return;
        const Node* const plane = reader_.require(item, "plane", what);
        const Node* const address = reader_.require(item, "address", what);
        if (plane == nullptr || address == nullptr)
            return;
        const auto plane_text = reader_.word(*plane, "the plane of " + what);
        const auto address_text = reader_.word(*address, "the address of " + what);
        if (plane->kind != Node::Kind::scalar || address->kind != Node::Kind::scalar)
            return;
        const auto problem = add_ingress(draft_, plane_text, address_text, place_of(*address));
        if (!problem.empty())
            reader_.error(item, "ingress " + problem, "BAD_VALUE");
    }

    void read_sample_rules(const Node& map) {
        draft_.given.insert_or_assign("log.sample.rules", place_of(map));
        if (map.kind != Node::Kind::map)
            return reader_.error(map, "log.sample.rules must be a map of rules to shares",
                                 "BAD_VALUE");
        for (const auto& [name, value] : map.members) {
            const auto text = reader_.word(value, "the share of a rule");
            if (value.kind != Node::Kind::scalar)
                continue;
            const auto problem = add_sample_rule(draft_, name.scalar, {text, value.quoted});
            if (!problem.empty())
                reader_.error(value, "log.sample.rules " + problem, "BAD_VALUE");
        }
    }

    const std::string& file_;
    yaml::Reader reader_;
    Draft& draft_;
};

}  // namespace

model::Diagnostics read_file(const Node& root, const std::string& file_name, Draft& draft) {
    FileReader reader(file_name, draft);
    reader.walk(root, "");
    return reader.take();
}

}  // namespace beta::config
