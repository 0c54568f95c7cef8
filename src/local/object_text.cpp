#include "object_text.hpp"

#include "beta/telemetry/json_text.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <cstdint>

namespace beta::local {
namespace {

constexpr std::size_t longest_level = 32;          // longer is no level: it stays with the rest
constexpr std::size_t no_bound = ~std::size_t{0};  // the line as a whole has one

/// What Boost.JSON's parser calls; it has seen that order and bytes are right.
class Writer {
  public:
    using Text = boost::json::string_view;
    using Error = boost::json::error_code;
    static constexpr std::size_t max_array_size = no_bound;
    static constexpr std::size_t max_object_size = no_bound;
    static constexpr std::size_t max_string_size = no_bound;
    static constexpr std::size_t max_key_size = no_bound;

    bool on_document_begin(Error&) { return true; }
    bool on_document_end(Error&) { return true; }
    bool on_array_begin(Error&) { return open('['); }
    bool on_array_end(std::size_t, Error&) { return close(']'); }
    bool on_object_begin(Error&) { return open('{'); }
    bool on_object_end(std::size_t, Error&) { return close('}'); }
    bool on_key_part(Text part, std::size_t, Error&) { return gather(part); }
    bool on_key(Text last, std::size_t, Error&);
    bool on_string_part(Text part, std::size_t, Error&) { return gather(part); }
    bool on_string(Text last, std::size_t, Error&);
    bool on_number_part(Text part, Error&) { return gather(part); }
    bool on_int64(std::int64_t, Text last, Error&) { return number(last); }
    bool on_uint64(std::uint64_t, Text last, Error&) { return number(last); }
    bool on_double(double, Text last, Error&) { return number(last); }
    bool on_bool(bool value, Error&) { return word(value ? "true" : "false"); }
    bool on_null(Error&) { return word("null"); }
    bool on_comment_part(Text, Error&) { return true; }
    bool on_comment(Text, Error&) { return true; }

    ObjectText take() { return std::move(object_); }

  private:
    bool gather(Text part) {
        piece_.append(part.data(), part.size());
        return true;
    }
    bool number(Text last) {
        gather(last);
        word(piece_);
        piece_.clear();
        return true;
    }
    bool word(std::string_view text) {
        begin_value();
        object_.rest += text;
        return true;
    }
    bool open(char bracket) {
        begin_value();
        object_.rest += bracket;
        ++depth_;
        return true;
    }
    bool close(char bracket) {
        object_.rest += bracket;
        --depth_;
        return true;
    }
    void comma() {
        if (const char last = object_.rest.empty() ? '{' : object_.rest.back();
            last != '{' && last != '[' && last != ':')
            object_.rest += ',';
    }
    void begin_value() {
        if (!key_.empty())
            write_key();
        else
            comma();
    }
    void write_key() {
        comma();
        object_.rest += '"';
        telemetry::append_json(object_.rest, key_);
        object_.rest += "\":";
        key_.clear();
    }
    /// Where the member whose key is waiting stands in the line itself; null for all others.
    std::string* own_place(std::string_view value);

    ObjectText object_;
    std::string piece_;  // of what comes in parts
    std::string key_;    // of a member of the object itself that may be lifted out of it
    std::size_t depth_ = 0;
};

/// Level and message wait: only a string is lifted.
bool Writer::on_key(Text last, std::size_t, Error&) {
    gather(last);
    key_.swap(piece_);
    piece_.clear();
    const bool may_be_lifted = key_ == "level" || key_ == "message" || key_ == "msg";
    if (depth_ != 1 || !may_be_lifted)
        write_key();
    return true;
}

bool Writer::on_string(Text last, std::size_t, Error&) {
    gather(last);
    if (auto* const place = own_place(piece_)) {
        telemetry::append_json(*place, piece_);
        key_.clear();
    } else {
        begin_value();
        object_.rest += '"';
        telemetry::append_json(object_.rest, piece_);
        object_.rest += '"';
    }
    piece_.clear();
    return true;
}

std::string* Writer::own_place(std::string_view value) {
    if (key_.empty() || value.empty())
        return nullptr;
    auto& place = key_ == "level" ? object_.level : object_.message;
    const bool fits = key_ != "level" || value.size() <= longest_level;
    return fits && place.empty() ? &place : nullptr;
}

}  // namespace

std::expected<ObjectText, std::string> read_object(std::string_view json, std::size_t depth) {
    if (json.empty() || json.front() != '{')
        return std::unexpected("not a JSON object");
    boost::json::parse_options options;
    options.max_depth = depth;
    boost::json::basic_parser<Writer> parser(options);
    boost::json::error_code error;
    const auto read = parser.write_some(false, json.data(), json.size(), error);
    const auto place = " at byte " + std::to_string(read + 1);
    if (error)
        return std::unexpected("not JSON in UTF-8, or deeper than " + std::to_string(depth) +
                               " levels: " + error.message() + place);
    if (json.find_first_not_of(" \t\r\n", read) != json.npos)
        return std::unexpected("more behind the object" + place +
                               " (several objects go one a line, as application/x-ndjson)");
    return parser.handler().take();
}

}  // namespace beta::local
