#include "beta/directory/directory.hpp"

#include "beta/model/digest.hpp"

#include "support/allocations.hpp"
#include "support/onion_maker.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace beta::directory {
namespace {

using support::make_onion;

std::shared_ptr<const Directory> parsed(const std::string& yaml) {
    const auto directory = Directory::parse(yaml, "services.yaml");
    if (!directory)
        FAIL(directory.error().front().str());
    return *directory;
}

std::string three_entries() {
    return "apiVersion: beta.directory/v1\n"
           "services:\n"
           "  tron-payment: { plane: wallet, onions: { ops: " +
           make_onion(1) + ", chain: " + make_onion(2) +
           " }, port: 8080 }\n"
           "  api-gateway: { plane: ops, onion: " +
           make_onion(3) +
           " }\n"
           "external:\n"
           "  tron-mainnet: { host: api.trongrid.io }\n";
}

/// A directory of `count` services named by `name_of(i)`.
template <class NameOf>
std::string many(std::uint32_t count, NameOf name_of) {
    std::string yaml = "apiVersion: beta.directory/v1\nservices:\n";
    for (std::uint32_t i = 0; i < count; ++i)
        yaml += "  " + name_of(i) + ": { plane: ops, onion: " + make_onion(i) + " }\n";
    return yaml;
}

TEST_CASE("a service is found by its name and by its name with its plane") {
    const auto directory = parsed(three_entries());
    const Entry* const payment = directory->find("tron-payment");
    REQUIRE(payment != nullptr);
    CHECK(payment->name == "tron-payment");
    CHECK(payment->plane == "wallet");
    CHECK(payment->onion->port == 8080);
    CHECK_FALSE(payment->is_external());
    CHECK(directory->find("tron-payment.wallet") == payment);
    CHECK(directory->find("api-gateway.ops")->name == "api-gateway");
}

TEST_CASE("an external host is found by its own name only") {
    const auto directory = parsed(three_entries());
    const Entry* const mainnet = directory->find("tron-mainnet");
    REQUIRE(mainnet != nullptr);
    CHECK(mainnet->is_external());
    CHECK(mainnet->plane.empty());
    CHECK(mainnet->external->host == "api.trongrid.io");
    CHECK(mainnet->external->port == 443);
    CHECK_FALSE(mainnet->onion.has_value());
    CHECK(directory->find("api.trongrid.io") == nullptr);
    CHECK(directory->find("tron-mainnet.") == nullptr);
}

TEST_CASE("nothing else is found") {
    const auto directory = parsed(three_entries());
    for (const std::string_view name :
         {"", ".", "wallet", "tron-payment.ops", "tron-payment.", ".wallet", "Tron-Payment",
          "tron-payment.wallet.", "tron-payment.wallet.ops", "tron-paymen", "tron-payment "}) {
        CAPTURE(name);
        CHECK(directory->find(name) == nullptr);
    }
}

TEST_CASE("each calling plane has its own onion, or none") {
    const auto directory = parsed(three_entries());
    const OnionRoute& route = *directory->find("tron-payment")->onion;
    CHECK(route.for_caller("ops")->disclose() == make_onion(1));
    CHECK(route.for_caller("chain")->disclose() == make_onion(2));
    CHECK(route.for_caller("wallet") == nullptr);
    CHECK(route.for_caller("") == nullptr);
}

TEST_CASE("a single onion serves every caller, on port 80 unless said otherwise") {
    const auto directory = parsed(three_entries());
    const OnionRoute& route = *directory->find("api-gateway")->onion;
    CHECK(route.for_caller("chain")->disclose() == make_onion(3));
    CHECK(route.for_caller("ops") == route.for_caller("anything"));
    CHECK(route.port == 80);
}

TEST_CASE("an entry's id is its index, in the order of the file") {
    const auto directory = parsed(three_entries());
    REQUIRE(directory->entries().size() == 3);
    for (std::uint32_t i = 0; i < 3; ++i)
        CHECK(directory->entries()[i].id == i);
    CHECK(directory->entries()[1].name == "api-gateway");
}

TEST_CASE("the digest is that of the file's text") {
    CHECK(parsed(three_entries())->digest() == model::sha256_hex(three_entries()));
}

TEST_CASE("a directory without services is valid: a sidecar may only receive") {
    CHECK(parsed("apiVersion: beta.directory/v1\nservices: {}\n")->entries().empty());
}

TEST_CASE("a thousand services are read and found, without a look-alike among numbered ones") {
    const auto name_of = [](std::uint32_t i) { return "service-" + std::to_string(i); };
    model::Diagnostics warnings;
    const auto directory = Directory::parse(many(1'000, name_of), "services.yaml", &warnings);
    REQUIRE(directory);
    CHECK(warnings.empty());
    for (std::uint32_t i = 0; i < 1'000; ++i) {
        REQUIRE((*directory)->find(name_of(i)) != nullptr);
        CHECK((*directory)->find(name_of(i) + ".ops")->id == i);
        CHECK((*directory)->find(name_of(i))->onion->for_caller("x")->disclose() == make_onion(i));
    }
}

TEST_CASE("finding a name allocates nothing") {
    const auto directory = parsed(three_entries());
    const std::string unknown(200, 'x');
    const std::size_t before = support::allocations();
    const bool found = directory->find("tron-payment.wallet") != nullptr;
    const bool found_external = directory->find("tron-mainnet") != nullptr;
    const bool found_unknown = directory->find(unknown) != nullptr;
    const std::size_t after = support::allocations();
    CHECK(after == before);
    CHECK((found && found_external && !found_unknown));
    CHECK(before > 0);  // the counter counts
}

}  // namespace
}  // namespace beta::directory
