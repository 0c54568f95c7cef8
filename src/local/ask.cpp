#include "beta/local/ask.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace beta::local {
namespace {

using model::Failure;

template <class Value, std::size_t count>
using Words = std::array<std::pair<std::string_view, Value>, count>;

constexpr Words<Page, 3> pages{
    {{"/v1/logs", Page::logs}, {"/v1/whoami", Page::whoami}, {"/v1/services", Page::services}}};
constexpr Words<Form, 3> forms{{{"application/json", Form::object},
                                {"application/x-ndjson", Form::objects},
                                {"text/plain", Form::text}}};

template <class Value, std::size_t count>
std::optional<Value> meaning(const Words<Value, count>& words, std::string_view word) {
    const auto same = [](char a, char b) {
        return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b | 0x20) : b);
    };
    for (const auto& [text, value] : words) {
        if (std::ranges::equal(text, word, same))
            return value;
    }
    return std::nullopt;
}

/// The type without its parameters (RFC 9110 §8.3.1); what comes is read as UTF-8 whatever they
/// say.
std::string_view essence(std::string_view content_type) {
    const auto type = content_type.substr(0, content_type.find(';'));
    return type.substr(0, type.find_last_not_of(" \t") + 1);
}

}  // namespace

std::expected<Ask, Refusal> read_ask(const Request& request) {
    const auto* const found =
        std::ranges::find(pages, request.path, &decltype(pages)::value_type::first);
    if (found == pages.end())
        return std::unexpected(Refusal{Failure::page_unknown});
    if (found->second != Page::logs) {
        if (request.method != "GET" && request.method != "HEAD")
            return std::unexpected(Refusal{Failure::method_not_allowed, "Allow: GET, HEAD\r\n"});
        return Ask{.page = found->second};
    }
    if (request.method != "POST")
        return std::unexpected(Refusal{Failure::method_not_allowed, "Allow: POST\r\n"});
    const auto form = meaning(forms, essence(request.content_type));
    if (!form || request.encoded)
        return std::unexpected(
            Refusal{Failure::media_type_unknown,
                    "Accept-Post: application/json, application/x-ndjson, text/plain\r\n"});
    return Ask{.page = Page::logs, .form = *form};
}

}  // namespace beta::local
