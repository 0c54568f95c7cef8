#include "beta/telemetry/event_log.hpp"

#include "beta/telemetry/json_text.hpp"

#include <chrono>

namespace beta::telemetry {
namespace {

constexpr std::size_t message_bytes = 4096;
constexpr std::size_t value_bytes = 512;
constexpr std::size_t max_fields = 10;
constexpr std::size_t key_bytes = 64;

static_assert(256 + max_escape * message_bytes +
                  max_fields * JsonLine::room_for(key_bytes, value_bytes) <
              LogBlock::capacity);

std::string_view word(config::LogLevel level) noexcept {
    switch (level) {
        case config::LogLevel::debug:
            return "debug";
        case config::LogLevel::info:
            return "info";
        case config::LogLevel::warn:
            return "warn";
        case config::LogLevel::error:
            break;
    }
    return "error";
}

}  // namespace

void EventLog::write(Level level, std::string_view message, Fields fields) {
    if (level < least_)
        return;
    LogBlock block;
    Timestamp timestamp;
    JsonLine line(block.end());
    line.word("timestamp", timestamp.of(std::chrono::system_clock::now()));
    line.word("log", "sidecar");
    line.word("level", word(level));
    line.text("message", message, message_bytes);
    std::size_t count = 0;
    for (const auto& field : fields) {
        if (++count <= max_fields)
            line.text(clip(field.key, key_bytes), field.value, value_bytes);
    }
    block.size = static_cast<std::size_t>(line.finish() - block.bytes.get());
    block.lines = 1;
    writer_.hand_over(block);
}

}  // namespace beta::telemetry
