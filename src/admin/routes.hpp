// Routes: the whole list of what the admin endpoint serves, matched literally.
#pragma once

#include <cstdint>
#include <string_view>

namespace beta::admin {

enum class Page : std::uint8_t { none, metrics, live, ready, build, front, status };

struct Route {
    Page page = Page::none;
    bool verbose = false;
};

/// `target` as it came in the request line. Nothing is decoded and no dot segment is resolved: what
/// is not literally in the list is not there.
Route find_route(std::string_view target) noexcept;

}  // namespace beta::admin
