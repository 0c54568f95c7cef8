#include "beta/telemetry/build_info.hpp"

#include "beta/telemetry/json_text.hpp"

#include <array>

namespace beta::telemetry {

BuildInfo build_info() noexcept {
    return {.version = BETA_VERSION,
#if defined(__clang__)
            .compiler = "clang " __clang_version__,
#else
            .compiler = "gcc " __VERSION__,
#endif
#if defined(NDEBUG)
            .build_type = "release"
#else
            .build_type = "debug"
#endif
    };
}

std::string build_info_json() {
    constexpr std::size_t limit = 128;
    std::array<char, 64 + 3 * JsonLine::room_for(16, limit)> room{};
    JsonLine line(room.data());
    const auto info = build_info();
    line.text("version", info.version, limit);
    line.text("compiler", info.compiler, limit);
    line.text("build_type", info.build_type, limit);
    return {room.data(), line.finish()};
}

}  // namespace beta::telemetry
