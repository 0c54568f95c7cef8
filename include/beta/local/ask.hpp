// Ask: what the app wants of its sidecar at beta.internal.
#pragma once

#include "beta/model/failure.hpp"

#include <cstdint>
#include <expected>
#include <string_view>

namespace beta::local {

enum class Page : std::uint8_t { logs, whoami, services };

/// How lines of the app's log come.
enum class Form : std::uint8_t { object, objects, text };

struct Ask {
    Page page = Page::whoami;
    Form form = Form::object;  // of logs
};

struct Request {
    std::string_view method;
    std::string_view path;          // canonical, without query
    std::string_view content_type;  // empty: none said
    bool encoded = false;           // there is a Content-Encoding
};

struct Refusal {
    model::Failure failure;
    std::string_view fields = {};  // of the answer, whole lines
};

std::expected<Ask, Refusal> read_ask(const Request& request);

}  // namespace beta::local
