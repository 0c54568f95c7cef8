// Goal: the access log goes on in its file whatever becomes of it, loses no line by a rename, and
// says so where lines are lost.
// Method: a writer to a file of the test, and a second one that takes what is told.
#include "beta/telemetry/event_log.hpp"
#include "beta/telemetry/log_writer.hpp"

#include "support/files.hpp"
#include "support/gate.hpp"
#include "support/json.hpp"

#include <catch2/catch.hpp>
#include <spdlog/sinks/ostream_sink.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>
#include <string>
#include <thread>

using namespace beta::telemetry;
using beta::testing::Files;
using Catch::Contains;

namespace {

namespace fs = std::filesystem;

template <class Condition>
void eventually(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + beta::testing::failing_bound;
    while (!condition()) {
        REQUIRE(std::chrono::steady_clock::now() < deadline);
        std::this_thread::yield();
    }
}

std::string text_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

struct Logged {
    Files files;
    std::ostringstream out;
    std::unique_ptr<LogWriter> told = std::make_unique<LogWriter>(
        std::make_shared<spdlog::sinks::ostream_sink_mt>(out), LogLimits{});
    EventLog events{*told, beta::config::LogLevel::info};
    std::unique_ptr<LogWriter> writer;

    fs::path path() const { return files.root() / "access.log"; }
    std::string open(LogLook look = LogLook::json) {
        auto opened = LogWriter::to_file(path().string(), events, {}, look);
        if (!opened)
            return opened.error();
        writer = std::move(*opened);
        return {};
    }
    void write(const std::string& text) const {
        LogBlock block;
        std::memcpy(block.end(), text.data(), text.size());
        block.size = text.size();
        block.lines = static_cast<std::size_t>(std::ranges::count(text, '\n'));
        writer->hand_over(block);
    }
    /// Ends both, and gives what was told.
    std::string end() {
        writer.reset();
        told.reset();
        return out.str();
    }
};

}  // namespace

TEST_CASE("lines go behind what the file holds, and others may not read them") {
    Logged log;
    log.files.write("access.log", "old\n");
    REQUIRE(log.open().empty());
    log.write("new\n");
    CHECK(log.end().empty());
    CHECK(text_of(log.path()) == "old\nnew\n");
    Logged made;
    REQUIRE(made.open().empty());
    CHECK((fs::status(made.path()).permissions() & fs::perms::others_all) == fs::perms::none);
}

TEST_CASE("a file that cannot be written is refused at once, with the reason") {
    Logged log;
    fs::create_directory(log.path());
    CHECK_THAT(log.open(), Contains("directory"));
    fs::remove(log.path());
    REQUIRE(::mkfifo(log.path().c_str(), 0600) == 0);
    CHECK(log.open() == "nobody reads it");
}

TEST_CASE(
    "a renamed file takes no line after it was opened anew, and the new one is there at once") {
    Logged log;
    REQUIRE(log.open().empty());
    log.write("a\n");
    eventually([&] { return text_of(log.path()) == "a\n"; });
    const auto old = log.files.root() / "access.log.1";
    fs::rename(log.path(), old);
    log.write("b\n");  // nobody has said yet that it was renamed
    eventually([&] { return text_of(old) == "a\nb\n"; });
    log.writer->reopen();
    eventually([&] { return fs::exists(log.path()); });
    log.write("c\n");
    CHECK(log.end().empty());
    CHECK(text_of(old) == "a\nb\n");
    CHECK(text_of(log.path()) == "c\n");
}

TEST_CASE("a removed file is made again") {
    Logged log;
    REQUIRE(log.open().empty());
    fs::remove(log.path());
    log.write("a\n");
    log.end();
    CHECK(text_of(log.path()) == "a\n");
}

TEST_CASE("lines that a full disk does not take are counted, and that is told once") {
    Logged log;
    fs::create_symlink("/dev/full", log.path());
    REQUIRE(log.open().empty());
    log.write("a\nb\n");
    log.write("c\n");
    eventually([&] { return log.writer->dropped() == 3; });
    fs::remove(log.path());
    log.writer->reopen();
    log.write("d\n");
    const auto told = beta::testing::lines_of(log.end());
    CHECK(text_of(log.path()) == "d\n");
    REQUIRE(told.size() == 2);
    CHECK_THAT(told[0],
               Contains("\"error\"") && Contains("cannot be written") && Contains("No space left"));
    CHECK_THAT(told[1], Contains("\"info\"") && Contains("written again"));
}

TEST_CASE("a line that a crash cut off costs itself alone") {
    Logged log;
    log.files.write("access.log", "whole\nto");
    REQUIRE(log.open().empty());
    log.write("next\n");
    log.end();
    CHECK(text_of(log.path()) == "whole\nto\nnext\n");
}

TEST_CASE("two processes may write one file, as when one takes over from the other") {
    Logged log;
    REQUIRE(log.open().empty());
    auto second = LogWriter::to_file(log.path().string(), log.events, {}, LogLook::json);
    REQUIRE(second);
    log.write("first\n");
    eventually([&] { return text_of(log.path()) == "first\n"; });
    log.writer = std::move(*second);
    log.write("second\n");
    log.end();
    CHECK(text_of(log.path()) == "first\nsecond\n");
}

TEST_CASE("a file may be text, without colour") {
    Logged log;
    REQUIRE(log.open(LogLook::text).empty());
    log.write("{\"http.response.status_code\":200,\"a\":1}\n");
    log.end();
    CHECK(text_of(log.path()) == "200 a=1\n");
}
