#include "beta/http/head.hpp"

#include "beta/http/field_id.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <algorithm>

namespace beta::http {
namespace {

namespace beast = boost::beast;
using model::Failure;

// Nobody's name is longer, and a parser behind us may keep the length in a byte (CVE-2021-40346).
constexpr std::size_t longest_name = 255;

std::string_view view(beast::string_view text) noexcept {
    return {text.data(), text.size()};
}

/// Beast's grammar with our spans: every callback stores views, nothing is copied.
template <bool IsRequest, class Head>
class SpanParser final : public beast::http::basic_parser<IsRequest> {
  public:
    SpanParser(std::string_view text, const HeadLimits& limits, Head& head)
        : text_(text), limits_(limits), head_(head) {
        this->eager(false);
        this->skip(true);  // the head alone: framing is decided in framing.cpp
        this->header_limit(static_cast<std::uint32_t>(text.size() + 1));
        this->body_limit(boost::none);
    }

    Failure run() {
        head_.fields.clear();
        beast::error_code error;
        const auto used = this->put(boost::asio::buffer(text_.data(), text_.size()), error);
        if (failure_ != Failure::none)
            return failure_;
        if (error == beast::http::error::bad_version)
            return bad_version();
        if (error || used != text_.size())
            return Failure::malformed;
        close_lines();
        head_.size = text_.size();
        return Failure::none;
    }

  private:
    /// A clean "HTTP/2.0" is a version we do not speak (505); anything else there is noise (400).
    Failure bad_version() const {
        const auto line = text_.substr(0, text_.find('\r'));
        const auto at = IsRequest ? line.rfind(' ') + 1 : 0;
        const auto word = line.substr(at).substr(0, 8);
        if (IsRequest && (std::ranges::count(line, ' ') != 2 || line.size() != at + 8))
            return Failure::malformed;
        const bool shaped = word.size() == 8 && word.starts_with("HTTP/") && word[6] == '.' &&
                            word[5] >= '0' && word[5] <= '9' && word[7] >= '0' && word[7] <= '9';
        return shaped ? Failure::version_unsupported : Failure::malformed;
    }

    /// A field's raw line ends where the next begins, the last one at the empty line.
    void close_lines() {
        auto& fields = head_.fields;
        const char* const end = text_.data() + text_.size() - 2;
        for (std::size_t i = 0; i < fields.size(); ++i) {
            const char* const next = i + 1 < fields.size() ? fields[i + 1].name.data() : end;
            fields[i].line = {fields[i].name.data(),
                              static_cast<std::size_t>(next - fields[i].name.data())};
        }
    }

    void fail(Failure failure, beast::error_code& error) {
        failure_ = failure;
        error = beast::http::error::bad_field;
    }

    bool inside(std::string_view part) const noexcept {
        return part.empty() || (part.data() >= text_.data() &&
                                part.data() + part.size() <= text_.data() + text_.size());
    }

    void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target,
                         int version, beast::error_code& error) override {
        if constexpr (IsRequest) {
            head_.method = view(method);
            head_.target = view(target);
            head_.http10 = version == 10;
            if (head_.target.size() > limits_.target_bytes)
                fail(Failure::target_too_long, error);
        }
    }

    void on_response_impl(int code, beast::string_view reason, int version,
                          beast::error_code& error) override {
        if constexpr (!IsRequest) {
            head_.status = static_cast<std::uint16_t>(code);
            head_.reason = view(reason);
            head_.http10 = version == 10;
            if (code < 100 || code > 599)  // RFC 9110 §15: no such class
                fail(Failure::malformed, error);
        }
    }

    void on_field_impl(beast::http::field known, beast::string_view name_text,
                       beast::string_view value_text, beast::error_code& error) override {
        Field field{
            .id = FieldId::other, .name = view(name_text), .value = view(value_text), .line = {}};
        // A value that Beast had to unfold does not lie in our buffer (obs-fold, RFC 9112 §5.2).
        if (!inside(field.name) || !inside(field.value) || folded(field))
            return fail(Failure::malformed, error);
        field.id = identify(known, field.name);
        if (is_look_alike(field.name))
            return fail(Failure::malformed, error);
        if (head_.fields.size() == limits_.field_count || field.name.size() > longest_name)
            return fail(Failure::head_too_large, error);
        head_.fields.push_back(field);
    }

    static bool folded(const Field& field) noexcept {
        return field.value.find_first_of("\r\n") != std::string_view::npos;
    }

    void on_header_impl(beast::error_code&) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const&, beast::error_code&) override {}
    std::size_t on_body_impl(beast::string_view, beast::error_code&) override { return 0; }
    void on_chunk_header_impl(std::uint64_t, beast::string_view, beast::error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view, beast::error_code&) override {
        return 0;
    }
    void on_finish_impl(beast::error_code&) override {}

    std::string_view text_;
    const HeadLimits& limits_;
    Head& head_;
    Failure failure_ = Failure::none;
};

const Field* find_in(const std::vector<Field>& fields, FieldId id) noexcept {
    const auto found = std::ranges::find(fields, id, &Field::id);
    return found == fields.end() ? nullptr : &*found;
}

const Field* find_in(const std::vector<Field>& fields, std::string_view name) noexcept {
    const auto found = std::ranges::find_if(
        fields, [name](const Field& field) { return iequals(field.name, name); });
    return found == fields.end() ? nullptr : &*found;
}

std::size_t count_in(const std::vector<Field>& fields, FieldId id) noexcept {
    return static_cast<std::size_t>(std::ranges::count(fields, id, &Field::id));
}

}  // namespace

const Field* RequestHead::find(FieldId id) const noexcept {
    return find_in(fields, id);
}
const Field* RequestHead::find(std::string_view name) const noexcept {
    return find_in(fields, name);
}
std::size_t RequestHead::count(FieldId id) const noexcept {
    return count_in(fields, id);
}
const Field* ResponseHead::find(FieldId id) const noexcept {
    return find_in(fields, id);
}
const Field* ResponseHead::find(std::string_view name) const noexcept {
    return find_in(fields, name);
}
std::size_t ResponseHead::count(FieldId id) const noexcept {
    return count_in(fields, id);
}

Failure parse(std::string_view text, const HeadLimits& limits, RequestHead& head) {
    return SpanParser<true, RequestHead>(text, limits, head).run();
}

Failure parse(std::string_view text, const HeadLimits& limits, ResponseHead& head) {
    return SpanParser<false, ResponseHead>(text, limits, head).run();
}

}  // namespace beta::http
