#include "beta/trace/answer.hpp"

#include <algorithm>
#include <charconv>

namespace beta::trace {
namespace {

/// The digits that `text` begins with; what is beyond the type is its largest.
std::uint32_t number(std::string_view text) noexcept {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc::result_out_of_range ? ~0u : value;
}

void skip(std::string_view& text, std::string_view bytes) noexcept {
    text.remove_prefix(std::min(text.find_first_not_of(bytes), text.size()));
}

}  // namespace

Answer::Verdict verdict_of(std::uint16_t status) noexcept {
    switch (status) {
        case 429:
        case 502:
        case 503:
        case 504:
            return Answer::Verdict::later;
        default:
            return status / 100 == 2 ? Answer::Verdict::taken : Answer::Verdict::refused;
    }
}

/// In JSON the name with both its quotes stands nowhere but as a name: within a string the quotes
/// would have backslashes.
std::size_t rejected_spans(std::string_view body) noexcept {
    constexpr std::string_view name = R"("rejectedSpans")";
    const auto at = body.find(name);
    if (at == body.npos)
        return 0;
    body.remove_prefix(at + name.size());
    skip(body, " \t\r\n");
    if (!body.starts_with(':'))
        return 0;
    body.remove_prefix(1);
    skip(body, " \t\r\n\"");
    return number(body);
}

std::chrono::seconds retry_after(std::string_view value) noexcept {
    constexpr std::chrono::seconds longest{3'600};
    if (value.find_first_not_of("0123456789") != value.npos)
        return {};
    return std::min(std::chrono::seconds(number(value)), longest);
}

}  // namespace beta::trace
