// Page files: those of src/admin/page, word for word, built in by cmake/page.cmake.
#pragma once

#include <string_view>

namespace beta::admin {

extern const std::string_view page_html;
extern const std::string_view page_css;
extern const std::string_view page_js;

}  // namespace beta::admin
