#include "beta/torctl/event.hpp"

#include "beta/torctl/answer.hpp"

#include "transcripts.hpp"

#include <catch2/catch.hpp>

namespace beta::torctl::testing {
namespace {

const std::string onion = "wbj6dzgz6yvjbkdjpwvub4kluesx5vcthgzco3q2vaywg2os6h4bckid";

template <class Kind>
Kind read(const std::string& text) {
    return std::get<Kind>(read_event(one("650 " + text + "\r\n")));
}

TEST_CASE("bootstrap is told in percent and words") {
    const auto status = read<ClientStatus>(
        "STATUS_CLIENT NOTICE BOOTSTRAP PROGRESS=45 TAG=loading_descriptors "
        "SUMMARY=\"Loading \\\"relay\\\" descriptors\"");
    CHECK(status.kind == ClientStatus::Kind::bootstrap);
    CHECK_FALSE(status.is_warning);
    CHECK(status.bootstrap.percent == 45);
    CHECK(status.bootstrap.tag == "loading_descriptors");
    CHECK(status.bootstrap.summary == "Loading \"relay\" descriptors");
    const auto warning = read<ClientStatus>(
        "STATUS_CLIENT WARN BOOTSTRAP PROGRESS=10 TAG=conn_done SUMMARY=\"Connected\" "
        "WARNING=\"No route to host\" REASON=NOROUTE COUNT=5 RECOMMENDATION=warn HOSTID=\"0\"");
    CHECK(warning.is_warning);
    CHECK(warning.bootstrap.warning == "No route to host");
    CHECK(warning.reason == "NOROUTE");
}

TEST_CASE("a percentage is never beyond a hundred, whatever stands there") {
    const auto text = GENERATE(values<std::pair<std::string, unsigned>>(
        {{"100", 100}, {"101", 100}, {"99999999999999999999", 0}, {"-5", 0}, {"", 0}, {"x", 0}}));
    CHECK(read<ClientStatus>("STATUS_CLIENT NOTICE BOOTSTRAP PROGRESS=" + text.first)
              .bootstrap.percent == text.second);
}

TEST_CASE("circuits that tor has or lacks are told") {
    using Kind = ClientStatus::Kind;
    const auto kind = [](const std::string& text) {
        return read<ClientStatus>("STATUS_CLIENT NOTICE " + text).kind;
    };
    CHECK(kind("CIRCUIT_ESTABLISHED") == Kind::circuit_established);
    CHECK(kind("CIRCUIT_NOT_ESTABLISHED REASON=CLOCK_JUMPED") == Kind::circuit_not_established);
    CHECK(kind("ENOUGH_DIR_INFO") == Kind::enough_directory);
    CHECK(kind("NOT_ENOUGH_DIR_INFO") == Kind::not_enough_directory);
    CHECK(kind("SOMETHING_NEW A=B") == Kind::other);
    CHECK(read<ClientStatus>("STATUS_CLIENT ERR CIRCUIT_NOT_ESTABLISHED REASON=CLOCK_JUMPED")
              .reason == "CLOCK_JUMPED");
}

TEST_CASE("a circuit has its path, its purpose and whom it is for") {
    const auto circuit = read<Circuit>(
        "CIRC 23 BUILT $D522BD22081F2BFFD8DCB3A7A7E5CA5997B3CCF3~r3,"
        "$9649F3DE7937FA40EE69DA8ADC9C22873D600387=a1 BUILD_FLAGS=IS_INTERNAL,NEED_CAPACITY "
        "PURPOSE=HS_CLIENT_REND HS_STATE=HSCR_JOINED REND_QUERY=" +
        onion +
        " TIME_CREATED=2026-11-26T23:47:42.527401 SOCKS_USERNAME=\"a \\\"b\" SOCKS_PASSWORD=\"x\"");
    CHECK(circuit.id == "23");
    CHECK(circuit.status == Circuit::Status::built);
    CHECK(circuit.path.size() == 2);
    CHECK(circuit.purpose == "HS_CLIENT_REND");
    CHECK(circuit.hs_state == "HSCR_JOINED");
    REQUIRE(circuit.onion);
    CHECK(circuit.onion->disclose() == onion + ".onion");
    CHECK(circuit.socks_user == "a \"b");
    CHECK(circuit.socks_password == "x");
}

TEST_CASE("a circuit without a path, and one that failed, are told too") {
    const auto launched = read<Circuit>("CIRC 38 LAUNCHED BUILD_FLAGS=A PURPOSE=GENERAL");
    CHECK(launched.status == Circuit::Status::launched);
    CHECK(launched.path.empty());
    CHECK_FALSE(launched.onion);
    const auto failed =
        read<Circuit>("CIRC 9 FAILED REASON=DESTROYED REMOTE_REASON=OR_CONN_CLOSED");
    CHECK(failed.status == Circuit::Status::failed);
    CHECK(failed.reason == "DESTROYED");
    CHECK(failed.remote_reason == "OR_CONN_CLOSED");
    CHECK(read<Circuit>("CIRC 9 MELTED").status == Circuit::Status::other);
}

TEST_CASE("a stream is told by its circuit, and its target by an onion address or not at all") {
    const auto stream = std::get<Stream>(read_event(one(stream_event)));
    CHECK(stream.id == "83");
    CHECK(stream.status == Stream::Status::failed);
    CHECK(stream.circuit == "34");
    CHECK(stream.onion->redacted() == "wbj6….onion");
    CHECK(stream.reason == "END");
    CHECK(stream.remote_reason == "MISC");
    CHECK(stream.socks_user == "userwb");
    CHECK_FALSE(read<Stream>("STREAM 1 NEW 0 example.com:80").onion);
    CHECK(read<Stream>("STREAM 1 XOFF_SENT 0 (Tor_internal):0").status == Stream::Status::other);
}

TEST_CASE("descriptors that come, go and fail are told with the reason") {
    const auto failed = read<Descriptor>("HS_DESC FAILED " + onion +
                                         " NO_AUTH $9649F3DE7937FA40EE69DA8ADC9C22873D600387~a1 "
                                         "Dz4jbMzFwKQ REASON=NOT_FOUND HSDIR_INDEX=00");
    CHECK(failed.action == Descriptor::Action::failed);
    CHECK(failed.onion->disclose() == onion + ".onion");
    CHECK(failed.directory == "$9649F3DE7937FA40EE69DA8ADC9C22873D600387~a1");
    CHECK(failed.reason == "NOT_FOUND");
    CHECK(read<Descriptor>("HS_DESC UPLOADED UNKNOWN UNKNOWN UNKNOWN").action ==
          Descriptor::Action::uploaded);
    CHECK_FALSE(read<Descriptor>("HS_DESC UPLOADED UNKNOWN UNKNOWN UNKNOWN").onion);
    CHECK(read<Descriptor>("HS_DESC SHREDDED " + onion).action == Descriptor::Action::other);
}

TEST_CASE("the network is up or down") {
    CHECK(read<Liveness>("NETWORK_LIVENESS UP").status == Liveness::Status::up);
    CHECK(read<Liveness>("NETWORK_LIVENESS DOWN").status == Liveness::Status::down);
    CHECK(read<Liveness>("NETWORK_LIVENESS SIDEWAYS").status == Liveness::Status::other);
}

TEST_CASE("an event of an unknown kind, or without its first words, is survived") {
    const auto text = GENERATE(values<std::string>(
        {"", " ", "BW 1 2", "STATUS_CLIENT", "STATUS_CLIENT NOTICE", "CIRC", "CIRC 1",
         "STREAM 1 NEW", "STREAM 1 NEW 0", "HS_DESC", "HS_DESC FAILED", "NETWORK_LIVENESS",
         "circ 1 BUILT", "\"CIRC\" 1 BUILT"}));
    const auto event = read_event(one("650 " + text + "\r\n"));
    CHECK(kind_of(event) == EventKind::other);
}

TEST_CASE("each kind of event has its number, its keyword and its labels") {
    CHECK(kind_of(ClientStatus{}) == EventKind::status_client);
    CHECK(kind_of(Circuit{}) == EventKind::circuit);
    CHECK(kind_of(Stream{}) == EventKind::stream);
    CHECK(kind_of(Descriptor{}) == EventKind::descriptor);
    CHECK(kind_of(Liveness{}) == EventKind::liveness);
    CHECK(keyword(EventKind::other).empty());
    CHECK(label(Circuit::Status::built) == "built");
    CHECK(label(Circuit::Status::other) == "other");
    CHECK(label(Descriptor::Action::uploaded) == "uploaded");
    CHECK(label(Descriptor::Action::other) == "other");
}

TEST_CASE("what tor is asked for is found by its key, on its line or in its data") {
    const auto start = one(info_of_start);
    CHECK(value_of(start, "version") == "0.4.9.11");
    CHECK(value_of(start, "network-liveness") == "down");
    CHECK(value_of(start, "circuit-status") == "");
    CHECK_FALSE(value_of(start, "stream"));
    CHECK(read_bootstrap(*value_of(start, "status/bootstrap-phase"))->percent == 0);
    CHECK_FALSE(read_bootstrap("nonsense"));
    CHECK(value_of(one("250 DataDirectory=/a=b\r\n"), "datadirectory") == "/a=b");
}

TEST_CASE("circuits and streams are listed, and what makes no sense is left out") {
    const auto reply = one(info_of_circuits);
    const auto circuits = read_circuits(*value_of(reply, "circuit-status"));
    REQUIRE(circuits.size() == 2);
    CHECK(circuits[0].status == Circuit::Status::launched);
    CHECK(circuits[1].socks_user == "tornet-3");
    const auto streams = read_streams(*value_of(reply, "stream-status"));
    REQUIRE(streams.size() == 1);
    CHECK(streams[0].circuit == "34");
    CHECK(read_circuits("\n\nnonsense\n1 BUILT\n").size() == 1);
}

TEST_CASE("a service that tor has added is told by its address, and by the key when tor made it") {
    const auto added = read_onion_added(one(onion_added));
    REQUIRE(added);
    CHECK(added->address.disclose() ==
          "4whfairyja4yq2ytc2p5qnnswhuo2ve7x2fd6apczalwg22swzud67id.onion");
    CHECK(added->key->disclose().ends_with("KQ=="));
    CHECK_FALSE(read_onion_added(one("250-ServiceID=" + onion + "\r\n250 OK\r\n"))->key);
    CHECK_FALSE(read_onion_added(one("550 Onion address collision\r\n")));
    CHECK_FALSE(read_onion_added(one(ok)));
    CHECK_FALSE(
        read_onion_added(one("250-ServiceID=" + onion + "\r\n250-PrivateKey=x\r\n250 OK\r\n")));
}

}  // namespace
}  // namespace beta::torctl::testing
