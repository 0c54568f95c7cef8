// The one unit that knows yaml-cpp. Its events are turned into a tree of our own while strictness
// is checked, so that nothing refused here is ever built, and depth is checked before yaml-cpp
// recurses into a collection.
#include "beta/yaml/document.hpp"

#include "encoding.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <exception>
#include <istream>
#include <streambuf>
#include <unordered_map>

namespace beta::yaml {
namespace {

constexpr std::size_t most_errors = 64;  // beyond this a reader learns nothing more

/// Thrown out of yaml-cpp's parser when there is no sense in going on; caught in parse().
struct Stop {};

Place place_of(const YAML::Mark& mark) {
    if (mark.is_null())
        return {};
    return {.line = static_cast<std::uint32_t>(mark.line + 1),
            .column = static_cast<std::uint32_t>(mark.column + 1)};
}

/// Reads a view where it lies, so that a large file is not copied into a stringstream.
class ViewBuffer : public std::streambuf {
  public:
    explicit ViewBuffer(std::string_view text) {
        char* begin = const_cast<char*>(text.data());  // the get area is never written through
        setg(begin, begin, begin + text.size());
    }
};

class TreeBuilder : public YAML::EventHandler {
  public:
    TreeBuilder(std::string_view text, const std::string& file, const Bounds& bounds)
        : text_(text), file_(file), bounds_(bounds) {}

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (seen_document_)
            stop(place_of(mark), "a second document; one file holds one", "DOCUMENTS");
        seen_document_ = true;
    }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        refuse_anchor(mark, anchor);
        Node node = make(mark, Node::Kind::null);
        if (!open_.empty() && open_.back().has_key) {
            node.line = open_.back().key.line;
            node.column = open_.back().key.column;
        }
        add(std::move(node));
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        error(place_of(mark), "an alias (*) is refused; write the value out", "ALIAS");
        add(make(mark, Node::Kind::null));
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        refuse_anchor(mark, anchor);
        Node node = make(mark, Node::Kind::scalar);
        node.quoted = tag == "!";
        node.scalar = value;
        // yaml-cpp says "!" of a quoted scalar and of an explicit "!" alike; the text tells them
        // apart.
        if (node.quoted ? !opens_quoted(mark) : tag != "?")
            refuse_tag(mark);
        add(std::move(node));
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, Node::Kind::sequence);
    }
    void OnSequenceEnd() override { close(); }

    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, Node::Kind::map);
    }
    void OnMapEnd() override {
        refuse_duplicates(open_.back().node);
        close();
    }

    /// The one that may be called outside of parse()'s try block.
    void note(Place at, std::string message, const char* code) {
        diagnostics_.push_back({.file = file_,
                                .line = at.line,
                                .column = at.column,
                                .message = std::move(message),
                                .code = std::string("YAML_") + code});
    }

    void error(Place at, std::string message, const char* code) {
        note(at, std::move(message), code);
        if (diagnostics_.size() >= most_errors)
            throw Stop{};
    }

    [[noreturn]] void stop(Place at, std::string message, const char* code) {
        error(at, std::move(message), code);
        throw Stop{};
    }

    bool empty() const noexcept { return !seen_document_; }

    std::expected<Node, model::Diagnostics> result() && {
        if (!diagnostics_.empty())
            return std::unexpected(std::move(diagnostics_));
        return std::move(root_);
    }

  private:
    struct Open {
        Node node;
        Node key;  // of a map: waits for its value
        bool has_key = false;
    };

    Node make(const YAML::Mark& mark, Node::Kind kind) {
        const Place at = place_of(mark);
        if (++nodes_ > bounds_.nodes)
            stop(at, "more than " + std::to_string(bounds_.nodes) + " values", "NODES");
        Node node;
        node.kind = kind;
        node.line = at.line;
        node.column = at.column;
        return node;
    }

    void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
              Node::Kind kind) {
        if (open_.size() >= bounds_.depth)
            stop(place_of(mark), "nested deeper than " + std::to_string(bounds_.depth), "DEPTH");
        refuse_anchor(mark, anchor);
        if (tag != "?")
            refuse_tag(mark);
        open_.push_back({.node = make(mark, kind), .key = {}});
    }

    void close() {
        Node done = std::move(open_.back().node);
        open_.pop_back();
        add(std::move(done));
    }

    void add(Node node) {
        if (open_.empty()) {
            root_ = std::move(node);
            return;
        }
        Open& parent = open_.back();
        if (parent.node.kind == Node::Kind::sequence) {
            parent.node.items.push_back(std::move(node));
        } else if (parent.has_key) {
            parent.node.members.push_back({std::move(parent.key), std::move(node)});
            parent.has_key = false;
        } else {
            check_key(node);
            parent.key = std::move(node);
            parent.has_key = true;
        }
    }

    void check_key(const Node& key) {
        const Place at{.line = key.line, .column = key.column};
        if (key.kind != Node::Kind::scalar)
            error(at, "a key must be a single word", "KEY");
        else if (key.scalar == "<<")
            error(at, "a merge key (<<) is refused; write the members out", "MERGE_KEY");
    }

    /// At the end of a map, when its members no longer move, so that views of them may be kept.
    void refuse_duplicates(const Node& map) {
        std::unordered_map<std::string_view, std::uint32_t> first_line;
        for (const auto& [key, value] : map.members) {
            if (key.kind != Node::Kind::scalar)
                continue;
            const auto [found, is_new] = first_line.try_emplace(key.scalar, key.line);
            if (!is_new)
                error({.line = key.line, .column = key.column},
                      "duplicate key \"" + printable(key.scalar) + "\", first on line " +
                          std::to_string(found->second),
                      "DUPLICATE_KEY");
        }
    }

    void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
        if (anchor != YAML::NullAnchor)
            error(place_of(mark), "an anchor (&) is refused; write the value out", "ANCHOR");
    }

    void refuse_tag(const YAML::Mark& mark) {
        error(place_of(mark), "a tag (!) is refused; values are plain", "TAG");
    }

    bool opens_quoted(const YAML::Mark& mark) const {
        const auto at = static_cast<std::size_t>(mark.pos);
        return mark.pos >= 0 && at < text_.size() && std::string_view("\"'|>").contains(text_[at]);
    }

    std::string_view text_;
    const std::string& file_;
    const Bounds& bounds_;
    model::Diagnostics diagnostics_;
    std::vector<Open> open_;
    Node root_;
    std::size_t nodes_ = 0;
    bool seen_document_ = false;
};

void read_events(std::string_view text, TreeBuilder& builder) {
    ViewBuffer buffer(text);
    std::istream stream(&buffer);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
    if (builder.empty())
        builder.stop({.line = 1, .column = 1}, "the file holds no value", "EMPTY");
}

}  // namespace

std::expected<Node, model::Diagnostics> parse(std::string_view text, const std::string& file_name,
                                              const Bounds& bounds) {
    TreeBuilder builder(text, file_name, bounds);
    try {
        if (text.size() > bounds.bytes)
            builder.stop({}, "larger than " + std::to_string(bounds.bytes) + " bytes", "SIZE");
        if (const std::size_t bad = first_bad_byte(text); bad < text.size())
            builder.stop(place_of_byte(text, bad),
                         "not plain UTF-8 text: a control character, a byte order mark or a broken "
                         "sequence",
                         "ENCODING");
        read_events(text, builder);
    } catch (const Stop&) {
        return std::move(builder).result();  // what it stopped for is noted
    } catch (const YAML::Exception& syntax) {
        builder.note(place_of(syntax.mark), syntax.msg, "SYNTAX");
    } catch (const std::exception& other) {
        builder.note({}, other.what(), "SYNTAX");
    }
    return std::move(builder).result();
}

}  // namespace beta::yaml
