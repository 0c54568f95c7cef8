#include "beta/audit/record.hpp"

#include "beta/model/digest.hpp"

#include <charconv>

namespace beta::audit {
namespace {

constexpr std::size_t digits = 64;
constexpr std::string_view before_hash = ",\"hash\":\"";
constexpr std::string_view after_hash = "\"}";
constexpr std::size_t ending = before_hash.size() + digits + after_hash.size();

bool is_hash(std::string_view text) noexcept {
    return text.size() == digits && text.find_first_not_of("0123456789abcdef") == text.npos;
}

/// Takes a record apart from its beginning, in the one spelling that sealed() writes.
class Cursor {
  public:
    explicit Cursor(std::string_view text) : text_(text) {}

    bool take(std::string_view word) {
        if (!text_.starts_with(word))
            return false;
        text_.remove_prefix(word.size());
        return true;
    }
    bool number(std::uint64_t& out) {
        const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), out);
        const auto size = static_cast<std::size_t>(end - text_.data());
        if (error != std::errc{} || (size > 1 && text_.front() == '0'))
            return false;
        text_.remove_prefix(size);
        return true;
    }
    bool up_to_quote(std::string_view& out) {
        const auto quote = text_.find('"');
        out = text_.substr(0, quote);
        return quote != text_.npos && take(out) && take("\"");
    }
    std::string_view rest() const noexcept { return text_; }

  private:
    std::string_view text_;
};

}  // namespace

std::string Seal::of(std::string_view bytes) const {
    return has_key() ? model::hmac_sha256_hex(key_.disclose(), bytes) : model::sha256_hex(bytes);
}

Sealed sealed(std::string_view object, const Link& last, const Seal& seal) {
    object.remove_prefix(1);                              // {
    object = object.substr(0, object.find_last_of('}'));  // and the line feed behind it
    Sealed out{.line = {}, .link = {.seq = last.seq + 1, .hash = {}}};
    out.line = "{\"seq\":" + std::to_string(out.link.seq) + ",\"previous\":\"" + last.hash + "\",";
    out.line += object;
    out.link.hash = seal.of(out.line);
    out.line.append(before_hash).append(out.link.hash).append(after_hash) += '\n';
    return out;
}

std::optional<Record> read(std::string_view line) {
    if (line.size() < ending || line.size() >= max_line)
        return std::nullopt;
    Cursor end(line.substr(line.size() - ending));
    Cursor start(line.substr(0, line.size() - ending));
    Record record;
    std::string_view hash;
    const bool is_record = start.take("{\"seq\":") && start.number(record.link.seq) &&
                           start.take(",\"previous\":\"") && start.up_to_quote(record.previous) &&
                           start.take(",\"time\":\"") && start.up_to_quote(record.time) &&
                           start.take(",\"event\":\"") && start.up_to_quote(record.event) &&
                           end.take(before_hash) && end.up_to_quote(hash) && end.take("}");
    if (!is_record || !is_hash(record.previous) || !is_hash(hash))
        return std::nullopt;
    record.link.hash = hash;
    record.rest = start.rest();
    return record;
}

bool is_whole(std::string_view line, const Seal& seal) {
    const auto record = read(line);
    return record && seal.of(line.substr(0, line.size() - ending)) == record->link.hash;
}

}  // namespace beta::audit
