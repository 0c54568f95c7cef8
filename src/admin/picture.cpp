#include "picture.hpp"

#include "beta/telemetry/json_text.hpp"

#include "form.hpp"
#include "status_tree.hpp"

#include <algorithm>

namespace beta::admin {
namespace {

// In units of the picture, which is as wide as a narrow screen has pixels.
constexpr int width = 360, box = 96, height = 32, row = 44, margin = 2;
constexpr int left = margin, middle = (width - box) / 2, right = width - margin - box;
constexpr std::size_t longest = 11;  // bytes of a name that fit a box

std::string number(int value) {
    return std::to_string(value);
}

std::string shortened(std::string_view name) {
    const auto cut = telemetry::clip(name, longest);
    return escape_html(cut) + (cut.size() < name.size() ? "…" : "");
}

std::string rect(int x, int y, int tall, std::string_view kind) {
    return "<rect class=\"" + std::string(kind) + "\" x=\"" + number(x) + "\" y=\"" + number(y) +
           "\" width=\"" + number(box) + "\" height=\"" + number(tall) + "\" rx=\"6\"/>\n";
}

std::string label(int x, int y, std::string_view name, std::string_view kind = "") {
    return "<text class=\"" + std::string(kind) + "\" x=\"" + number(x + box / 2) + "\" y=\"" +
           number(y) + "\" text-anchor=\"middle\">" + shortened(name) + "</text>\n";
}

std::string path(std::string_view kind, const std::string& way) {
    return "<path class=\"" + std::string(kind) + "\" d=\"" + way + "\"/>\n";
}

/// From one box to the next; what may not pass ends in a cross half way.
std::string arrow(int x, int y, const std::optional<acl::Reach>& reach) {
    constexpr int gap = middle - left - box, tip = 6, arm = 5;
    const std::string kind(word(reach));
    const int end = x + gap - 3;
    const auto at = [](int across, int down) { return number(across) + " " + number(down); };
    auto line = path(kind, "M" + at(x + 3, y) + "H" + number(reach ? end - 1 : end));
    if (!reach)
        return line;
    if (reach->opening != acl::Opening::closed)
        return line + path(kind + " head", "M" + at(end - tip, y - tip) + "L" + at(end, y) + "L" +
                                               at(end - tip, y + tip));
    const int centre = x + gap / 2;
    return path(kind, "M" + at(x + 3, y) + "H" + number(centre)) +
           path(kind, "M" + at(centre - arm, y - arm) + "L" + at(centre + arm, y + arm) + "M" +
                          at(centre - arm, y + arm) + "L" + at(centre + arm, y - arm));
}

}  // namespace

std::string picture_of(const Status& status, std::size_t most) {
    const auto count = static_cast<int>(std::min(status.planes.size(), most));
    const int tall = std::max(count, 1) * row - (row - height);
    std::string out = "<svg viewBox=\"0 0 " + number(width) + " " + number(tall + 2 * margin) +
                      "\" aria-hidden=\"true\">\n";
    out += rect(middle, margin, tall, "us");
    out += label(middle, margin + tall / 2, status.service);
    out += label(middle, margin + tall / 2 + 14, status.plane, "small");
    for (int i = 0; i < count; ++i) {
        const auto& plane = status.planes[static_cast<std::size_t>(i)];
        const int top = margin + i * row, centre = top + height / 2;
        const std::string_view name = plane.name.empty() ? "outside" : std::string_view(plane.name);
        if (!plane.name.empty())
            out += rect(left, top, height, "") + label(left, centre + 4, name) +
                   arrow(left + box, centre, plane.in);
        out += rect(right, top, height, "") + label(right, centre + 4, name) +
               arrow(middle + box, centre, plane.out);
    }
    return out + "</svg>";
}

}  // namespace beta::admin
