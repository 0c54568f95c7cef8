#include "beta/telemetry/gather.hpp"

#include <catch2/catch.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using beta::telemetry::Gather;

TEST_CASE("parts are passed on once, when the last worker has brought its own") {
    std::vector<std::size_t> calls;
    auto gather = std::make_shared<Gather<std::string>>(
        3, [&](const std::vector<std::string>& parts) { calls.push_back(parts.size()); });
    {
        std::vector<std::jthread> workers;
        workers.reserve(3);
        for (int i = 0; i < 3; ++i)
            workers.emplace_back([gather] { gather->add("mine"); });
    }
    CHECK(calls == std::vector<std::size_t>{3});
    gather->add("a fourth is nobody's");
    CHECK(calls.size() == 1);
}
