// Form: an HTML text with gaps, filled from a Tree. The text is ours, the values are anybody's.
#pragma once

#include "tree.hpp"

#include <string>
#include <string_view>

namespace beta::admin {

/// Text for an element or a quoted attribute, whatever its bytes are.
std::string escape_html(std::string_view text);

/// {{name}} is the value, escaped; a dot leads into it, and a name that is not there is looked for
/// further out. {{#list}}…{{/list}} stands once for each item, {{^list}}…{{/list}} once when there
/// is none. Any other use is a fault of the text: std::logic_error.
std::string fill(std::string_view text, const Tree& tree);

}  // namespace beta::admin
