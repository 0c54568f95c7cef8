#include "beta/model/onion_address.hpp"

#include "command_line.hpp"

#include <catch2/catch.hpp>

using beta::model::OnionAddress;
using beta::testing::beta_sidecar;
using beta::testing::Deployment;
using Catch::Contains;

TEST_CASE("onion new makes a key file, and onion address alone tells its address") {
    const Deployment files;
    const auto key = files.path("a.pem");
    const auto made = beta_sidecar({"onion", "new", key});
    CHECK(made.code == 0);
    CHECK(made.out.find(".onion") == std::string::npos);
    const auto told = beta_sidecar({"onion", "address", key});
    CHECK(told.code == 0);
    CHECK(OnionAddress::parse(told.out.substr(0, told.out.size() - 1)));
    CHECK(beta_sidecar({"onion", "new", key}).code == 65);
    CHECK(beta_sidecar({"onion", "address", key}).out == told.out);
}

TEST_CASE("onion address tells the address of every calling plane, as the directory wants it") {
    const Deployment files;
    files.write("sidecar.yaml", Deployment::config() +
                                    "app: 127.0.0.1:1\ntor: { keys: . }\ningress:\n"
                                    "  - { plane: wallet, address: 127.0.0.1:0 }\n");
    const auto early = beta_sidecar({"onion", "address", "-c", files.config_path()});
    CHECK(early.code == 65);
    CHECK_THAT(early.err, Contains("api-gateway-wallet.pem: cannot open this key file"));
    const auto key = files.path("api-gateway-wallet.pem");
    REQUIRE(beta_sidecar({"onion", "new", key}).code == 0);
    CHECK(beta_sidecar({"onion", "address", "-c", files.config_path()}).out ==
          "wallet: " + beta_sidecar({"onion", "address", key}).out);
}

TEST_CASE("onion client-key makes a caller's key and tells its public half") {
    const Deployment files;
    const auto made = beta_sidecar({"onion", "client-key", files.path("c.key")});
    CHECK(made.code == 0);
    CHECK_THAT(made.out, Catch::StartsWith("descriptor:x25519:"));
    CHECK(beta_sidecar({"onion", "client-public", files.path("c.key")}).out == made.out);
    CHECK(beta_sidecar({"onion", "address", files.path("c.key")}).code == 65);
    CHECK(beta_sidecar({"onion", "client-public"}).code == 64);
}
