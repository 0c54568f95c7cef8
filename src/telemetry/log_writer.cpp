#include "beta/telemetry/log_writer.hpp"

#include "beta/telemetry/text_line.hpp"

#include "descriptor_sink.hpp"
#include "file_sink.hpp"

#include <pthread.h>
#include <spdlog/logger.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <iterator>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace beta::telemetry {
namespace {

constexpr std::chrono::seconds last_words{2};

}  // namespace

struct LogWriter::Queue {
    Queue(spdlog::sink_ptr sink, LogLimits bounds, LogLook wanted)
        : limits(bounds), look(wanted), logger("log", std::move(sink)) {
        logger.set_pattern("%v");
        logger.set_level(spdlog::level::trace);
        logger.set_error_handler([this](const std::string&) { write_failed = true; });
    }

    void push(LogBlock& block);
    Room offer(std::vector<LogBlock>& blocks);
    LogBlock spare_block();
    void run();
    void write(const LogBlock& block);
    std::string_view shown(const LogBlock& block);

    const LogLimits limits;
    const LogLook look;
    std::string text;           // the writer's thread only
    spdlog::logger logger;      // the writer's thread only
    bool write_failed = false;  // the same
    std::atomic<std::uint64_t> dropped{0};

    std::mutex mutex;
    std::condition_variable arrived;
    std::condition_variable ended;
    std::deque<LogBlock> waiting;
    std::vector<LogBlock> spare;
    std::size_t lines = 0;
    bool wants_flush = false;
    bool closing = false;
    bool done = false;
};

/// Swaps the full block for an empty one; beyond a limit the oldest goes, never the newest.
void LogWriter::Queue::push(LogBlock& block) {
    const std::lock_guard lock(mutex);
    lines += block.lines;
    waiting.push_back(std::exchange(block, spare_block()));
    while (waiting.size() > 1 && (lines > limits.lines || waiting.size() > limits.blocks)) {
        lines -= waiting.front().lines;
        dropped += waiting.front().lines;
        waiting.pop_front();
    }
    arrived.notify_one();
}

LogWriter::Room LogWriter::Queue::offer(std::vector<LogBlock>& blocks) {
    std::size_t more = 0;
    for (const auto& block : blocks)
        more += block.lines;
    if (more > limits.lines / 2 || blocks.size() > limits.blocks / 2)
        return Room::never;
    const std::lock_guard lock(mutex);
    if (lines + more > limits.lines / 2 || waiting.size() + blocks.size() > limits.blocks / 2)
        return Room::later;
    lines += more;
    std::ranges::move(blocks, std::back_inserter(waiting));
    arrived.notify_one();
    return Room::taken;
}

LogBlock LogWriter::Queue::spare_block() {
    if (spare.empty())
        return {};
    auto block = std::move(spare.back());
    spare.pop_back();
    return block;
}

void LogWriter::Queue::run() {
    ::pthread_setname_np(::pthread_self(), "log");
    std::unique_lock lock(mutex);
    for (;;) {
        arrived.wait(lock, [this] { return closing || wants_flush || !waiting.empty(); });
        if (std::exchange(wants_flush, false)) {
            lock.unlock();
            logger.flush();
            lock.lock();
            continue;
        }
        if (waiting.empty())
            break;
        auto block = std::move(waiting.front());
        waiting.pop_front();
        lines -= block.lines;
        lock.unlock();
        write(block);
        block.size = block.lines = 0;
        lock.lock();
        if (spare.size() < limits.spare)
            spare.push_back(std::move(block));
    }
    done = true;
    ended.notify_all();
}

void LogWriter::Queue::write(const LogBlock& block) {
    if (block.size == 0)
        return;
    write_failed = false;
    const auto bytes = shown(block);
    logger.log(spdlog::level::info,
               spdlog::string_view_t(bytes.data(), bytes.size() - 1));  // spdlog ends the line
    if (write_failed)
        dropped += block.lines;
}

std::string_view LogWriter::Queue::shown(const LogBlock& block) {
    const std::string_view all(block.bytes.get(), block.size);
    if (look == LogLook::json)
        return all;
    text.clear();
    for (std::size_t at = 0; at < all.size();) {
        const auto end = std::min(all.find('\n', at), all.size() - 1) + 1;
        append_text_line(text, all.substr(at, end - at), look == LogLook::text_in_colour);
        at = end;
    }
    return text;
}

LogWriter::LogWriter(LogLimits limits, LogLook look, Begin begin)
    : LogWriter(std::make_shared<DescriptorSink>(STDOUT_FILENO), limits, look, begin) {}

LogWriter::LogWriter(std::shared_ptr<spdlog::sinks::sink> sink, LogLimits limits, LogLook look,
                     Begin begin)
    : queue_(std::make_shared<Queue>(std::move(sink), limits, look)) {
    if (begin == Begin::now)
        start();
}

LogWriter::LogWriter(std::shared_ptr<FileSink> file, LogLimits limits, LogLook look, Begin begin)
    : LogWriter(spdlog::sink_ptr(file), limits, look, begin) {
    file_ = std::move(file);
}

void LogWriter::start() {
    if (!std::exchange(is_started_, true))
        std::thread([queue = queue_] { queue->run(); }).detach();
}

std::expected<std::unique_ptr<LogWriter>, std::string> LogWriter::to_file(
    const std::string& path, EventLog& events, LogLimits limits, LogLook look, Begin begin) {
    auto opened = LogFile::open(path, LogFile::Writers::many);
    if (!opened)
        return std::unexpected(std::move(opened.error()));
    auto sink = std::make_shared<FileSink>(path, std::move(*opened), events);
    return std::unique_ptr<LogWriter>(new LogWriter(std::move(sink), limits, look, begin));
}

LogWriter::~LogWriter() {
    start();  // what was said before it could begin
    {
        std::unique_lock lock(queue_->mutex);
        queue_->closing = true;
        queue_->arrived.notify_one();
        queue_->ended.wait_for(lock, last_words, [this] { return queue_->done; });
    }
    if (file_)
        file_->forget_events();
}

void LogWriter::reopen() {
    if (!file_)
        return;
    file_->reopen();
    const std::scoped_lock lock(queue_->mutex);
    queue_->wants_flush = true;
    queue_->arrived.notify_one();
}

void LogWriter::hand_over(LogBlock& block) {
    if (block.lines > 0)
        queue_->push(block);
}

LogWriter::Room LogWriter::offer(std::vector<LogBlock> blocks) {
    return queue_->offer(blocks);
}

std::uint64_t LogWriter::dropped() const noexcept {
    return queue_->dropped.load(std::memory_order_relaxed);
}

}  // namespace beta::telemetry
