#include "beta/tor/isolation.hpp"

#include "beta/http/target.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <string>

using namespace beta::tor;

namespace {

constexpr CircuitName base{.plane = "ops", .service = "api-gateway", .destination = "tron-payment"};

std::string text(const Credentials& credentials) {
    return credentials.user + ':' + credentials.password;
}

}  // namespace

TEST_CASE("any difference in plane, service, destination, circuit or epoch gives others") {
    const Isolation isolation;
    std::set<std::string> seen;
    const auto add = [&](auto change) {
        CircuitName name = base;
        change(name);
        const auto credentials = isolation.credentials(name);
        CHECK(seen.insert(credentials.user).second);
        CHECK(seen.insert(credentials.password).second);
    };
    add([](CircuitName&) {});
    add([](CircuitName& name) { name.plane = "chain"; });
    add([](CircuitName& name) { name.service = "api"; });
    add([](CircuitName& name) { name.destination = "tron"; });
    add([](CircuitName& name) { name.circuit = 1; });
    add([](CircuitName& name) { name.circuit = 11; });
    add([](CircuitName& name) { name.epoch.turn = 1; });
    add([](CircuitName& name) { name.epoch.fresh = 1; });
    add([](CircuitName& name) { name.epoch = {.turn = 1, .fresh = 1}; });
    add([](CircuitName& name) { name.circuit = 1, name.epoch.turn = 1; });
    add([](CircuitName& name) {
        name.service = "api-gateway\0tron", name.destination = "payment";
    });
}

TEST_CASE("the same name gives the same credentials, in another process others") {
    const Isolation isolation;
    const Isolation restarted;
    CHECK(text(isolation.credentials(base)) == text(isolation.credentials(base)));
    CHECK(text(isolation.credentials(base)) != text(restarted.credentials(base)));
}

TEST_CASE("credentials fit their fields, tell no name, and never look like a command to tor") {
    const Isolation isolation;
    for (std::uint64_t turn = 0; turn < 100; ++turn) {
        CircuitName name = base;
        name.epoch.turn = turn;
        const auto [user, password] = isolation.credentials(name);
        CHECK(user.size() == 32);
        CHECK(password.size() == 32);
        CHECK((user + password).find_first_not_of("0123456789abcdef") == std::string::npos);
    }
}

TEST_CASE("what is fresh was never given before") {
    const Isolation isolation;
    std::set<std::uint64_t> seen{Epoch{}.fresh};
    for (int i = 0; i < 100; ++i)
        CHECK(seen.insert(isolation.fresh()).second);
}

TEST_CASE("the path that only this process answers is its own, and one that a request may have") {
    const Isolation isolation;
    const auto path = isolation.self_path();
    CHECK(path == isolation.self_path());
    CHECK(path != Isolation().self_path());
    CHECK(beta::http::is_canonical_path(path));
    CHECK(path.size() > 64);
}
