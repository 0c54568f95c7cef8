// The one unit that knows libyaml. Its events are turned into a tree of our own while strictness is
// checked, so that nothing refused here is ever built. libyaml keeps its state in a stack of its
// own: no depth of nesting makes it recurse.
#include "beta/yaml/documents.hpp"

#include "encoding.hpp"

#include <yaml.h>

#include <new>
#include <unordered_map>

namespace beta::yaml {
namespace {

constexpr std::size_t most_errors = 64;  // beyond this a reader learns nothing more

/// Thrown when there is no sense in going on; caught in parse(), never seen by libyaml.
struct Stop {};

Place place_of(const yaml_mark_t& mark) {
    return {.line = static_cast<std::uint32_t>(mark.line + 1),
            .column = static_cast<std::uint32_t>(mark.column + 1)};
}

/// Reads a view where it lies; the view outlives it.
class Parser {
  public:
    explicit Parser(std::string_view text) {
        if (yaml_parser_initialize(&parser_) == 0)
            throw std::bad_alloc();
        yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
        yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                                     text.size());
    }
    Parser(const Parser&) = delete;
    Parser& operator=(const Parser&) = delete;
    ~Parser() { yaml_parser_delete(&parser_); }

    bool next(yaml_event_t& event) { return yaml_parser_parse(&parser_, &event) != 0; }
    Place problem_place() const { return place_of(parser_.problem_mark); }
    std::string problem() const {
        return parser_.problem != nullptr ? parser_.problem : "out of memory";
    }

  private:
    yaml_parser_t parser_{};
};

/// What libyaml read next; its words are freed with it.
class Event {
  public:
    Event() = default;
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;
    ~Event() { yaml_event_delete(&raw); }

    yaml_event_t raw{};
};

bool is_null_word(std::string_view word) {
    return word.empty() || word == "~" || word == "null" || word == "Null" || word == "NULL";
}

class TreeBuilder {
  public:
    TreeBuilder(const std::string& file, const Bounds& bounds, std::size_t documents)
        : file_(file), bounds_(bounds), most_documents_(documents) {}

    void take(const yaml_event_t& event) {
        const Place at = place_of(event.start_mark);
        switch (event.type) {
            case YAML_DOCUMENT_START_EVENT:
                return start_document(at, event.data.document_start);
            case YAML_ALIAS_EVENT:
                error(at, "an alias (*) is refused; write the value out", "ALIAS");
                return add(make(at, Node::Kind::null));
            case YAML_SCALAR_EVENT:
                return add_scalar(at, event.data.scalar);
            case YAML_SEQUENCE_START_EVENT:
                refuse(at, event.data.sequence_start.anchor, event.data.sequence_start.tag);
                return open(at, Node::Kind::sequence);
            case YAML_MAPPING_START_EVENT:
                refuse(at, event.data.mapping_start.anchor, event.data.mapping_start.tag);
                return open(at, Node::Kind::map);
            case YAML_MAPPING_END_EVENT:
                refuse_duplicates(open_.back().node);
                return close();
            case YAML_SEQUENCE_END_EVENT:
                return close();
            default:
                return;  // the ends of stream and document
        }
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

    bool empty() const noexcept { return documents_ == 0; }

    std::expected<std::vector<Node>, model::Diagnostics> result() && {
        if (!diagnostics_.empty())
            return std::unexpected(std::move(diagnostics_));
        return std::move(roots_);
    }

  private:
    struct Open {
        Node node;
        Node key;  // of a map: waits for its value
        bool has_key = false;
    };

    template <class DocumentStart>
    void start_document(Place at, const DocumentStart& start) {
        if (documents_ == most_documents_)
            stop(at,
                 documents_ == 1 ? "a second document; one file holds one"
                                 : "more than " + std::to_string(documents_) + " documents",
                 "DOCUMENTS");
        ++documents_;
        if (start.version_directive != nullptr ||
            start.tag_directives.start != start.tag_directives.end)
            error(at, "a directive (%) is refused; begin with the values", "DIRECTIVE");
    }

    template <class Scalar>
    void add_scalar(Place at, const Scalar& scalar) {
        refuse(at, scalar.anchor, scalar.tag);
        const std::string_view word(reinterpret_cast<const char*>(scalar.value), scalar.length);
        const bool quoted = scalar.style != YAML_PLAIN_SCALAR_STYLE;
        if (!quoted && is_null_word(word))
            return add_null(at);
        Node node = make(at, Node::Kind::scalar);
        node.quoted = quoted;
        node.scalar = word;
        add(std::move(node));
    }

    /// What is not there has the place of its key.
    void add_null(Place at) {
        Node node = make(at, Node::Kind::null);
        if (!open_.empty() && open_.back().has_key) {
            node.line = open_.back().key.line;
            node.column = open_.back().key.column;
        }
        add(std::move(node));
    }

    Node make(Place at, Node::Kind kind) {
        if (++nodes_ > bounds_.nodes)
            stop(at, "more than " + std::to_string(bounds_.nodes) + " values", "NODES");
        Node node;
        node.kind = kind;
        node.line = at.line;
        node.column = at.column;
        return node;
    }

    void open(Place at, Node::Kind kind) {
        if (open_.size() >= bounds_.depth)
            stop(at, "nested deeper than " + std::to_string(bounds_.depth), "DEPTH");
        open_.push_back({.node = make(at, kind), .key = {}});
    }

    void close() {
        Node done = std::move(open_.back().node);
        open_.pop_back();
        add(std::move(done));
    }

    void add(Node node) {
        if (open_.empty()) {
            roots_.push_back(std::move(node));
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

    void refuse(Place at, const yaml_char_t* anchor, const yaml_char_t* tag) {
        if (anchor != nullptr)
            error(at, "an anchor (&) is refused; write the value out", "ANCHOR");
        if (tag != nullptr)
            error(at, "a tag (!) is refused; values are plain", "TAG");
    }

    const std::string& file_;
    const Bounds& bounds_;
    const std::size_t most_documents_;
    model::Diagnostics diagnostics_;
    std::vector<Open> open_;
    std::vector<Node> roots_;
    std::size_t nodes_ = 0;
    std::size_t documents_ = 0;
};

void read_events(std::string_view text, TreeBuilder& builder) {
    Parser parser(text);
    for (bool more = true; more;) {
        Event event;
        if (!parser.next(event.raw))
            builder.stop(parser.problem_place(), parser.problem(), "SYNTAX");
        builder.take(event.raw);
        more = event.raw.type != YAML_STREAM_END_EVENT;
    }
    if (builder.empty())
        builder.stop({.line = 1, .column = 1}, "the file holds no value", "EMPTY");
}

}  // namespace

std::expected<std::vector<Node>, model::Diagnostics> parse_all(std::string_view text,
                                                               const std::string& file_name,
                                                               const Bounds& bounds,
                                                               std::size_t most) {
    TreeBuilder builder(file_name, bounds, most);
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
    } catch (const std::exception& other) {
        builder.note({}, other.what(), "SYNTAX");
    }
    return std::move(builder).result();
}

std::expected<Node, model::Diagnostics> parse(std::string_view text, const std::string& file_name,
                                              const Bounds& bounds) {
    auto documents = parse_all(text, file_name, bounds, 1);
    if (!documents)
        return std::unexpected(std::move(documents.error()));
    return std::move(documents->front());
}

}  // namespace beta::yaml
