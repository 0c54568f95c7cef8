#include "configuration.hpp"

namespace beta::config {
namespace {

using Catch::Contains;

const std::string with_ingress =
    needed + "app: 127.0.0.1:80\ningress: [{ plane: a, address: 127.0.0.1:1 }]\n";

TEST_CASE("a managed tor has its SOCKS port in its folder") {
    const auto config = parsed(needed + "tor: { mode: managed, data: /var/lib/beta/tor }\n");
    CHECK(config.tor_mode == TorMode::managed);
    CHECK(config.tor_socks.str() == "unix:/var/lib/beta/tor/socks");
    CHECK(config.tor_control->str() == "unix:/var/lib/beta/tor/control");
    CHECK(config.tor_binary == "/usr/bin/tor");
}

TEST_CASE("a managed tor needs a folder, and has no port but that in it") {
    CHECK_THAT(error_of(needed + "tor: { mode: managed }\n"),
               Contains("sidecar.yaml:6:14:") && Contains("[CONFIG_TOR_DATA_NEEDED]"));
    CHECK_THAT(error_of(needed + "tor: { mode: managed, data: off }\n"),
               Contains("[CONFIG_TOR_DATA_NEEDED]"));
    CHECK_THAT(error_of(needed + "tor: { mode: managed, data: /t, socks: 127.0.0.1:9050 }\n"),
               Contains("leave tor.socks out [CONFIG_TOR_IS_MANAGED]"));
    CHECK_THAT(error_of(needed + "tor: { mode: managed, data: /t, control: 127.0.0.1:9051 }\n"),
               Contains("[CONFIG_TOR_IS_MANAGED]"));
    CHECK_THAT(error_of(needed + "tor: { data: /t }\n"), Contains("[CONFIG_TOR_IS_EXTERNAL]"));
    CHECK_THAT(error_of(needed + "tor: { extra_torrc: t }\n"),
               Contains("[CONFIG_TOR_IS_EXTERNAL]"));
}

TEST_CASE("the folder of a managed tor fits into a torrc and into a socket's name") {
    const auto longest = "/" + std::string(98, 'a');
    CHECK(parsed(needed + "tor: { mode: managed, data: " + longest + " }\n").tor_data == longest);
    for (const std::string& path :
         {std::string("tor"), std::string("'/a b'"), std::string("'/a\"b'"), std::string("'/a\\b'"),
          longest + "a"}) {
        CAPTURE(path);
        CHECK_THAT(error_of(needed + "tor: { mode: managed, data: " + path + " }\n"),
                   Contains("tor.data must be off, or a folder"));
    }
}

TEST_CASE("publishing needs a folder of keys and something to publish") {
    CHECK_THAT(error_of(with_ingress + "tor: { publish: true, control: 127.0.0.1:9051 }\n"),
               Contains("[CONFIG_TOR_KEYS_NEEDED]"));
    CHECK_THAT(error_of(needed + "tor: { publish: true, keys: k, control: 127.0.0.1:9051 }\n"),
               Contains("[CONFIG_NOTHING_TO_PUBLISH]"));
    CHECK_THAT(
        error_of(with_ingress + "tor: { publish: true, keys: k }\n"),
        Contains("tor.publish needs \"tor.control\"") && Contains("[CONFIG_TOR_CONTROL_NEEDED]"));
    CHECK_THAT(error_of(needed + "tor: { client_key: k }\n"),
               Contains("[CONFIG_TOR_CONTROL_NEEDED]"));
    const auto config =
        parse(with_ingress +
                  "tor: { publish: true, keys: k, client_key: c.key, control: 127.0.0.1:9051 }\n",
              "/etc/beta/sidecar.yaml", {});
    REQUIRE(config);
    CHECK(config->tor_publish);
    CHECK(config->tor_keys == "/etc/beta/k");
    CHECK(config->tor_client_key == "/etc/beta/c.key");
}

TEST_CASE("the sidecar calls its own onions when it is told how often, and has any") {
    using namespace std::chrono_literals;
    CHECK(parsed(with_ingress).tor_probe == 0s);
    CHECK(parsed(with_ingress + "tor: { probe: off }\n").tor_probe == 0s);
    CHECK(parsed(with_ingress + "tor: { probe: 60s }\n").tor_probe == 60s);
    CHECK_THAT(error_of(with_ingress + "tor: { probe: 500ms }\n"),
               Contains("must be off or a time from 1s to 24h"));
    CHECK_THAT(error_of(needed + "tor: { probe: 60s }\n"), Contains("[CONFIG_NOTHING_TO_PROBE]"));
}

}  // namespace
}  // namespace beta::config
