#include "beta/telemetry/audit_writer.hpp"

#include "beta/telemetry/json_text.hpp"

#include "audit_trail.hpp"

#include <pthread.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace beta::telemetry {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds last_words{2};
constexpr std::chrono::seconds tick{1};   // a retry; a look whether the file is still there
constexpr std::size_t max_blocks = 512;   // the queue in memory: 32 MiB
constexpr std::size_t value_bytes = 512;  // of a field of record()
constexpr std::size_t max_fields = 16;
static_assert(256 + max_fields * JsonLine::room_for(64, value_bytes) < audit::max_line);

}  // namespace

struct AuditWriter::Parts {
    Parts(Settings given, audit::Seal seal, EventLog& log)
        : settings(std::move(given)), events(log), trail(settings.path, std::move(seal), log) {}

    void push(LogBlock& block);
    void run();
    bool take_next(std::unique_lock<std::mutex>& lock);
    bool write_current();
    bool write_gap(std::uint64_t lines);
    bool note(const std::expected<void, std::string>& result);
    void fell(const std::string& why);
    void rose();
    void rest();

    const Settings settings;
    EventLog& events;

    // The thread's own:
    AuditTrail trail;
    LogBlock current;         // without lines: none
    std::size_t written = 0;  // bytes of it
    std::uint64_t gap = 0;    // how many lost ones the record says that is to be written now
    bool is_dirty = false;    // something was written since the last sync
    Clock::time_point synced = Clock::now();
    bool failed = false;  // the last attempt

    std::atomic<bool> refuses{false};
    std::atomic<std::uint64_t> records{0};
    std::atomic<std::uint64_t> dropped{0};

    mutable std::mutex mutex;  // guards what follows
    std::condition_variable changed;
    std::condition_variable attempted;
    std::deque<LogBlock> waiting;
    std::size_t lines = 0;
    std::uint64_t lost = 0;  // since there was no room; not yet in the chain
    std::string why;         // it cannot be written; empty: it can
    bool has_attempted = false;
    bool wants_reopen = false;
    bool closing = false;
    Clock::time_point deadline;

    std::thread thread;
};

/// What is lost is what comes last, until all that waits is written: so the chain has one number
/// for it, in the right place.
void AuditWriter::Parts::push(LogBlock& block) {
    const std::scoped_lock lock(mutex);
    const bool has_room = waiting.empty() || (lines + block.lines <= settings.queue_lines &&
                                              waiting.size() < max_blocks);
    if (lost > 0 || !has_room) {
        lost += block.lines;
        dropped += block.lines;
        refuses = settings.required;
    } else {
        lines += block.lines;
        waiting.push_back(std::exchange(block, {}));
        changed.notify_one();
    }
    block.size = block.lines = 0;
}

void AuditWriter::Parts::run() {
    ::pthread_setname_np(::pthread_self(), "audit");
    std::unique_lock lock(mutex);
    for (;;) {
        const auto has_work = [this] {
            return closing || wants_reopen || (!failed && (!waiting.empty() || lost > 0));
        };
        changed.wait_for(lock, tick, has_work);
        if (closing && (failed || Clock::now() >= deadline || (waiting.empty() && lost == 0)))
            break;
        if (std::exchange(wants_reopen, false))
            trail.reopen();
        bool has_more = take_next(lock);
        while (has_more && !wants_reopen && Clock::now() - synced < tick)
            has_more = take_next(lock);
        lock.unlock();
        rest();
        lock.lock();
        has_attempted = has_attempted || !has_more;
        attempted.notify_all();
    }
    if (const auto left = lines + lost; left > 0)
        events.error("audit log: records were lost at the end",
                     {{"file", settings.path}, {"records", std::to_string(left)}});
}

/// One block, or the number of those lost, or a look at the file. False: nothing more to do now.
bool AuditWriter::Parts::take_next(std::unique_lock<std::mutex>& lock) {
    if (closing && Clock::now() >= deadline)
        return false;
    if (current.lines == 0 && !waiting.empty()) {
        current = std::move(waiting.front());
        waiting.pop_front();
        written = 0;
    }
    if (current.lines == 0 && gap == 0)
        gap = lost;
    lock.unlock();
    const bool is_done = current.lines > 0 ? write_current()
                         : gap > 0         ? write_gap(gap)
                                           : note(trail.prepare());
    lock.lock();
    if (!is_done)
        return false;
    if (current.lines > 0) {
        lines -= current.lines;
        current.size = current.lines = 0;
        return true;
    }
    lost -= std::exchange(gap, 0);
    if (lost == 0)
        refuses = false;
    return lost > 0 || !waiting.empty();
}

bool AuditWriter::Parts::write_current() {
    const std::string_view all(current.bytes.get(), current.size);
    while (written < all.size()) {
        const auto line = all.substr(written, all.find('\n', written) + 1 - written);
        if (!note(trail.write(line)))
            return false;
        written += line.size();
        ++records;
        is_dirty = true;
    }
    return true;
}

bool AuditWriter::Parts::write_gap(std::uint64_t count) {
    Timestamp timestamp;
    const auto time = timestamp.of(std::chrono::system_clock::now());
    const std::string object = R"({"time":")" + std::string(time) + R"(","event":"gap","lost":)" +
                               std::to_string(count) + "}\n";
    if (!note(trail.write(object)))
        return false;
    ++records;
    is_dirty = true;
    return true;
}

bool AuditWriter::Parts::note(const std::expected<void, std::string>& result) {
    if (!result)
        fell(result.error());
    else if (failed)
        rose();
    return result.has_value();
}

void AuditWriter::Parts::fell(const std::string& reason) {
    if (settings.required)
        refuses = true;
    const std::scoped_lock lock(mutex);
    if (std::exchange(failed, true) && why == reason)
        return;
    why = reason;
    events.error(settings.required ? "audit log cannot be written: allowed requests are refused"
                                   : "audit log cannot be written",
                 {{"file", settings.path}, {"why", reason}});
}

void AuditWriter::Parts::rose() {
    const std::scoped_lock lock(mutex);
    failed = false;
    why.clear();
    refuses = settings.required && lost > 0;
    events.info("audit log is written again", {{"file", settings.path}});
}

/// With the power, at most the records of a second go.
void AuditWriter::Parts::rest() {
    if (Clock::now() - synced < tick)
        return;
    synced = Clock::now();
    if (is_dirty && note(trail.sync()))
        is_dirty = false;
}

AuditWriter::AuditWriter(Settings settings, audit::Seal seal, EventLog& events)
    : parts_(std::make_unique<Parts>(std::move(settings), std::move(seal), events)) {}

AuditWriter::~AuditWriter() {
    if (!parts_->thread.joinable())
        return;
    {
        const std::scoped_lock lock(parts_->mutex);
        parts_->closing = true;
        parts_->deadline = Clock::now() + last_words;
        parts_->changed.notify_one();
    }
    parts_->thread.join();
}

void AuditWriter::start() {
    parts_->refuses = parts_->settings.required;  // until the first record is written
    parts_->thread = std::thread([parts = parts_.get()] { parts->run(); });
    std::unique_lock lock(parts_->mutex);
    parts_->attempted.wait_for(lock, last_words, [this] { return parts_->has_attempted; });
}

void AuditWriter::hand_over(LogBlock& block) {
    if (block.lines > 0)
        parts_->push(block);
}

void AuditWriter::record(std::string_view event, EventLog::Fields fields) {
    LogBlock block;
    Timestamp timestamp;
    JsonLine line(block.end());
    line.word("time", timestamp.of(std::chrono::system_clock::now()));
    line.word("event", event);
    std::size_t count = 0;
    for (const auto& field : fields) {
        if (++count <= max_fields)
            line.text(field.key, field.value, value_bytes);
    }
    block.size = static_cast<std::size_t>(line.finish() - block.bytes.get());
    block.lines = 1;
    parts_->push(block);
}

void AuditWriter::reopen() {
    const std::scoped_lock lock(parts_->mutex);
    parts_->wants_reopen = true;
    parts_->changed.notify_one();
}

bool AuditWriter::refuses() const noexcept {
    return parts_->refuses.load(std::memory_order_relaxed);
}

AuditWriter::State AuditWriter::state() const {
    State state;
    state.records = parts_->records;
    state.dropped = parts_->dropped;
    const std::scoped_lock lock(parts_->mutex);
    state.is_written = parts_->why.empty() && parts_->lost == 0;
    if (!parts_->why.empty())
        state.words = "cannot be written: " + parts_->why;
    else if (parts_->lost > 0)
        state.words = "behind: records were lost";
    else
        state.words = "written";
    return state;
}

}  // namespace beta::telemetry
