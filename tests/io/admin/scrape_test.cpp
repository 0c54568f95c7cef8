#include "admin_server.hpp"

#include <catch2/catch.hpp>

#include <functional>
#include <future>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

using namespace beta;
using namespace std::chrono_literals;
using testing::AdminServer;
using testing::Client;
using testing::plain_hooks;

namespace {

const std::string scrape_request = "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n";

using Answer = std::function<void(admin::Hooks::MakeText)>;

}  // namespace

TEST_CASE("an answer from another thread is rendered on the admin thread") {
    std::thread::id rendered_on;
    std::jthread worker;
    auto hooks = plain_hooks();
    hooks.metrics = [&](Answer answer) {
        worker = std::jthread([&, answer = std::move(answer)] {
            answer([&] {
                rendered_on = std::this_thread::get_id();
                return std::string("late 1\n");
            });
        });
    };
    const AdminServer server(hooks);
    CHECK(server.get("/metrics").body == "late 1\n");
    CHECK(rendered_on != worker.get_id());
    CHECK(rendered_on != std::this_thread::get_id());
}

TEST_CASE("scrapes that come together share one collection") {
    std::promise<Answer> asked;
    std::atomic<int> collections{0};
    auto hooks = plain_hooks();
    hooks.metrics = [&](Answer answer) {
        ++collections;
        asked.set_value(std::move(answer));
    };
    const AdminServer server(hooks);
    Client first(server.port());
    Client second(server.port());
    first.send(scrape_request);
    const auto answer = asked.get_future().get();
    second.send(scrape_request);
    CHECK(server.get("/livez").status() ==
          200);  // the second is in hand by now, and others are served
    answer([] { return std::string("shared 1\n"); });
    CHECK(first.response().body == "shared 1\n");
    CHECK(second.response().body == "shared 1\n");
    CHECK(collections == 1);
}

TEST_CASE("workers that do not answer cost a 503, and the next scrape is a new one") {
    std::mutex mutex;
    std::vector<Answer> answers;
    auto hooks = plain_hooks();
    hooks.metrics = [&](Answer answer) {
        const std::lock_guard lock(mutex);
        answers.push_back(std::move(answer));
        if (answers.size() > 1)
            answers.back()([] { return std::string("second 1\n"); });
    };
    const AdminServer server(hooks, {.scrape_time = 30ms});
    CHECK(server.get("/metrics").status() == 503);
    CHECK(server.get("/metrics").body == "second 1\n");
    answers.front()([] { return std::string("too late\n"); });
    CHECK(server.get("/metrics").body == "second 1\n");
}

TEST_CASE("an answer that comes when the server has gone goes nowhere") {
    std::promise<Answer> asked;
    auto hooks = plain_hooks();
    hooks.metrics = [&](Answer answer) { asked.set_value(std::move(answer)); };
    Answer answer;
    {
        const AdminServer server(hooks);
        Client client(server.port());
        client.send(scrape_request);
        answer = asked.get_future().get();
    }
    answer([] { return std::string("nobody\n"); });
}
