// BuildInfo: which program this is.
#pragma once

#include <string>
#include <string_view>

namespace beta::telemetry {

struct BuildInfo {
    std::string_view version;
    std::string_view compiler;
    std::string_view build_type;  // "release" or "debug"
};
BuildInfo build_info() noexcept;

/// The same as a JSON object, for /buildinfo.
std::string build_info_json();

}  // namespace beta::telemetry
