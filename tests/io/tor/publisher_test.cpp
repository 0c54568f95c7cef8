// Goal: the onions of a sidecar are published whenever tor can be told, with nobody's help.
// Method: a control port that answers ADD_ONION as tor does, and that goes and comes back.
#include "beta/tor/publisher.hpp"

#include "support/fake_control.hpp"
#include "support/files.hpp"

#include <catch2/catch.hpp>
#include <spdlog/sinks/null_sink.h>

#include <algorithm>
#include <thread>

using namespace beta;
using namespace std::chrono_literals;
using Catch::Contains;
using Catch::StartsWith;
using testing::FakeControl;

namespace {

model::OnionKey key_of(std::uint8_t number) {
    model::SecretKey seed;
    seed.bytes()[0] = number;
    return model::OnionKey(seed);
}

std::string id_of(const model::OnionKey& key) {
    return key.address().disclose().substr(0, 56);
}

/// Of RFC 7748 §6.1, Alice.
const std::string caller = "quqpacmjgctvi5elpxolipxxlig36oqney4bv5hlusuy5ku3jzva";

template <class Wanted>
void wait(Wanted wanted) {
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (!wanted()) {
        REQUIRE(std::chrono::steady_clock::now() < deadline);
        std::this_thread::yield();
    }
}

struct Scene {
    Scene() {
        answer("250-ServiceID=" + id_of(key_of(1)) + "\r\n250 OK\r\n");
        control.observe({.ready = [this] { publisher.control_ready(); },
                         .lost = [this] { publisher.control_lost(); },
                         .event = [this](const auto& event) { publisher.heard(event); }});
    }
    ~Scene() {
        publisher.stop();
        control.stop();
    }

    void start() {
        publisher.start();
        control.start();
    }
    void answer(const std::string& bytes) { tor.set_fault("ADD_ONION", {.instead = bytes}); }
    /// The ADD_ONION commands so far.
    std::vector<std::string> asked() const {
        auto commands = tor.commands();
        std::erase_if(commands, [](const auto& one) { return !one.starts_with("ADD_ONION"); });
        return commands;
    }
    tor::Publisher::Seen seen() const { return publisher.seen().front(); }
    void wait_words(const std::string& part) const {
        wait([&] { return seen().words.contains(part); });
    }
    void upload() {
        tor.say("650 HS_DESC UPLOADED " + id_of(key_of(1)) + " UNKNOWN $" + std::string(40, 'A') +
                "~a1\r\n");
    }

    FakeControl tor{FakeControl::Tor{}};
    telemetry::LogWriter writer{std::make_shared<spdlog::sinks::null_sink_mt>(), {}};
    telemetry::EventLog events{writer, config::LogLevel::error};
    tor::Control control{
        {.address = model::Endpoint::parse("127.0.0.1:" + std::to_string(tor.port())).value(),
         .password_file = {},
         .limits = {.first_pause = 1ms, .longest_pause = 5ms}},
        events};
    std::vector<tor::Publisher::Service> services{
        {.onion = {.plane = model::PlaneName::parse("ops").value(),
                   .key = key_of(1),
                   .clients = {caller}},
         .virtual_port = 80,
         .target = model::Endpoint::parse("127.0.0.1:15006").value()}};
    tor::Publisher publisher{control, services, events};
};

}  // namespace

TEST_CASE("tor is asked to publish the kept key, and an upload makes the onion published") {
    Scene scene;
    CHECK_FALSE(scene.seen().is_published);
    scene.start();
    scene.wait_words("its descriptor is not uploaded yet");
    REQUIRE(scene.asked().size() == 1);
    CHECK_THAT(scene.asked().front(),
               StartsWith("ADD_ONION " + key_of(1).disclose_for_tor().disclose()) &&
                   Contains("Port=80,127.0.0.1:15006") &&
                   Contains("ClientAuthV3=" + torctl::ClientPublicKey::parse(caller)->text()) &&
                   Contains("V3Auth") && !Contains("Detach"));
    CHECK_FALSE(scene.seen().descriptor_age);
    scene.upload();
    wait([&] { return scene.seen().is_published; });
    CHECK(scene.seen().plane == "ops");
    CHECK(scene.seen().descriptor_age);
}

TEST_CASE("when the control connection comes back the onion is published again") {
    Scene scene;
    scene.start();
    for (std::size_t life = 1; life <= 3; ++life) {
        scene.wait_words("its descriptor is not uploaded yet");
        CHECK(scene.asked().size() == life);
        scene.upload();
        wait([&] { return scene.seen().is_published; });
        scene.tor.cut();
        wait([&] { return scene.asked().size() > life; });
    }
    CHECK(scene.asked().front() == scene.asked().back());
}

TEST_CASE("an onion that tor has already is asked for until it is free") {
    Scene scene;
    scene.answer("550 Onion address collision\r\n");
    scene.start();
    scene.wait_words("published at the same tor already");
    scene.answer("250-ServiceID=" + id_of(key_of(1)) + "\r\n250 OK\r\n");
    scene.wait_words("its descriptor is not uploaded yet");
    CHECK(scene.asked().size() >= 2);
}

TEST_CASE("the upload of another onion is not ours") {
    Scene scene;
    scene.start();
    scene.wait_words("its descriptor is not uploaded yet");
    scene.tor.say("650 HS_DESC UPLOADED " + id_of(key_of(2)) + " UNKNOWN $" + std::string(40, 'A') +
                  "~a1\r\n650 HS_DESC FAILED " + id_of(key_of(1)) + " UNKNOWN $" +
                  std::string(40, 'A') + "~a1 REASON=UPLOAD_REJECTED\r\n");
    scene.wait_words("UPLOAD_REJECTED");
    CHECK_FALSE(scene.seen().is_published);
}

TEST_CASE("an onion is published again when that is asked for: tor drops it, then makes it anew") {
    Scene scene;
    const auto again = [&](std::uint8_t key, std::chrono::seconds after) {
        return scene.publisher.publish_again(key_of(key).address(),
                                             std::chrono::steady_clock::now() + after);
    };
    CHECK_FALSE(again(1, 1min));  // tor does not have it yet
    scene.start();
    scene.wait_words("its descriptor is not uploaded yet");
    CHECK_FALSE(again(1, 1min));
    scene.upload();
    wait([&] { return scene.seen().is_published; });
    CHECK_FALSE(again(1, 0s));  // callers may not have found it yet
    CHECK_FALSE(again(9, 1min));
    CHECK(again(1, 1min));
    wait([&] { return scene.asked().size() == 2; });
    const auto commands = scene.tor.commands();
    const auto dropped = std::ranges::find(commands, "DEL_ONION " + id_of(key_of(1)));
    REQUIRE(dropped != commands.end());
    CHECK_THAT(*std::next(dropped), StartsWith("ADD_ONION"));
}

TEST_CASE("a descriptor that was not found, when our onion was called, is no failed upload") {
    Scene scene;
    scene.start();
    scene.wait_words("its descriptor is not uploaded yet");
    const auto about = id_of(key_of(1)) + " UNKNOWN $" + std::string(40, 'A') + "~a1";
    scene.tor.say("650 HS_DESC FAILED " + about + " REASON=NOT_FOUND\r\n650 HS_DESC CREATED " +
                  about + "\r\n");
    constexpr auto created = static_cast<std::size_t>(torctl::Descriptor::Action::created);
    wait([&] { return scene.control.state()->descriptor_events[created] == 1; });
    CHECK_THAT(scene.seen().words, !Contains("NOT_FOUND"));
}
