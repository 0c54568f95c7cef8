#include "beta/telemetry/denials.hpp"

#include "sample.hpp"
#include "support/running_sidecar.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>

using namespace beta;
using namespace beta::telemetry;
using namespace std::chrono_literals;
using testing::denied_record;

namespace {

const std::chrono::system_clock::time_point noon{1'700'000'000s};

}  // namespace

TEST_CASE("only what the policy denied is kept") {
    Denials denials;
    denials.note(testing::sample_record(), noon);
    denials.note(testing::rejected_record(), noon);
    CHECK(denials.latest().empty());
    denials.note(denied_record(), noon);
    denials.note(testing::limited_record(), noon + 1s);
    REQUIRE(denials.latest().size() == 2);
    const auto& first = denials.latest().front();
    CHECK(first.time == noon);
    CHECK(first.source.empty());
    CHECK(first.source_plane == "chain");
    CHECK(first.destination == "tron-payment");
    CHECK(first.method == "POST");
    CHECK(first.path == "/api/v1/payouts");
    CHECK(first.rule == "chain-stays-out");
    CHECK(first.status == 403);
    CHECK_FALSE(first.limited);
    CHECK(denials.latest().back().limited);
}

TEST_CASE("the ring keeps the latest, and nothing where it is switched off") {
    Denials denials(3);
    Denials none(0);
    for (int i = 0; i < 10; ++i) {
        const auto path = "/" + std::to_string(i);
        auto record = denied_record();
        record.path = path;
        denials.note(record, noon + std::chrono::seconds(i));
        none.note(record, noon);
    }
    CHECK(none.latest().empty());
    REQUIRE(denials.latest().size() == 3);
    CHECK(std::ranges::all_of(denials.latest(),
                              [](const Denial& denial) { return denial.time >= noon + 7s; }));
}

TEST_CASE("what floods send is cut, and an onion address is not kept") {
    const auto onion = testing::RunningSidecar::onion(1);
    const std::string path = "/" + onion + "/" + std::string(10'000, '-');
    const std::string method(1'000, 'M');
    auto record = denied_record();
    record.path = path;
    record.method = method;
    Denials denials;
    denials.note(record, noon);
    const auto& kept = denials.latest().front();
    CHECK(kept.path.starts_with("/" + onion.substr(0, 4) + "….onion/--"));
    CHECK(kept.path.size() <= Denials::path_bytes + std::string("…").size());
    CHECK(kept.path.ends_with("…"));
    CHECK(kept.method.size() == Denials::word_bytes);
}
