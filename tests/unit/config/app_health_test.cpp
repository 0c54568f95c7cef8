#include "configuration.hpp"

#include <catch2/catch.hpp>

#include <chrono>

namespace beta::config {
namespace {

using namespace std::chrono_literals;
using Catch::Contains;

const std::string with_ingress =
    needed + "app: 127.0.0.1:80\ningress: [{ plane: a, address: unix:/a }]\n";

TEST_CASE("the app is checked by a connection every five seconds, unless told otherwise") {
    CHECK(parsed(with_ingress).app_health == AppHealth{});
    const auto health =
        parsed(with_ingress +
               "app_health: { every: 1s, path: \"/healthz?deep=1\", timeout: 500ms, "
               "failures: 5, successes: 2 }\n")
            .app_health;
    CHECK(health == AppHealth{.every = 1s,
                              .timeout = 500ms,
                              .path = "/healthz?deep=1",
                              .failures = 5,
                              .successes = 2});
    CHECK(parsed(with_ingress + "app_health: { every: off, path: off }\n").app_health.every == 0s);
}

TEST_CASE("what cannot be checked is refused") {
    for (const std::string path : {"healthz", "\"/a b\"", "\"/a#b\"", "\"/a\\r\\n\"", "\"\"",
                                   "http://127.0.0.1/", "/\u00e9"})
        CHECK_THAT(error_of(with_ingress + "app_health: { path: " + path + " }\n"),
                   Contains("app_health.path must be off, or a path as in /healthz"));
    CHECK_THAT(error_of(with_ingress + "app_health: { path: /" + std::string(1024, 'a') + " }\n"),
               Contains("of at most 1024"));
    CHECK_THAT(error_of(with_ingress + "app_health: { every: 99ms }\n"),
               Contains("must be off or a time from 100ms to 1h"));
    CHECK_THAT(error_of(with_ingress + "app_health: { failures: 0 }\n"),
               Contains("must be a number from 1 to 100"));
    CHECK_THAT(error_of(needed + "app_health: { path: /healthz }\n"),
               Contains("no app to check") && Contains("CONFIG_NO_APP_TO_CHECK"));
}

}  // namespace
}  // namespace beta::config
