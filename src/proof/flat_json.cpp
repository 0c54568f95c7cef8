#include "flat_json.hpp"

#include <charconv>

namespace beta::proof {
namespace {

class Parser {
  public:
    explicit Parser(std::string_view text) : text_(text) {}

    std::optional<std::map<std::string, std::string, std::less<>>> object() {
        std::map<std::string, std::string, std::less<>> out;
        if (!take('{'))
            return std::nullopt;
        if (!take('}')) {
            do {
                std::string key;
                std::string value;
                if (!string(key) || !take(':') || !scalar(value) ||
                    !out.emplace(std::move(key), std::move(value)).second)
                    return std::nullopt;
            } while (take(','));
            if (!take('}'))
                return std::nullopt;
        }
        blanks();
        return text_.empty() ? std::optional(std::move(out)) : std::nullopt;
    }

  private:
    void blanks() {
        text_.remove_prefix(std::min(text_.find_first_not_of(" \t\r\n"), text_.size()));
    }

    bool take(char c) {
        blanks();
        if (!text_.starts_with(c))
            return false;
        text_.remove_prefix(1);
        return true;
    }

    bool scalar(std::string& out) {
        blanks();
        if (text_.starts_with('"'))
            return string(out);
        const std::string_view word = text_.substr(0, text_.find_first_of(",} \t\r\n"));
        const bool number = !word.empty() && word.find_first_not_of("+-.0123456789eE") == word.npos;
        if (!number && word != "true" && word != "false" && word != "null")
            return false;
        out = word;
        text_.remove_prefix(word.size());
        return true;
    }

    bool string(std::string& out) {
        if (!take('"'))
            return false;
        while (!text_.empty()) {
            const char c = text_.front();
            text_.remove_prefix(1);
            if (c == '"')
                return true;
            if (static_cast<unsigned char>(c) < 0x20)
                return false;
            if (c != '\\')
                out += c;
            else if (!escape(out))
                return false;
        }
        return false;
    }

    bool escape(std::string& out) {
        constexpr std::string_view letters = "\"\\/bfnrt";
        constexpr std::string_view meant = "\"\\/\b\f\n\r\t";
        if (text_.empty())
            return false;
        const char c = text_.front();
        text_.remove_prefix(1);
        if (c == 'u')
            return unit(out);
        const std::size_t at = letters.find(c);
        if (at == letters.npos)
            return false;
        out += meant[at];
        return true;
    }

    /// A UTF-16 unit as UTF-8. Names, methods and paths are ASCII: surrogates stay apart.
    bool unit(std::string& out) {
        unsigned code = 0;
        const std::string_view digits = text_.substr(0, 4);
        const auto [stopped, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
        if (digits.size() < 4 || error != std::errc{} || stopped != digits.data() + 4)
            return false;
        text_.remove_prefix(4);
        if (code < 0x80) {
            out += static_cast<char>(code);
        } else if (code < 0x800) {
            out += static_cast<char>(0xC0 | code >> 6);
            out += static_cast<char>(0x80 | (code & 0x3F));
        } else {
            out += static_cast<char>(0xE0 | code >> 12);
            out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
            out += static_cast<char>(0x80 | (code & 0x3F));
        }
        return true;
    }

    std::string_view text_;
};

}  // namespace

std::optional<std::map<std::string, std::string, std::less<>>> flat_json(std::string_view line) {
    return Parser(line).object();
}

}  // namespace beta::proof
