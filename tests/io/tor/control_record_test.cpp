#include "beta/tor/control_record.hpp"

#include "beta/tor/backoff.hpp"

#include "support/onion_maker.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace beta;
using namespace beta::tor;
using namespace std::chrono_literals;
using Phase = ControlState::Phase;

namespace {

torctl::Reply reply(const std::string& text) {
    torctl::ReplyReader reader;
    reader.receive(text + "\r\n");
    return reader.next().value().value();
}

void hear(ControlRecord& record, const std::string& event) {
    record.heard(torctl::read_event(reply("650 " + event)));
}

ControlRecord asked(unsigned percent, bool circuits, const std::string& liveness = "up") {
    ControlRecord record(100, 2);
    record.connected();
    record.authenticated("0.4.9.11");
    record.told(
        reply("250-status/bootstrap-phase=NOTICE BOOTSTRAP PROGRESS=" + std::to_string(percent) +
              " TAG=x SUMMARY=\"Loading relay descriptors\"\r\n"
              "250-status/circuit-established=" +
              (circuits ? "1" : "0") + "\r\n250-network-liveness=" + liveness + "\r\n250 OK"));
    return record;
}

std::uint64_t count(const ControlRecord& record, torctl::Circuit::Status status) {
    return record.state().circuit_events[static_cast<std::size_t>(status)];
}

}  // namespace

TEST_CASE("tor is starting, ready or not well, in words for a person") {
    const ControlRecord fresh(1, 1);
    CHECK(fresh.state().phase() == Phase::starting);
    CHECK(fresh.state().words() == "starting (asking tor's control port)");
    CHECK(asked(45, false).state().words() ==
          "starting (bootstrap 45 %: Loading relay descriptors)");
    CHECK(asked(100, true).state().words() == "ready");
    CHECK(asked(100, true).state().phase() == Phase::ready);
    CHECK(asked(100, false).state().words() == "degraded: tor has no circuit");
    CHECK(asked(100, true, "down").state().words() ==
          "degraded: tor hears nothing from the network");
    auto lost = asked(100, true);
    lost.lost("tor closed its control connection");
    CHECK(lost.state().words() == "degraded: tor closed its control connection");
    CHECK(lost.state().phase() == Phase::degraded);
    CHECK(lost.state().bootstrap_percent == 0);
    CHECK_FALSE(lost.state().connected);
}

TEST_CASE("events make tor ready, and no longer so, and ready again") {
    auto record = asked(0, false);
    hear(record,
         "STATUS_CLIENT WARN BOOTSTRAP PROGRESS=5 TAG=conn SUMMARY=\"Connecting\" "
         "WARNING=\"No route to host\"");
    CHECK(record.state().words() == "starting (bootstrap 5 %: Connecting: No route to host)");
    hear(record, "STATUS_CLIENT NOTICE CIRCUIT_ESTABLISHED");
    CHECK(record.state().phase() == Phase::starting);
    hear(record, "STATUS_CLIENT NOTICE BOOTSTRAP PROGRESS=100 TAG=done SUMMARY=\"Done\"");
    CHECK(record.state().phase() == Phase::ready);
    hear(record, "STATUS_CLIENT NOTICE CIRCUIT_NOT_ESTABLISHED REASON=CLOCK_JUMPED");
    CHECK(record.state().words() == "degraded: tor has no circuit: CLOCK_JUMPED");
    hear(record, "STATUS_CLIENT NOTICE CIRCUIT_ESTABLISHED");
    CHECK(record.state().phase() == Phase::ready);
    hear(record, "STATUS_CLIENT NOTICE NOT_ENOUGH_DIR_INFO");
    CHECK(record.state().phase() == Phase::degraded);
    record.told(reply("250 status/circuit-established=1"));
    CHECK(record.state().phase() == Phase::ready);
    hear(record, "NETWORK_LIVENESS DOWN");
    CHECK(record.state().phase() == Phase::degraded);
    hear(record, "NETWORK_LIVENESS UP");
    CHECK(record.state().phase() == Phase::ready);
}

TEST_CASE("a circuit that is told of twice is one circuit") {
    using Status = torctl::Circuit::Status;
    auto record = asked(100, true);
    hear(record, "CIRC 1 LAUNCHED");
    hear(record, "CIRC 1 BUILT $A");
    hear(record, "CIRC 1 BUILT $A PURPOSE=HS_CLIENT_REND");
    hear(record, "CIRC 2 FAILED");
    CHECK(count(record, Status::built) == 1);
    CHECK(record.state().circuits == 1);
    hear(record, "CIRC 1 CLOSED");
    CHECK(record.state().circuits == 0);
    CHECK(count(record, Status::closed) == 1);
    CHECK(count(record, Status::failed) == 1);
    CHECK(record.state().events[static_cast<std::size_t>(torctl::EventKind::circuit)] == 5);
    record.told(
        reply("250+circuit-status=\r\n7 BUILT $A\r\n8 LAUNCHED\r\n9 BUILT $B\r\n.\r\n250 OK"));
    CHECK(record.state().circuits == 2);
    CHECK(count(record, Status::built) == 1);
}

TEST_CASE("descriptors are counted by service for those that tor publishes, up to a bound") {
    auto record = asked(100, true);
    const auto name = [](std::uint32_t number) {
        return support::make_onion(number).substr(0, 56);
    };
    hear(record, "HS_DESC FAILED " + name(9) + " NO_AUTH UNKNOWN REASON=NOT_FOUND");
    CHECK(record.state().published.empty());
    hear(record, "HS_DESC UPLOAD " + name(1) + " UNKNOWN $A~a");
    hear(record, "HS_DESC UPLOADED " + name(1) + " UNKNOWN $A~a");
    hear(record, "HS_DESC FAILED " + name(1) + " UNKNOWN $B~b REASON=UPLOAD_REJECTED");
    hear(record, "HS_DESC UPLOADED " + name(2) + " UNKNOWN $A~a");
    hear(record, "HS_DESC UPLOADED " + name(3) + " UNKNOWN $A~a");
    REQUIRE(record.state().published.size() == 2);
    const auto& first =
        record.state().published.at(model::OnionAddress::parse(support::make_onion(1u)).value());
    CHECK(first.uploaded == 1);
    CHECK(first.failed == 1);
    using Action = torctl::Descriptor::Action;
    CHECK(record.state().descriptor_events[static_cast<std::size_t>(Action::uploaded)] == 3);
    CHECK(record.state().descriptor_events[static_cast<std::size_t>(Action::failed)] == 2);
}

TEST_CASE("introduction points are the circuits that tor holds open for a service it publishes") {
    auto record = asked(100, true);
    const auto onion = model::OnionAddress::parse(support::make_onion(1u)).value();
    const auto other = support::make_onion(2u).substr(0, 56);
    const auto name = onion.disclose().substr(0, 56);
    const auto circuit = [](const std::string& status, const std::string& query) {
        return status + " $A PURPOSE=HS_SERVICE_INTRO HS_STATE=HSSI_CONNECTING REND_QUERY=" + query;
    };
    const auto points = [&] { return record.state().published.at(onion).introductions; };
    record.told(reply("250+circuit-status=\r\n" + circuit("1 BUILT", name) + "\r\n" +
                      circuit("2 EXTENDED", name) + "\r\n" + circuit("3 BUILT", other) +
                      "\r\n4 BUILT $A PURPOSE=GENERAL\r\n.\r\n250 OK"));
    hear(record, "HS_DESC UPLOAD " + name + " UNKNOWN $A~a");
    CHECK(points() == 1);
    hear(record, "CIRC " + circuit("2 BUILT", name));
    hear(record, "CIRC " + circuit("4 BUILT", name));
    hear(record, "CIRC " + circuit("5 EXTENDED", name));
    CHECK(points() == 3);
    hear(record, "CIRC " + circuit("1 CLOSED", name));
    CHECK(points() == 2);
    record.lost("gone");
    CHECK(points() == 0);
}

TEST_CASE("events and answers of unknown kinds change nothing") {
    auto record = asked(100, true);
    hear(record, "");
    hear(record, "BW 1 2");
    hear(record, "STATUS_CLIENT NOTICE SOMETHING_NEW");
    hear(record, "NETWORK_LIVENESS SIDEWAYS");
    record.told(reply("552 Unrecognized key"));
    CHECK(record.state().phase() == Phase::ready);
    CHECK(record.state().events[static_cast<std::size_t>(torctl::EventKind::other)] == 2);
}

TEST_CASE("pauses double up to the longest, and begin anew") {
    Backoff backoff(200ms, 1000ms);
    CHECK(backoff.next(1) == 200ms);
    CHECK(backoff.next(0) == 200ms);  // half of 400
    CHECK(backoff.next(1) == 800ms);
    CHECK(backoff.next(1) == 1000ms);
    CHECK(backoff.next(0.5) == 750ms);
    backoff.reset();
    CHECK(backoff.next(0) == 100ms);
}
