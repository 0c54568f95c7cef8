#include "beta/telemetry/app_log.hpp"

#include "support/json.hpp"

#include <catch2/catch.hpp>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/ostream_sink.h>

#include <future>
#include <mutex>
#include <sstream>
#include <string>

using namespace beta::telemetry;
using namespace std::chrono_literals;
using beta::local::AppLines;
using beta::testing::lines_of;

namespace {

AppLines lines(std::size_t count, const std::string& line) {
    AppLines made;
    for (std::size_t i = 0; i < count; ++i) {
        made.text += line + '\n';
        made.ends.push_back(made.text.size());
    }
    return made;
}

/// A reader that has begun to read, and goes no further until it is told to.
class StuckSink final : public spdlog::sinks::base_sink<std::mutex> {
  public:
    std::promise<void> reached;
    std::promise<void> go_on;

  private:
    void sink_it_(const spdlog::details::log_msg&) override {
        if (first_) {
            reached.set_value();
            go_on.get_future().wait();
        }
        first_ = false;
    }
    void flush_() override {}

    bool first_ = true;
};

}  // namespace

TEST_CASE("lines of the app come out whole and in order, however many blocks they fill") {
    std::ostringstream out;
    const std::string line(10'000, 'x');
    {
        LogWriter writer(std::make_shared<spdlog::sinks::ostream_sink_mt>(out), {});
        AppLog log(writer, 1000);
        CHECK(log.take(lines(20, line), 1h).result == AppLogResult::taken);
        CHECK(log.take(lines(1, "last"), 1h).result == AppLogResult::taken);
        CHECK(log.take(lines(1, std::string(LogBlock::capacity - 1, 'y')), 1h).result ==
              AppLogResult::taken);
    }
    const auto written = lines_of(out.str());
    REQUIRE(written.size() == 22);
    for (std::size_t i = 0; i < 20; ++i)
        CHECK((written[i] == line));
    CHECK(written[20] == "last");
    CHECK(written[21].size() == LogBlock::capacity - 1);
}

TEST_CASE("lines of the app take half of the log's queue and no more: other lines keep theirs") {
    auto sink = std::make_shared<StuckSink>();
    LogWriter writer(sink, {.lines = 20, .blocks = 100, .spare = 1});
    AppLog log(writer, 1000);
    CHECK(log.take(lines(1, "first"), 1h).result == AppLogResult::taken);
    sink->reached.get_future().wait();  // and the queue is empty again
    CHECK(log.take(lines(11, "x"), 1h).result == AppLogResult::too_many);
    CHECK(log.take(lines(6, "x"), 1h).result == AppLogResult::taken);
    const auto told = log.take(lines(5, "x"), 1h);
    CHECK(told.result == AppLogResult::full);
    CHECK(told.retry_after == 1s);
    CHECK(log.take(lines(4, "x"), 1h).result == AppLogResult::taken);
    CHECK(log.take(lines(1, "x"), 1h).result == AppLogResult::full);
    CHECK(writer.dropped() == 0);
    sink->go_on.set_value();
}

TEST_CASE("beyond the rate the app is told how many seconds to wait, rounded up") {
    std::ostringstream out;
    LogWriter writer(std::make_shared<spdlog::sinks::ostream_sink_mt>(out), {});
    AppLog log(writer, 2);
    CHECK(log.take(lines(9, "x"), 1h).result == AppLogResult::taken);
    const auto told = log.take(lines(1, "x"), 1h);
    CHECK(told.result == AppLogResult::limited);
    CHECK(told.retry_after == 4s);
    CHECK(log.take(lines(1, "x"), 1h + 3500ms).result == AppLogResult::taken);
}
