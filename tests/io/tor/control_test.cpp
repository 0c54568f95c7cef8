#include "beta/tor/control.hpp"

#include "support/fake_control.hpp"
#include "support/files.hpp"

#include <catch2/catch.hpp>
#include <spdlog/sinks/null_sink.h>

#include <condition_variable>
#include <mutex>
#include <optional>

using namespace beta;
using namespace beta::tor;
using namespace std::chrono_literals;
using testing::FakeControl;
using Phase = ControlState::Phase;

namespace {

constexpr auto patience = 60s;  // only a failing test ever waits this long
const std::string cookie(32, 'c');

/// A Control towards a fake, and what it told.
class Conversation {
  public:
    explicit Conversation(const std::string& address, ControlLimits limits = quick(),
                          const std::string& password_file = "",
                          const std::string& cookie_file = "")
        : control_({.address = model::Endpoint::parse(address).value(),
                    .password_file = password_file,
                    .cookie_file = cookie_file,
                    .limits = limits},
                   log_) {
        control_.observe({.ready = [this] { note([this] { ++ready_; }); },
                          .lost = [this] { note([this] { ++lost_; }); },
                          .event = [this](const torctl::Event&) { note([this] { ++events_; }); }});
        control_.start();
    }

    static ControlLimits quick() {
        return {.poll_time = 1h, .first_pause = 1ms, .longest_pause = 5ms};
    }

    Control& control() { return control_; }
    int ready() { return read(ready_); }
    int lost() { return read(lost_); }

    void wait_ready(int times = 1) {
        wait([&] { return ready_ >= times; });
    }
    void wait_events(int count) {
        wait([&] { return events_ >= count; });
    }
    /// Until the state is so; looks again whenever something happened, and now and then.
    template <class Wanted>
    ControlState wait_state(Wanted wanted) {
        const auto deadline = std::chrono::steady_clock::now() + patience;
        for (;;) {
            auto state = *control_.state();
            if (wanted(state))
                return state;
            INFO(state.words() << ", last error: " << state.last_error);
            REQUIRE(std::chrono::steady_clock::now() < deadline);
            std::unique_lock lock(mutex_);
            changed_.wait_for(lock, 5ms);
        }
    }
    ControlState wait_error(const std::string& part) {
        return wait_state([&](const ControlState& state) {
            return state.last_error.find(part) != state.last_error.npos;
        });
    }

    std::expected<torctl::Reply, std::string> ask(torctl::Command command) {
        std::optional<std::expected<torctl::Reply, std::string>> answer;
        control_.ask(std::move(command),
                     [&](auto reply) { note([&] { answer = std::move(reply); }); });
        wait([&] { return answer.has_value(); });
        return *answer;
    }

  private:
    template <class Change>
    void note(Change change) {
        const std::scoped_lock lock(mutex_);
        change();
        changed_.notify_all();
    }
    template <class Done>
    void wait(Done done) {
        std::unique_lock lock(mutex_);
        REQUIRE(changed_.wait_for(lock, patience, done));
    }
    int read(const int& value) {
        const std::scoped_lock lock(mutex_);
        return value;
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    int ready_ = 0;
    int lost_ = 0;
    int events_ = 0;
    telemetry::LogWriter writer_{std::make_shared<spdlog::sinks::null_sink_mt>(), {}};
    telemetry::EventLog log_{writer_, config::LogLevel::error};
    Control control_;  // last: its thread uses everything above
};

std::string address_of(const FakeControl& fake) {
    return "127.0.0.1:" + std::to_string(fake.port());
}

}  // namespace

TEST_CASE("a control port is asked for tor's state, byte by byte or not") {
    const bool slowly = GENERATE(false, true);
    FakeControl fake({});
    if (slowly)
        fake.answer_byte_by_byte();
    fake.set_info("circuit-status", "1 BUILT $A");
    Conversation conversation(address_of(fake));
    conversation.wait_ready();
    const auto state = *conversation.control().state();
    CHECK(state.phase() == Phase::ready);
    CHECK(state.connected);
    CHECK(state.authenticated);
    CHECK(state.version == "0.4.9.11");
    CHECK(state.bootstrap_percent == 100);
    CHECK(state.circuits == 1);
    CHECK(fake.commands()[0] == "PROTOCOLINFO 1");
    CHECK(fake.errors().empty());
}

TEST_CASE("every method authenticates, and what it needs is read each time") {
    const testing::Files files;
    files.write("cookie", cookie);
    files.write("password", "pass \"word\"\n");
    const auto cookie_file = (files.root() / "cookie").string();
    const auto [methods, last] = GENERATE(table<std::string, std::string>(
        {{"NULL", "AUTHENTICATE"},
         {"COOKIE", "AUTHENTICATE 6363"},
         {"COOKIE,SAFECOOKIE", "AUTHENTICATE "},
         {"COOKIE,SAFECOOKIE,HASHEDPASSWORD", "AUTHENTICATE \"pass \\\"word\\\"\""}}));
    FakeControl fake({.methods = methods,
                      .cookie_file = cookie_file,
                      .cookie = cookie,
                      .password = "pass \"word\""});
    const bool with_password = methods.ends_with("HASHEDPASSWORD");
    Conversation conversation(address_of(fake), Conversation::quick(),
                              with_password ? (files.root() / "password").string() : "");
    conversation.wait_ready();
    const auto commands = fake.commands();
    const bool challenged = methods == "COOKIE,SAFECOOKIE";
    CHECK(commands.at(challenged ? 2 : 1).starts_with(last));
    CHECK((commands[1].starts_with("AUTHCHALLENGE") == challenged));
}

TEST_CASE("a cookie file that is configured is read, and not the one that tor names") {
    const testing::Files files;
    files.write("cookie", cookie);
    FakeControl fake({.methods = "COOKIE,SAFECOOKIE", .cookie_file = "/nowhere", .cookie = cookie});
    Conversation conversation(address_of(fake), Conversation::quick(), "",
                              (files.root() / "cookie").string());
    conversation.wait_ready();
    CHECK(fake.errors().empty());
}

TEST_CASE("what keeps us from authenticating is told, and tried again until it is mended") {
    const testing::Files files;
    files.write("short", "c");
    files.write("wrong", "wrong");
    files.write("other", std::string(32, 'd'));
    files.write("large", std::string(5000, 'p'));
    struct Row {
        std::string methods, file, password, error;
    };
    const auto row = GENERATE(
        values<Row>({{"HASHEDPASSWORD", "", "wrong", "refused"},
                     {"HASHEDPASSWORD", "", "", "tor.control_password_file"},
                     {"HASHEDPASSWORD", "", "absent", "tor.control_password_file cannot be read"},
                     {"HASHEDPASSWORD", "", "large", "tor.control_password_file cannot be read"},
                     {"SAFECOOKIE", "absent", "", "cannot be read"},
                     {"SAFECOOKIE", "", "", "cannot be read"},  // a folder
                     {"SAFECOOKIE", "short", "", "32 bytes"},
                     {"COOKIE,SAFECOOKIE", "other", "", "does not know the cookie"},
                     {"COOKIE", "other", "", "refused"},
                     {"MAGIC", "", "", "no way to authenticate"}}));
    CAPTURE(row.methods, row.error);
    FakeControl fake({.methods = row.methods,
                      .cookie_file = (files.root() / row.file).string(),
                      .cookie = cookie,
                      .password = "right"});
    Conversation conversation(address_of(fake), Conversation::quick(),
                              row.password.empty() ? "" : (files.root() / row.password).string());
    const auto state = conversation.wait_error(row.error);
    CHECK(state.phase() == Phase::degraded);
    CHECK_FALSE(state.authenticated);
    if (row.methods == "HASHEDPASSWORD" && row.password == "wrong") {
        files.write("wrong", "right");
        conversation.wait_ready();
    }
    if (row.methods == "COOKIE,SAFECOOKIE") {
        for (const auto& line : fake.commands())
            CHECK_FALSE(line.starts_with("AUTHENTICATE"));
        files.write("other", cookie);  // tor restarted, and wrote another cookie
        conversation.wait_ready();
    }
}

TEST_CASE("a command gets its reply, good or bad, and the answers come in order") {
    FakeControl fake({});
    fake.set_fault("SIGNAL", {.instead = "552 Unrecognized signal code\r\n"});
    Conversation conversation(address_of(fake));
    conversation.wait_ready();
    CHECK(conversation.ask(torctl::Command::take_ownership())->is_ok());
    CHECK(conversation.ask(torctl::Command::signal(torctl::Signal::reload))->status == 552);
    std::mutex mutex;
    std::vector<int> order;
    for (int i = 0; i < 50; ++i) {
        conversation.control().ask(torctl::Command::take_ownership(), [&, i](auto) {
            const std::scoped_lock lock(mutex);
            order.push_back(i);
        });
    }
    CHECK(conversation.ask(torctl::Command::take_ownership()).has_value());
    const std::scoped_lock lock(mutex);
    CHECK(order.size() == 50);
    CHECK(std::ranges::is_sorted(order));
}

TEST_CASE("who asks before tor is there, or as it goes, or at the end, is told so") {
    testing::Gate shut;
    testing::Gate gate;
    FakeControl fake({});
    fake.set_fault("PROTOCOLINFO", {.stall = &gate});
    std::optional<Conversation> conversation(std::in_place, address_of(fake));
    CHECK(conversation->ask(torctl::Command::take_ownership()).error().find("not connected") !=
          std::string::npos);
    gate.open();
    conversation->wait_ready();
    fake.set_fault("TAKEOWNERSHIP", {.close = true});
    CHECK(conversation->ask(torctl::Command::take_ownership()).error().find("closed") !=
          std::string::npos);
    conversation->wait_ready(2);
    fake.set_fault("SIGNAL", {.stall = &shut});
    std::string answer;
    conversation->control().ask(torctl::Command::signal(torctl::Signal::reload),
                                [&](auto reply) { answer = reply.error(); });
    shut.wait_for_arrivals(1);
    conversation->control().stop();
    shut.open();
    CHECK(answer == "the sidecar stops");
}

TEST_CASE("too many commands without a reply are refused, not kept") {
    testing::Gate gate;
    FakeControl fake({});
    auto limits = Conversation::quick();
    limits.waiting = 3;
    Conversation conversation(address_of(fake), limits);
    conversation.wait_ready();
    fake.set_fault("SIGNAL", {.stall = &gate});
    for (int i = 0; i < 3; ++i)
        conversation.control().ask(torctl::Command::signal(torctl::Signal::reload), [](auto) {});
    CHECK(conversation.ask(torctl::Command::take_ownership()).error().find("too many") !=
          std::string::npos);
    gate.open();
}

TEST_CASE("a connection that tor closes comes back, and what was known is forgotten meanwhile") {
    testing::Gate gate;
    FakeControl fake({});
    Conversation conversation(address_of(fake));
    conversation.wait_ready();
    fake.set_fault("PROTOCOLINFO", {.stall = &gate});
    fake.cut();
    const auto state = conversation.wait_error("closed");
    CHECK(state.phase() == Phase::degraded);
    CHECK(state.bootstrap_percent == 0);
    gate.open();
    conversation.wait_ready(2);
    CHECK(conversation.lost() == 1);
    CHECK(conversation.control().state()->connections == 2);
}

TEST_CASE("a tor that restarts on its port is found again") {
    std::optional<FakeControl> fake(std::in_place, FakeControl::Tor{});
    const auto port = fake->port();
    Conversation conversation(address_of(*fake));
    conversation.wait_ready();
    fake.reset();
    conversation.wait_error("cannot connect");
    fake.emplace(FakeControl::Tor{}, port);
    conversation.wait_ready(2);
}

TEST_CASE("garbage, at any step, ends the connection and not the client") {
    const auto* const verb = GENERATE("PROTOCOLINFO", "AUTHENTICATE", "SETEVENTS", "GETINFO");
    const auto [bytes, error] = GENERATE(
        table<std::string, std::string>({{"HTTP/1.0 400 Bad\r\n\r\n", "HTTP server"},
                                         {"\x05\xff nonsense\r\n", "does not speak"},
                                         {"250-a\r\n650 CIRC 1 BUILT\r\n", "in the middle"},
                                         {std::string(70'000, 'x'), "longer"}}));
    CAPTURE(verb, error);
    FakeControl fake({});
    fake.set_fault(verb, {.instead = bytes});
    Conversation conversation(address_of(fake));
    conversation.wait_error(error);
    fake.clear_faults();
    conversation.wait_ready();
}

TEST_CASE("a reply that nobody asked for ends the connection") {
    FakeControl fake({});
    Conversation conversation(address_of(fake));
    conversation.wait_ready();
    fake.say("250 OK\r\n");
    conversation.wait_ready(2);
    CHECK(conversation.lost() == 1);
}

TEST_CASE("a server that falls silent at any step is left at the time limit") {
    const auto* const verb = GENERATE("PROTOCOLINFO", "AUTHENTICATE", "GETINFO");
    FakeControl fake({});
    fake.set_fault(verb, {.instead = ""});
    auto limits = Conversation::quick();
    limits.reply_time = 50ms;
    Conversation conversation(address_of(fake), limits);
    const auto state = conversation.wait_error(std::string("silent, ") + verb + " is due");
    CHECK_FALSE(state.authenticated);
}

TEST_CASE("a server that falls silent later is found out by looking again") {
    FakeControl fake({});
    auto limits = Conversation::quick();
    limits.poll_time = 1ms;
    limits.reply_time = 200ms;
    Conversation conversation(address_of(fake), limits);
    conversation.wait_ready();
    fake.set_fault("GETINFO", {.instead = ""});
    conversation.wait_error("GETINFO is due");
    fake.clear_faults();
    conversation.wait_state(
        [](const ControlState& state) { return state.phase() == Phase::ready; });
}

TEST_CASE("what events do not tell is seen by looking again") {
    FakeControl fake({});
    auto limits = Conversation::quick();
    limits.poll_time = 1ms;
    Conversation conversation(address_of(fake), limits);
    conversation.wait_ready();
    fake.set_info("status/circuit-established", "0");
    conversation.wait_state(
        [](const ControlState& state) { return state.words() == "degraded: tor has no circuit"; });
    fake.set_info("status/circuit-established", "1");
    conversation.wait_state(
        [](const ControlState& state) { return state.phase() == Phase::ready; });
}

TEST_CASE("a flood of events passes, and commands get through it") {
    FakeControl fake({});
    Conversation conversation(address_of(fake));
    conversation.wait_ready();
    std::string flood;
    for (int i = 0; i < 1000; ++i)
        flood += "650 CIRC " + std::to_string(i) + " BUILT $A~a\r\n650 NEWS of a kind unknown\r\n";
    for (int i = 0; i < 20; ++i)
        fake.say(flood);
    CHECK(conversation.ask(torctl::Command::take_ownership())->is_ok());
    conversation.wait_events(40'000);
    const auto state = *conversation.control().state();
    CHECK(state.circuits == 1000);
    CHECK(state.events[static_cast<std::size_t>(torctl::EventKind::circuit)] == 20'000);
    CHECK(state.events[static_cast<std::size_t>(torctl::EventKind::other)] == 20'000);
    CHECK(conversation.lost() == 0);
}

TEST_CASE("answers that lack what was asked are survived") {
    FakeControl fake({});
    fake.set_fault("GETINFO", {.instead = "552 Unrecognized key\r\n"});
    Conversation conversation(address_of(fake));
    conversation.wait_ready();
    CHECK(conversation.control().state()->phase() == Phase::starting);
    fake.say(
        "650 STATUS_CLIENT NOTICE BOOTSTRAP PROGRESS=100 TAG=done SUMMARY=\"Done\"\r\n"
        "650 STATUS_CLIENT NOTICE CIRCUIT_ESTABLISHED\r\n");
    conversation.wait_state(
        [](const ControlState& state) { return state.phase() == Phase::ready; });
}

TEST_CASE("a hook may ask, each time that tor obeys") {
    FakeControl fake({});
    telemetry::LogWriter writer(std::make_shared<spdlog::sinks::null_sink_mt>(), {});
    telemetry::EventLog log(writer, config::LogLevel::error);
    Control control({.address = model::Endpoint::parse(address_of(fake)).value(),
                     .limits = Conversation::quick()},
                    log);
    testing::Recorder<bool> answers;
    control.observe({.ready = [&] {
        control.ask(torctl::Command::take_ownership(),
                    [&](auto reply) { answers.add(reply.has_value() && reply->is_ok()); });
    }});
    control.start();
    CHECK(answers.wait_for(1).at(0));
    fake.cut();
    CHECK(answers.wait_for(2).at(1));
    control.stop();
}
