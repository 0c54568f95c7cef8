#include "form.hpp"

#include <stdexcept>
#include <vector>

namespace beta::admin {
namespace {

std::string shown(const Tree& tree) {
    const auto& value = tree.value();
    if (const auto* const text = std::get_if<std::string>(&value))
        return escape_html(*text);
    if (const auto* const number = std::get_if<std::int64_t>(&value))
        return std::to_string(*number);
    return "–";  // not known
}

class Filler {
  public:
    explicit Filler(const Tree& tree) : around_{&tree} {}

    void fill(std::string_view text) {
        for (;;) {
            const auto gap = text.find("{{");
            out_ += text.substr(0, gap);
            if (gap == text.npos)
                return;
            text.remove_prefix(gap + 2);
            const auto end = text.find("}}");
            const auto name = text.substr(0, end);
            if (end == text.npos || name.empty())
                throw std::logic_error("a gap without name or end");
            text.remove_prefix(end + 2);
            if (name.front() == '#' || name.front() == '^')
                text = section(name, text);
            else
                out_ += shown(find(name));
        }
    }
    std::string take() { return std::move(out_); }

  private:
    /// Returns what follows the section.
    std::string_view section(std::string_view name, std::string_view text) {
        const auto closing = "{{/" + std::string(name.substr(1)) + "}}";
        const auto end = text.find(closing);
        const auto* const list = std::get_if<Tree::List>(&find(name.substr(1)).value());
        if (end == text.npos || list == nullptr)
            throw std::logic_error("no list or no end: " + std::string(name));
        const auto body = text.substr(0, end);
        if (name.front() == '^' && list->empty())
            fill(body);
        for (const Tree& item : *list) {
            if (name.front() == '^')
                break;
            around_.push_back(&item);
            fill(body);
            around_.pop_back();
        }
        return text.substr(end + closing.size());
    }

    const Tree& find(std::string_view name) const {
        for (auto tree = around_.rbegin(); tree != around_.rend(); ++tree) {
            if (const Tree* const found = (*tree)->find(name))
                return *found;
        }
        throw std::logic_error("no value: " + std::string(name));
    }

    std::vector<const Tree*> around_;  // outermost first
    std::string out_;
};

}  // namespace

std::string escape_html(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"')
            out += "&quot;";
        else if (c == '\'')
            out += "&#39;";
        else if (byte < 0x20 || byte == 0x7f)
            out += "\xEF\xBF\xBD";  // U+FFFD
        else
            out += c;
    }
    return out;
}

std::string fill(std::string_view text, const Tree& tree) {
    Filler filler(tree);
    filler.fill(text);
    return filler.take();
}

}  // namespace beta::admin
