#include "beta/runtime/look_pace.hpp"

#include <catch2/catch.hpp>

using beta::runtime::LookPace;
using namespace std::chrono_literals;

namespace {

/// A pace that has looked at 0.
struct Pace : LookPace {
    Pace() { looked(at(0ms)); }
    static Time at(std::chrono::milliseconds time) { return Time(time); }
    void event(std::chrono::milliseconds time) { LookPace::event(at(time)); }
    std::chrono::milliseconds due() const {
        return std::chrono::duration_cast<std::chrono::milliseconds>(
            LookPace::due().time_since_epoch());
    }
};

}  // namespace

TEST_CASE("files are looked at once no event has come for 100 ms") {
    Pace pace;
    pace.event(1'000ms);
    CHECK(pace.due() == 1'100ms);
    pace.event(1'090ms);
    CHECK(pace.due() == 1'190ms);
}

TEST_CASE("a burst that does not end is looked at after two seconds, and after two more") {
    Pace pace;
    for (auto time = 1'000ms; time < 3'000ms; time += 50ms)
        pace.event(time);
    CHECK(pace.due() == 3'000ms);
    pace.looked(Pace::at(3'000ms));
    for (auto time = 3'050ms; time < 5'050ms; time += 50ms)
        pace.event(time);
    CHECK(pace.due() == 5'050ms);
}

TEST_CASE("without events the files are looked at every 30 s") {
    Pace pace;
    CHECK(pace.due() == 30s);
    pace.event(29'950ms);
    CHECK(pace.due() == 30'050ms);
    pace.looked(Pace::at(30'050ms));
    CHECK(pace.due() == 60'050ms);
}
