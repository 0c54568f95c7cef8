#include "beta/tor/publication.hpp"

#include "support/onion_maker.hpp"

#include <catch2/catch.hpp>

using namespace beta;
using namespace std::chrono_literals;
using Catch::Contains;
using tor::Publication;
using State = Publication::State;

namespace {

const Publication::Time start{1h};
const std::string known = support::make_onion(7);

torctl::Reply added(const std::string& onion) {
    return {.status = 250, .lines = {{"ServiceID=" + onion.substr(0, 56)}, {"OK"}}};
}

Publication asked_once() {
    Publication service(model::OnionAddress::parse(known).value());
    service.control_ready(start);
    service.asked(start);
    return service;
}

}  // namespace

TEST_CASE("a service is published once its descriptor is uploaded, and not before") {
    Publication service(model::OnionAddress::parse(known).value());
    CHECK(service.state() == State::away);
    CHECK_FALSE(service.due());
    service.control_ready(start);
    CHECK(service.due() == start);
    service.asked(start);
    CHECK_FALSE(service.due());
    service.answered(added(known), start);
    CHECK(service.state() == State::added);
    CHECK_FALSE(service.is_published());
    service.uploaded(start + 2s);
    CHECK(service.is_published());
    CHECK(service.last_upload() == start + 2s);
}

TEST_CASE("an upload that is told before tor's answer counts") {
    auto service = asked_once();
    service.uploaded(start + 1s);
    CHECK_FALSE(service.is_published());
    service.answered(added(known), start + 1s);
    CHECK(service.is_published());
}

TEST_CASE("what tor forgot with the connection is asked for again") {
    auto service = asked_once();
    service.answered(added(known), start);
    service.uploaded(start);
    service.control_lost();
    CHECK_FALSE(service.is_published());
    CHECK_FALSE(service.due());
    service.control_ready(start + 9s);
    CHECK(service.due() == start + 9s);
    service.asked(start + 9s);
    service.answered(added(known), start + 9s);
    CHECK(service.state() == State::added);  // the upload of before is another descriptor
}

TEST_CASE("a refusal is told, and tried again ever more slowly") {
    auto service = asked_once();
    auto now = start;
    std::chrono::nanoseconds before{};
    for (int i = 0; i < 12; ++i) {
        service.answered(torctl::Reply{.status = 550, .lines = {{"Onion address collision"}}}, now);
        REQUIRE(service.due());
        const auto pause = *service.due() - now;
        CHECK(pause >= before);
        CHECK(pause <= 15s);
        CHECK_THAT(service.words(), Contains("published at the same tor already"));
        before = pause;
        now = *service.due();
        service.asked(now);
    }
    service.answered(added(known), now);
    CHECK_THAT(service.words(), !Contains("already"));
}

TEST_CASE("an answer that is late, missing or of another service publishes nothing") {
    auto service = asked_once();
    service.control_lost();
    service.answered(added(known), start);
    CHECK(service.state() == State::away);

    service.control_ready(start);
    service.asked(start);
    service.answered(std::unexpected("tor did not answer"), start);
    CHECK_THAT(service.words(), Contains("tor did not answer"));
    service.asked(start);
    service.answered(added(support::make_onion(8)), start);
    CHECK_FALSE(service.is_published());
    CHECK_THAT(service.words(), Contains("another address"));
}

TEST_CASE("an upload that fails is told until one succeeds") {
    auto service = asked_once();
    service.answered(added(known), start);
    service.upload_failed("UPLOAD_REJECTED");
    CHECK_THAT(service.words(), Contains("UPLOAD_REJECTED"));
    service.uploaded(start);
    CHECK(service.words() == "published");
    service.upload_failed("UPLOAD_REJECTED");  // one directory of several, later
    CHECK(service.is_published());
}

TEST_CASE("what was uploaded moments ago is not stale: it has yet to be found") {
    auto service = asked_once();
    CHECK_FALSE(service.may_be_stale(start + 1h));
    service.answered(added(known), start);
    CHECK_FALSE(service.may_be_stale(start + 1h));
    service.uploaded(start + 10s);
    CHECK_FALSE(service.may_be_stale(start + 39s));
    CHECK(service.may_be_stale(start + 40s));
    service.control_lost();
    CHECK_FALSE(service.may_be_stale(start + 1h));
}

TEST_CASE("what tor was told to drop is wanted again; what tor does not have is as it was") {
    auto service = asked_once();
    service.dropped(start);
    CHECK(service.state() == State::asked);
    service.answered(added(known), start);
    service.dropped(start + 1min);
    CHECK(service.state() == State::wanted);
    CHECK(service.due() == start + 1min);
    service.control_lost();
    service.dropped(start + 2min);
    CHECK(service.state() == State::away);
}
