#include "beta/telemetry/app_log.hpp"

#include <cstring>
#include <utility>
#include <vector>

namespace beta::telemetry {
namespace {

constexpr std::chrono::seconds until_the_reader_has_read{1};

std::vector<LogBlock> blocks_of(const local::AppLines& lines) {
    std::vector<LogBlock> blocks(1);
    std::size_t at = 0;
    for (const auto end : lines.ends) {
        const auto size = end - at;
        if (LogBlock::capacity - blocks.back().size < size)
            blocks.emplace_back();
        auto& block = blocks.back();
        std::memcpy(block.end(), lines.text.data() + at, size);
        block.size += size;
        ++block.lines;
        at = end;
    }
    return blocks;
}

}  // namespace

AppLog::Told AppLog::take(const local::AppLines& lines, local::Rate::Nanoseconds now) {
    using enum AppLogResult;
    if (const auto wait = rate_.take(lines.ends.size(), now); wait.count() > 0)
        return {limited, std::chrono::ceil<std::chrono::seconds>(wait)};
    switch (writer_.offer(blocks_of(lines))) {
        case LogWriter::Room::taken:
            return {taken, {}};
        case LogWriter::Room::later:
            return {full, until_the_reader_has_read};
        case LogWriter::Room::never:
            break;
    }
    return {too_many, {}};
}

}  // namespace beta::telemetry
