// When the end of our certificate is spoken of, and when the calendar looks again.
#include "beta/app/calendar.hpp"

#include <catch2/catch.hpp>

#include <chrono>

using namespace beta;
using namespace std::chrono_literals;
using app::notice;
using Kind = app::Notice::Kind;

namespace {

const std::chrono::system_clock::time_point noon{1'800'000'000s};

void says(std::chrono::system_clock::duration left, Kind kind, std::chrono::seconds again) {
    CAPTURE(left.count());
    const auto said = notice(noon + left, 72h, noon);
    CHECK(said.kind == kind);
    CHECK(said.again == again);
}

}  // namespace

TEST_CASE("nothing is said before the warning's time, and clocks that are set are noticed") {
    says(72h + 1s, Kind::none, 1s);
    says(72h + 1h, Kind::none, 1h);
    says(72h + 1h + 1s, Kind::none, 1h);
    says(24h * 365, Kind::none, 1h);
}

TEST_CASE("from the warning's time on it is said once a day, the last time until the end") {
    says(72h, Kind::ends_soon, 24h);
    says(24h + 1s, Kind::ends_soon, 24h);
    says(24h, Kind::ends_soon, 24h);
    says(24h - 1s, Kind::ends_soon, 24h - 1s);
    says(1s, Kind::ends_soon, 1s);
    says(1ms, Kind::ends_soon, 1s);  // never sooner than it ends, never without a pause
}

TEST_CASE("an ended certificate is spoken of at once and every day") {
    says(0s, Kind::has_ended, 24h);
    says(-1ms, Kind::has_ended, 24h);
    says(-24h * 365, Kind::has_ended, 24h);
}

TEST_CASE("without a time to warn in, only the end is spoken of") {
    const auto said = notice(noon + 1s, 0ms, noon);
    CHECK(said.kind == Kind::none);
    CHECK(said.again == 1s);
    CHECK(notice(noon, 0ms, noon).kind == Kind::has_ended);
}
