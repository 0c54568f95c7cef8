// Front page: a Status as one HTML document with nothing outside it, and the policy that browsers
// hold it to.
#pragma once

#include "beta/admin/status.hpp"

#include <string>

namespace beta::admin {

std::string front_page(const Status& status);
/// Content-Security-Policy: this page's own style and script by their hashes, its own origin to
/// ask, and nothing else.
const std::string& front_page_policy();

}  // namespace beta::admin
