#include "beta/manifest/variables.hpp"

#include <algorithm>

namespace beta::manifest {
namespace {

constexpr int deepest = 8;               // defaults within defaults; nobody writes three
constexpr std::size_t longest = 65'536;  // of a value; a default may be repeated without end

bool begins_name(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool continues_name(char c) noexcept {
    return begins_name(c) || (c >= '0' && c <= '9');
}

std::string_view name_at(std::string_view text) noexcept {
    if (text.empty() || !begins_name(text.front()))
        return {};
    const auto end = std::ranges::find_if_not(text, continues_name);
    return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

/// Index of the brace that ends "{…}", npos without one.
std::size_t closing(std::string_view text) noexcept {
    int open = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '{')
            ++open;
        else if (text[i] == '}' && --open == 0)
            return i;
    }
    return text.npos;
}

using Text = std::expected<std::string, std::string>;

class Interpolation {
  public:
    explicit Interpolation(const Variables& variables) : variables_(variables) {}

    Text run(std::string_view text, int depth = 0) const {
        std::string out;
        while (!text.empty()) {
            const auto dollar = text.find('$');
            out += text.substr(0, dollar);
            if (dollar == text.npos)
                break;
            text.remove_prefix(dollar + 1);
            auto piece = one(text, depth);
            if (!piece)
                return piece;
            out += *piece;
            if (out.size() > longest)
                return std::unexpected("becomes longer than 65536 bytes");
        }
        return out;
    }

  private:
    /// What follows a dollar; takes it off `text`.
    Text one(std::string_view& text, int depth) const {
        if (text.starts_with('$')) {
            text.remove_prefix(1);
            return "$";
        }
        if (text.starts_with('{')) {
            const auto end = closing(text);
            if (end == text.npos)
                return std::unexpected("has a \"${\" without its \"}\"");
            const auto inside = text.substr(1, end - 1);
            text.remove_prefix(end + 1);
            return braced(inside, depth);
        }
        const auto name = name_at(text);
        if (name.empty())
            return std::unexpected("has a \"$\" that begins no variable; write \"$$\" for itself");
        text.remove_prefix(name.size());
        return value_of(name);
    }

    Text braced(std::string_view inside, int depth) const {
        if (depth == deepest)
            return std::unexpected("has defaults within defaults, deeper than 8");
        const auto name = name_at(inside);
        auto rest = inside.substr(name.size());
        if (name.empty())
            return std::unexpected("has \"${" + yaml::printable(inside) + "}\", which names none");
        if (rest.empty())
            return value_of(name);
        const bool empty_counts = !rest.starts_with(':');  // "-" asks whether it is set, ":-" more
        rest.remove_prefix(empty_counts ? 0 : 1);
        const auto found = variables_.find(name);
        const bool there = found != variables_.end() && (empty_counts || !found->second.empty());
        if (rest.starts_with('-'))
            return there ? Text(found->second) : run(rest.substr(1), depth + 1);
        if (rest.starts_with('+'))
            return there ? run(rest.substr(1), depth + 1) : Text("");
        if (rest.starts_with('?'))
            return there ? Text(found->second)
                         : std::unexpected("needs the variable " + std::string(name) + ": " +
                                           yaml::printable(rest.substr(1)));
        return std::unexpected("has \"${" + yaml::printable(inside) +
                               "}\"; known are ${X}, ${X:-default}, ${X:+other} and ${X:?message}");
    }

    Text value_of(std::string_view name) const {
        const auto found = variables_.find(name);
        if (found == variables_.end())
            return std::unexpected("needs the variable " + std::string(name) +
                                   "; set it, or give a default as in ${" + std::string(name) +
                                   ":-default}");
        return found->second;
    }

    const Variables& variables_;
};

std::string_view trimmed(std::string_view text) noexcept {
    const auto first = text.find_first_not_of(" \t\r");
    if (first == text.npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// Quotes are taken off; without them, " #" begins a comment.
std::string_view env_value(std::string_view text) noexcept {
    text = trimmed(text);
    for (const char quote : {'"', '\''}) {
        if (text.size() > 1 && text.front() == quote) {
            const auto end = text.find(quote, 1);
            return end == text.npos ? text : text.substr(1, end - 1);
        }
    }
    return trimmed(text.substr(0, text.find(" #")));
}

}  // namespace

model::Diagnostics add_env_file(std::string_view text, const std::string& file_name,
                                Variables& variables) {
    model::Diagnostics problems;
    Variables read;
    std::uint32_t number = 0;
    while (!text.empty()) {
        ++number;
        const auto end = text.find('\n');
        auto line = trimmed(text.substr(0, end));
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
        if (line.empty() || line.starts_with('#'))
            continue;
        if (line.starts_with("export "))
            line = trimmed(line.substr(7));
        const auto name = name_at(line);
        if (name.empty() || !line.substr(name.size()).starts_with('=')) {
            problems.push_back({.file = file_name,
                                .line = number,
                                .column = 1,
                                .message = "must be NAME=VALUE, or a comment after #",
                                .code = "MANIFEST_ENV_LINE"});
            continue;
        }
        read.insert_or_assign(std::string(name),
                              std::string(env_value(line.substr(name.size() + 1))));
    }
    variables.merge(read);  // what is there already stays
    return problems;
}

std::expected<std::string, std::string> interpolate(std::string_view text,
                                                    const Variables& variables) {
    return Interpolation(variables).run(text);
}

void interpolate(yaml::Node& node, const Variables& variables, yaml::Reader& reader) {
    if (node.kind == yaml::Node::Kind::scalar && node.scalar.contains('$')) {
        auto text = Interpolation(variables).run(node.scalar);
        if (text)
            node.scalar = std::move(*text);
        else
            reader.error(node, "the value " + text.error(), "VARIABLE");
    }
    for (auto& item : node.items)  // bounded by the depth of the document
        interpolate(item, variables, reader);
    for (auto& member : node.members)
        interpolate(member.second, variables, reader);
}

}  // namespace beta::manifest
