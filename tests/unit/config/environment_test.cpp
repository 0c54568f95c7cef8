#include "beta/config/keys.hpp"
#include "beta/yaml/document.hpp"

#include "configuration.hpp"

namespace beta::config {
namespace {

using Catch::Contains;

TEST_CASE("a variable wins over the file") {
    const Config config = parsed(needed + "tor: { socks: 127.0.0.1:1 }\n",
                                 {{"BETA_TOR_SOCKS", "127.0.0.1:2"},
                                  {"BETA_LIMITS_HEAD_BYTES", "64KiB"},
                                  {"BETA_LOG_LEVEL", "debug"},
                                  {"BETA_EGRESS_ADDRESS", "unix:/run/egress.sock"},
                                  {"BETA_ADMIN_ADDRESS", "off"},
                                  {"HOME", "/root"}});
    CHECK(config.tor_socks.port() == 2);
    CHECK(config.limits.head_bytes == 64 * 1024);
    CHECK(config.log.level == LogLevel::debug);
    CHECK(config.egress->host() == "/run/egress.sock");
    CHECK_FALSE(config.admin.has_value());
}

TEST_CASE("variables alone can make a configuration") {
    const Config config = parsed("{}\n", {{"BETA_SERVICE", "pay"},
                                          {"BETA_PLANE", "wallet"},
                                          {"BETA_ACL", "/acl/wallet.yaml"},
                                          {"BETA_SERVICES", "services.yaml"},
                                          {"BETA_IDENTITY", "listener"}});
    CHECK(config.service.view() == "pay");
    CHECK(config.acl_file == "/acl/wallet.yaml");
}

TEST_CASE("ingress listeners stand in one variable and replace those of the file") {
    const std::string file =
        needed + "app: 127.0.0.1:80\ningress: [{ plane: a, address: unix:/a }]\n";
    const Config config =
        parsed(file, {{"BETA_INGRESS", "ops=127.0.0.1:15006,chain=unix:/run/chain.sock"}});
    REQUIRE(config.ingress.size() == 2);
    CHECK(config.ingress[0].plane.view() == "ops");
    CHECK(config.ingress[1].address.host() == "/run/chain.sock");
    CHECK(parsed(file, {{"BETA_INGRESS", ""}}).ingress.empty());
    for (const std::string text : {"ops", "=127.0.0.1:1", "ops=", "ops=127.0.0.1:1,",
                                   "a=unix:/a,a=unix:/b", "ops=0.0.0.0:1", "A=127.0.0.1:1", ","}) {
        CAPTURE(text);
        CHECK_THAT(error_of(file, {{"BETA_INGRESS", text}}),
                   Contains("BETA_INGRESS: error: ingress must"));
    }
    CHECK_THAT(error_of(needed, {{"BETA_INGRESS", "ops=127.0.0.1:1"}}),
               Contains("BETA_INGRESS: error: there is an ingress listener but no \"app\""));
}

TEST_CASE("the names of existing deployments are understood") {
    const Config config =
        parsed("services: s.yaml\nidentity: listener\n", {{"SERVICE_NAME", "tron-payment"},
                                                          {"SERVICE_PORT", "8090"},
                                                          {"PLANE", "wallet"},
                                                          {"ACL_POLICY_FILE", "/acl/wallet.yaml"},
                                                          {"LOG_LEVEL", "error"},
                                                          {"SERVICE_DISCOVERY_MODE", "onion"},
                                                          {"ONION_RESOLUTION_ENABLED", "true"}});
    CHECK(config.service.view() == "tron-payment");
    CHECK(config.app->str() == "127.0.0.1:8090");
    CHECK(config.plane.view() == "wallet");
    CHECK(config.acl_file == "/acl/wallet.yaml");
    CHECK(config.log.level == LogLevel::error);
}

TEST_CASE("each of those names is validated like its key") {
    const Environment wrong{{"SERVICE_NAME", "Tron"},
                            {"SERVICE_PORT", "http"},
                            {"PLANE", "-"},
                            {"ACL_POLICY_FILE", ""},
                            {"LOG_LEVEL", "INFO"},
                            {"SERVICE_DISCOVERY_MODE", "dns"},
                            {"ONION_RESOLUTION_ENABLED", "false"}};
    for (const auto& [name, value] : wrong) {
        CAPTURE(name);
        CHECK_THAT(error_of(needed, {{name, value}}),
                   Contains(name + ": error: ") && Contains("[CONFIG_BAD_VALUE]"));
    }
    CHECK(errors_of(needed, wrong).size() == wrong.size());
}

TEST_CASE("each wrong value of a name of before is shown as it was set") {
    CHECK(error_of(needed, {{"SERVICE_PORT", "http"}}) ==
          "SERVICE_PORT: error: the port of app must be a number from 1 to 65535; found \"http\" "
          "[CONFIG_BAD_VALUE]");
    CHECK_THAT(error_of(needed, {{"SERVICE_PORT", "0"}}), Contains("found \"0\""));
    CHECK_THAT(error_of(needed, {{"SERVICE_PORT", "80:80"}}), Contains("found \"80:80\""));
    CHECK_THAT(error_of(needed, {{"PLANE", "Wallet"}}), Contains("found \"Wallet\""));
    CHECK_THAT(error_of(needed, {{"SERVICE_DISCOVERY_MODE", ""}}),
               Contains("must be \"onion\" or unset") && Contains("found \"\""));
}

/// What people write by mistake; each key has to refuse at least one of them.
TEST_CASE("a wrong value of any key is refused by its variable, shown, and told what is right") {
    const std::vector<std::string> wrong{"-1", "", "yes please", "a\x01", "0.5s"};
    for (const Key& key : keys()) {
        const std::string name = variable_of(key.path);
        std::size_t refused = 0;
        for (const std::string& value : wrong) {
            CAPTURE(name, value);
            const auto config = parse(needed, "sidecar.yaml", {{name, value}});
            if (config || config.error().front().code != "CONFIG_BAD_VALUE")
                continue;  // a path may be called so; or it lacks another key
            ++refused;
            const auto& error = config.error().front();
            CHECK(error.file == name);
            CHECK_THAT(error.message, Contains(std::string(key.path) + " must "));
            CHECK_THAT(error.message, Contains("found \"" + yaml::printable(value) + '"') ||
                                          Contains("found is not shown"));
            if (value.empty())
                CHECK_THAT(error.message, Contains("; unset it, and what the file says counts"));
        }
        CAPTURE(name);
        CHECK(refused > 0);
    }
}

TEST_CASE("a secret in place of the file that holds it is refused and never shown") {
    const std::vector<std::string> secrets{
        "-----BEGIN PRIVATE KEY-----\nMIIEvhunter2\n-----END PRIVATE KEY-----\n",
        "hunter2hunter2hunter2hunter2hunter2=", "hunter2/hunter2+hunter2hunter2hunter2hunter2=",
        std::string("hunter2\x01")};
    for (const auto name : {"BETA_TLS_KEY", "BETA_AUDIT_KEY", "BETA_TOR_CLIENT_KEY",
                            "BETA_TOR_CONTROL_PASSWORD_FILE"}) {
        for (const std::string& secret : secrets) {
            CAPTURE(name, secret);
            const auto errors = errors_of(needed, {{name, secret}});
            CHECK_THAT(errors.front(), Contains("the path of a file; what was found"));
            for (const auto& error : errors)
                CHECK_THAT(error, !Contains("hunter2"));
        }
        CHECK_THAT(errors_of(needed, {{name, ""}}).front(), Contains("found \"\"; unset it"));
    }
    CHECK_THAT(error_of(needed, {{"BETA_LOG_LEVEL", secrets.front()}}),
               !Contains("hunter2") && Contains("is not shown"));
    const std::string usual = "/etc/beta/tls/a-rather-long-name-of-a-service/key.pem";
    CHECK(parsed(needed + "audit: { file: a.log }\n", {{"BETA_AUDIT_KEY", usual}}).audit.key ==
          usual);
}

TEST_CASE("two names of one key must agree") {
    CHECK(error_of(needed, {{"SERVICE_NAME", "a"}, {"BETA_SERVICE", "b"}}) ==
          "SERVICE_NAME: error: disagrees with BETA_SERVICE, which is \"b\"; unset one of them; "
          "found \"a\" [CONFIG_VARIABLES_DISAGREE]");
    CHECK(parsed(needed, {{"SERVICE_NAME", "a"}, {"BETA_SERVICE", "a"}}).service.view() == "a");
    CHECK(parsed(needed, {{"SERVICE_PORT", "81"}, {"BETA_APP", "127.0.0.1:81"}}).app->port() == 81);
}

TEST_CASE("a variable's error names the variable in place of the file") {
    CHECK(error_of(needed, {{"BETA_WORKERS", "many"}}) ==
          "BETA_WORKERS: error: workers must be a number from 0 to 256; found \"many\" "
          "[CONFIG_BAD_VALUE]");
}

TEST_CASE("a variable that begins as ours but is none is an error with the nearest name") {
    CHECK(error_of(needed, {{"BETA_TOR_SOCK", "127.0.0.1:1"}}) ==
          "BETA_TOR_SOCK: error: no key has this variable; did you mean BETA_TOR_SOCKS? "
          "[CONFIG_UNKNOWN_VARIABLE]");
    CHECK_THAT(error_of(needed, {{"BETA_", ""}}), Contains("[CONFIG_UNKNOWN_VARIABLE]"));
    CHECK_THAT(error_of(needed, {{"BETA_SIDECAR_PORT_9090_TCP_ADDR", "10.0.0.1"}}),
               Contains("enableServiceLinks"));
    CHECK_THAT(error_of(needed, {{"BETA_\n", ""}}), Contains("BETA_\\x0a: error"));
    CHECK(parsed(needed, {{"BETAMAX", "1"}, {"ALPHA", "1"}}).workers == 0);
}

TEST_CASE("the values of unknown variables are not printed: they may be secrets") {
    for (const auto name : {"BETA_TOKEN", "BETA_DB_PASSWORD", "BETA_TLS_KEYS", "BETA_KEY"})
        CHECK_THAT(error_of(needed, {{name, "hunter2"}}),
                   !Contains("hunter2") && Contains("[CONFIG_UNKNOWN_VARIABLE]"));
}

TEST_CASE("a file and its variables are judged together") {
    const auto errors =
        errors_of("service: A\nidentity: listener\n", {{"BETA_WORKERS", "x"}, {"BETA_X", "y"}});
    CHECK(errors.size() == 6);  // service, two variables, three missing keys
}

}  // namespace
}  // namespace beta::config
