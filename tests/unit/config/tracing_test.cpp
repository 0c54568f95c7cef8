#include "configuration.hpp"

#include <catch2/catch.hpp>

namespace beta::config {
namespace {

using namespace std::chrono_literals;

TEST_CASE("nothing is traced unless a collector is named") {
    CHECK(parsed(needed).tracing == Tracing{});
    CHECK(parsed(needed + "tracing: { collector: off }\n").tracing == Tracing{});
    CHECK(parsed(needed + "tracing: { collector: otel.ops, sample: 2.5%, queue_spans: 100, "
                          "batch_spans: 10, flush: 250ms }\n")
              .tracing == Tracing{.collector = "otel.ops",
                                  .sample = 25'000,
                                  .queue_spans = 100,
                                  .batch_spans = 10,
                                  .flush = 250ms});
}

TEST_CASE("a collector is a service of the directory, never an address") {
    for (const std::string other :
         {"'http://127.0.0.1:4318'", "127.0.0.1:4318", "Otel", "otel.", "otel.Ops", "a.b.c"})
        CHECK_THAT(error_of(needed + "tracing: { collector: " + other + " }\n"),
                   Catch::Contains("must be off, or a service of the directory"));
}

}  // namespace
}  // namespace beta::config
