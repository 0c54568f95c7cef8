// Goal: the service manager hears the words of sd_notify(3), on either kind of address.
// Method: a real datagram socket stands where systemd's would.
#include "beta/runtime/notify.hpp"

#include "support/service_manager.hpp"

#include <catch2/catch.hpp>

using namespace beta::testing;
using namespace std::chrono_literals;
using beta::runtime::ManagerTerms;
using beta::runtime::Notify;

TEST_CASE("each state is one datagram in the words of sd_notify") {
    const auto name = GENERATE(ServiceManager::Name::file, ServiceManager::Name::abstract);
    const ServiceManager manager(name);
    const auto notify = Notify::connect(manager.address());
    REQUIRE(notify);
    CHECK(notify->ready("serving"));
    CHECK(manager.heard() == "READY=1\nSTATUS=serving");
    CHECK(notify->ping());
    CHECK(manager.heard() == "WATCHDOG=1");
    CHECK(notify->stopping("draining"));
    CHECK(manager.heard() == "STOPPING=1\nSTATUS=draining");
}

TEST_CASE("a reload tells its time by the clock that systemd compares it with") {
    const ServiceManager manager;
    const auto notify = Notify::connect(manager.address());
    REQUIRE(notify);
    const auto clock = [] {
        timespec now{};
        ::clock_gettime(CLOCK_MONOTONIC, &now);
        return (now.tv_sec * 1'000'000L) + (now.tv_nsec / 1000);
    };
    const auto before = clock();
    CHECK(notify->reloading());
    const auto text = manager.heard("RELOADING=1\n");
    const std::string mark = "MONOTONIC_USEC=";
    const auto told = std::stol(text.substr(text.find(mark) + mark.size()));
    CHECK(told >= before);
    CHECK(told <= clock());
}

TEST_CASE("words of a status are one line, and so no order to the manager") {
    const ServiceManager manager;
    const auto notify = Notify::connect(manager.address());
    REQUIRE(notify);
    CHECK(notify->ready("a\nSTOPPING=1\r\n\tb"));
    CHECK(manager.heard() == "READY=1\nSTATUS=a STOPPING=1   b");
}

TEST_CASE("without a manager everything goes well, and one that is gone is told of") {
    const Notify nobody;
    CHECK(nobody.ready("serving"));
    CHECK(nobody.ping());
    Notify notify;
    {
        const ServiceManager manager;
        notify = Notify::connect(manager.address()).value();
        CHECK(notify.ping());
    }
    CHECK_FALSE(notify.ping());
}

TEST_CASE("an address that is no socket's is refused with the reason") {
    const Files files;
    const auto absent = (files.root() / "nobody").string();
    for (const auto& [address, why] : std::vector<std::pair<std::string, std::string>>{
             {"relative", "it must be a path, or @ and a name"},
             {"vsock:2:1", "it must be a path, or @ and a name"},
             {"/", "it must be a path, or @ and a name"},
             {"@", "it must be a path, or @ and a name"},
             {"/" + std::string(107, 'a'), "it is too long"},
             {absent, "connect: No such file or directory"}}) {
        const auto notify = Notify::connect(address);
        REQUIRE_FALSE(notify);
        CHECK(notify.error() == why);
    }
}

TEST_CASE("the manager's terms are those of sd_watchdog_enabled(3)") {
    struct Row {
        const char* name;
        beta::config::Environment variables;
        std::chrono::microseconds watchdog;
    };
    const auto row = GENERATE(values<Row>({
        {"all three", {{"WATCHDOG_USEC", "30000000"}, {"WATCHDOG_PID", "7"}}, 30s},
        {"no process named", {{"WATCHDOG_USEC", "5"}}, 5us},
        {"another process", {{"WATCHDOG_USEC", "5"}, {"WATCHDOG_PID", "8"}}, 0us},
        {"no process at all", {{"WATCHDOG_USEC", "5"}, {"WATCHDOG_PID", "x"}}, 0us},
        {"no time", {{"WATCHDOG_PID", "7"}}, 0us},
        {"a negative time", {{"WATCHDOG_USEC", "-5"}}, 0us},
        {"a time and more", {{"WATCHDOG_USEC", "5s"}}, 0us},
        {"more than any number", {{"WATCHDOG_USEC", "99999999999999999999"}}, 0us},
    }));
    DYNAMIC_SECTION(row.name) {
        auto variables = row.variables;
        CHECK(ManagerTerms::of(variables, 7).watchdog == 0us);  // nobody is there to hear it
        variables["NOTIFY_SOCKET"] = "@systemd";
        const auto terms = ManagerTerms::of(variables, 7);
        CHECK(terms.socket == "@systemd");
        CHECK(terms.watchdog == row.watchdog);
    }
}
