#include "routes.hpp"

namespace beta::admin {
namespace {

struct Entry {
    std::string_view path;
    Page page;
};

constexpr Entry list[] = {
    {"/metrics", Page::metrics}, {"/stats/prometheus", Page::metrics},
    {"/livez", Page::live},      {"/healthz", Page::live},
    {"/health", Page::live},     {"/readyz", Page::ready},
    {"/ready", Page::ready},     {"/buildinfo", Page::build},
    {"/", Page::front},          {"/api/status", Page::status},
};

bool asks_verbose(std::string_view query) noexcept {
    while (!query.empty()) {
        const auto end = query.find('&');
        const auto word = query.substr(0, end);
        if (word == "verbose" || word.starts_with("verbose="))
            return true;
        query.remove_prefix(end == query.npos ? query.size() : end + 1);
    }
    return false;
}

}  // namespace

Route find_route(std::string_view target) noexcept {
    const auto mark = target.find('?');
    const auto path = target.substr(0, mark);
    for (const auto& entry : list) {
        if (entry.path == path)
            return {entry.page, mark != target.npos && asks_verbose(target.substr(mark + 1))};
    }
    return {};
}

}  // namespace beta::admin
