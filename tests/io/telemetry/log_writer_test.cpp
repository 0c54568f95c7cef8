#include "beta/telemetry/log_writer.hpp"

#include "support/json.hpp"

#include <catch2/catch.hpp>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/ostream_sink.h>

#include <cstring>
#include <future>
#include <mutex>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace beta::telemetry;
using beta::testing::lines_of;

namespace {

void put(LogBlock& block, const std::string& line) {
    std::memcpy(block.end(), line.data(), line.size());
    block.size += line.size();
    ++block.lines;
}

void hand_over_line(LogWriter& writer, const std::string& line) {
    LogBlock block;
    put(block, line + "\n");
    writer.hand_over(block);
}

/// A reader that takes nothing until it is told to.
class StuckSink final : public spdlog::sinks::base_sink<std::mutex> {
  public:
    std::promise<void> reached;
    std::promise<void> go_on;
    std::string text;

  private:
    void sink_it_(const spdlog::details::log_msg& message) override {
        if (text.empty()) {
            reached.set_value();
            go_on.get_future().wait();
        }
        text.append(message.payload.data(), message.payload.size()).append("\n");
    }
    void flush_() override {}
};

class BrokenSink final : public spdlog::sinks::base_sink<std::mutex> {
    void sink_it_(const spdlog::details::log_msg&) override {
        throw std::runtime_error("nobody reads");
    }
    void flush_() override {}
};

}  // namespace

TEST_CASE("blocks come out in order, whole, and the block is empty again") {
    std::ostringstream out;
    {
        LogWriter writer(std::make_shared<spdlog::sinks::ostream_sink_mt>(out), {});
        LogBlock block;
        for (int i = 0; i < 1000; ++i) {
            put(block, "line " + std::to_string(i) + "\n");
            if (i % 7 == 6) {
                writer.hand_over(block);
                REQUIRE(block.size == 0);
                REQUIRE(block.lines == 0);
                REQUIRE(block.bytes != nullptr);
            }
        }
        writer.hand_over(block);
        CHECK(writer.dropped() == 0);
    }
    const auto lines = lines_of(out.str());
    REQUIRE(lines.size() == 1000);
    for (std::size_t i = 0; i < lines.size(); ++i)
        REQUIRE(lines[i] == "line " + std::to_string(i));
}

TEST_CASE("an empty block is not handed over") {
    std::ostringstream out;
    {
        LogWriter writer(std::make_shared<spdlog::sinks::ostream_sink_mt>(out), {});
        LogBlock block;
        writer.hand_over(block);
    }
    CHECK(out.str().empty());
}

TEST_CASE("a reader that is too slow costs the oldest lines, counted exactly") {
    const auto sink = std::make_shared<StuckSink>();
    std::uint64_t dropped = 0;
    {
        LogWriter writer(sink, {.lines = 10, .blocks = 100, .spare = 4});
        hand_over_line(writer, "first");
        sink->reached.get_future().wait();  // in the sink's hands now
        for (int i = 0; i < 25; ++i)
            hand_over_line(writer, std::to_string(i));
        dropped = writer.dropped();
        sink->go_on.set_value();
    }
    CHECK(dropped == 15);
    const auto lines = lines_of(sink->text);
    REQUIRE(lines.size() == 11);
    CHECK(lines[0] == "first");
    CHECK(lines[1] == "15");
    CHECK(lines[10] == "24");
}

TEST_CASE("the number of blocks is bounded as well as the number of lines") {
    const auto sink = std::make_shared<StuckSink>();
    LogWriter writer(sink, {.lines = 1000, .blocks = 3, .spare = 0});
    hand_over_line(writer, "first");
    sink->reached.get_future().wait();
    for (int i = 0; i < 10; ++i)
        hand_over_line(writer, std::to_string(i));
    CHECK(writer.dropped() == 7);
    sink->go_on.set_value();
}

TEST_CASE("a block larger than the limit is kept while it is the newest") {
    const auto sink = std::make_shared<StuckSink>();
    {
        LogWriter writer(sink, {.lines = 2, .blocks = 10, .spare = 0});
        hand_over_line(writer, "first");
        sink->reached.get_future().wait();
        LogBlock block;
        for (int i = 0; i < 5; ++i)
            put(block, "big\n");
        writer.hand_over(block);
        CHECK(writer.dropped() == 0);
        sink->go_on.set_value();
    }
    CHECK(lines_of(sink->text).size() == 6);
}

TEST_CASE("lines that nobody can take are counted as dropped") {
    auto writer = std::make_unique<LogWriter>(std::make_shared<BrokenSink>(), LogLimits{});
    for (int i = 0; i < 3; ++i)
        hand_over_line(*writer, "lost");
    while (writer->dropped() < 3)
        std::this_thread::yield();
    CHECK(writer->dropped() == 3);
}

TEST_CASE("many threads hand over at once and no line is lost or torn") {
    std::ostringstream out;
    constexpr int threads = 4;
    constexpr int blocks = 200;
    {
        LogWriter writer(std::make_shared<spdlog::sinks::ostream_sink_mt>(out),
                         {.lines = 1'000'000, .blocks = 10'000, .spare = 16});
        std::vector<std::jthread> producers;
        producers.reserve(threads);
        for (int t = 0; t < threads; ++t) {
            producers.emplace_back([&writer, t] {
                LogBlock block;
                for (int i = 0; i < blocks; ++i) {
                    put(block, std::to_string(t) + ":" + std::to_string(i) + "\n");
                    put(block, std::to_string(t) + ";" + std::to_string(i) + "\n");
                    writer.hand_over(block);
                }
            });
        }
    }
    const auto lines = lines_of(out.str());
    CHECK(lines.size() == threads * blocks * 2);
    CHECK(std::set<std::string>(lines.begin(), lines.end()).size() == lines.size());
}
