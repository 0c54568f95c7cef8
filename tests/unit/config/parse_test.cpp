#include "configuration.hpp"
#include "support/onion_maker.hpp"

namespace beta::config {
namespace {

using namespace std::chrono_literals;
using Catch::Contains;

TEST_CASE("five keys make a configuration; the rest has defaults") {
    const Config config = parsed(needed);
    CHECK(config.service.view() == "api-gateway");
    CHECK(config.plane.view() == "ops");
    CHECK(config.tor_socks.str() == "127.0.0.1:9050");
    CHECK_FALSE(config.tor_control.has_value());
    CHECK(config.tor_control_password_file.empty());
    CHECK(config.egress->str() == "127.0.0.1:15001");
    CHECK(config.admin->str() == "127.0.0.1:9090");
    CHECK(config.admin_page);
    CHECK(config.ingress.empty());
    CHECK_FALSE(config.app.has_value());
    CHECK(config.workers == 0);
    CHECK(config.drain_timeout == 30s);
    CHECK(config.log == Log{});
    CHECK(config.limits == Limits{});
}

TEST_CASE("every key is read into its own place") {
    const Config config = parsed(
        needed +
        "app: 127.0.0.1:8080\ntor: { socks: 'unix:/run/tor.sock', control: '[::1]:9051', "
        "control_password_file: /run/secret }\n"
        "egress: { address: '[::1]:15001' }\nadmin: { address: 0.0.0.0:9091, page: false }\n"
        "ingress:\n  - { plane: wallet, address: 127.0.0.1:1 }\n"
        "  - { address: 127.0.0.2:1, plane: chain }\n"
        "workers: 4\ndrain: { timeout: 1m }\nlog: { level: warn, access: false, queue_lines: 99 }\n"
        "limits: { head_bytes: 16KiB, body_bytes: 5, response_time: 1500ms }\n");
    CHECK(config.app->port() == 8080);
    CHECK(config.tor_socks.host() == "/run/tor.sock");
    CHECK(config.tor_control->str() == "[::1]:9051");
    CHECK(config.tor_control_password_file == "/run/secret");
    CHECK(config.egress->str() == "[::1]:15001");
    CHECK(config.admin->str() == "0.0.0.0:9091");
    CHECK_FALSE(config.admin_page);
    REQUIRE(config.ingress.size() == 2);
    CHECK(config.ingress[0].plane.view() == "wallet");
    CHECK(config.ingress[1].address.str() == "127.0.0.2:1");
    CHECK(config.workers == 4);
    CHECK(config.drain_timeout == 60s);
    CHECK(config.log == Log{.level = LogLevel::warn, .access = false, .queue_lines = 99});
    CHECK(config.limits.head_bytes == 16 * 1024);
    CHECK(config.limits.body_bytes == 5);
    CHECK(config.limits.response_time == 1500ms);
}

TEST_CASE("egress and admin can be switched off") {
    const Config config = parsed(needed +
                                 "egress: { address: off }\nadmin: { address: off }\n"
                                 "app: 127.0.0.1:80\ningress: [{ plane: a, address: unix:/i }]\n");
    CHECK_FALSE(config.egress.has_value());
    CHECK_FALSE(config.admin.has_value());
    CHECK_THAT(error_of(needed + "egress: off\n"), Contains("[CONFIG_EXPECTED_MAP]"));
    CHECK_THAT(error_of(needed + "egress: { address: off }\n"),
               Contains("sidecar.yaml:6:20: error: egress is off and there is no ingress") &&
                   Contains("[CONFIG_NOTHING_TO_DO]"));
}

TEST_CASE("files are looked for beside the configuration file") {
    const auto files_of = [](const std::string& file_name, const std::string& acl) {
        const auto config = parse(
            "service: a\nplane: b\nservices: /etc/s.yaml\nidentity: listener\nacl: " + acl + "\n",
            file_name, {});
        REQUIRE(config);
        CHECK(config->services_file == "/etc/s.yaml");
        return config->acl_file;
    };
    CHECK(files_of("/etc/beta/sidecar.yaml", "ops.yaml") == "/etc/beta/ops.yaml");
    CHECK(files_of("config/sidecar.yaml", "../acl/ops.yaml") == "config/../acl/ops.yaml");
    CHECK(files_of("sidecar.yaml", "ops.yaml") == "ops.yaml");
    CHECK(files_of("/etc/beta/sidecar.yaml", "/acl/ops.yaml") == "/acl/ops.yaml");
}

TEST_CASE("each missing key is named, with its variable") {
    const auto errors = errors_of("app: 127.0.0.1:80\n");
    REQUIRE(errors.size() == 8);
    CHECK(errors[0] ==
          "sidecar.yaml: error: the configuration lacks \"service\"; write it, or set "
          "BETA_SERVICE [CONFIG_MISSING_KEY]");
    CHECK_THAT(errors[3], Contains("\"services\""));
    CHECK_THAT(errors[4], Contains("\"tls.certificate\"") && Contains("BETA_TLS_CERTIFICATE") &&
                              Contains("\"identity: listener\""));
    CHECK_THAT(errors[5], Contains("\"tls.key\""));
    CHECK_THAT(errors[6], Contains("\"tls.ca\""));
    CHECK_THAT(errors[7], Contains("\"tls.trust_domain\""));
}

TEST_CASE("a bad value of a needed key is one error, not a missing key too") {
    CHECK_THAT(error_of("service: A\nplane: ops\nacl: a\nservices: s\nidentity: listener\n"),
               Contains("sidecar.yaml:1:10: error: service must be a name") &&
                   Contains("[CONFIG_BAD_VALUE]"));
}

TEST_CASE("an unknown key is refused at every level with the nearest word") {
    CHECK_THAT(error_of(needed + "wokers: 1\n"),
               Contains("sidecar.yaml:6:1:") && Contains("did you mean \"workers\"?"));
    CHECK_THAT(error_of(needed + "tor: { sock: 127.0.0.1:1 }\n"),
               Contains("did you mean \"socks\"?"));
    CHECK_THAT(error_of(needed + "limits: { head_byte: 1KiB }\n"),
               Contains("did you mean \"head_bytes\"?"));
    CHECK_THAT(error_of(needed + "app: 127.0.0.1:80\ningress: [{ plane: a, address: "
                                 "127.0.0.1:1, port: 1 }]\n"),
               Contains("[CONFIG_UNKNOWN_KEY]"));
    CHECK_THAT(error_of(needed + "limits.head_bytes: 1KiB\n"), Contains("[CONFIG_UNKNOWN_KEY]"));
}

TEST_CASE("a value of the wrong kind is refused") {
    CHECK_THAT(error_of(needed + "workers: [1]\n"), Contains("[CONFIG_EXPECTED_VALUE]"));
    CHECK_THAT(error_of(needed + "limits: 5\n"), Contains("[CONFIG_EXPECTED_MAP]"));
    CHECK_THAT(error_of(needed + "ingress: { plane: a }\n"), Contains("[CONFIG_EXPECTED_LIST]"));
    CHECK_THAT(error_of(needed + "workers: \"4\"\n"), Contains("in quotes"));
    CHECK_THAT(error_of(needed + "workers: 257\n"), Contains("from 0 to 256"));
    CHECK_THAT(error_of(needed + "log: { level: verbose }\n"),
               Contains("debug, info, warn or error"));
    CHECK_THAT(error_of(needed + "log: { access: yes }\n"), Contains("true or false"));
    CHECK_THAT(error_of(needed + "limits: { header_time: 10 }\n"), Contains("10ms to 1h"));
    CHECK_THAT(error_of("service: a\nplane: b\nservices: s\nidentity: listener\nacl: \"\"\n"),
               Contains("acl must be the path of a file"));
    CHECK_THAT(error_of("service: a\nplane: b\nservices: \"s\\0\"\nidentity: listener\nacl: a\n"),
               Contains("services must be the path of a file"));
}

TEST_CASE("what crosses in clear, or lends its identity, stays on this machine") {
    for (const std::string address : {"0.0.0.0:1", "10.0.0.1:1", "[::]:1", "[2001:db8::1]:1"}) {
        CAPTURE(address);
        CHECK_THAT(error_of(needed + "egress: { address: '" + address + "' }\n"),
                   Contains("acts as this service"));
        CHECK_THAT(error_of(needed + "tor: { socks: '" + address + "' }\n"),
                   Contains("must be on this machine"));
        CHECK_THAT(error_of(needed + "tor: { control: '" + address + "' }\n"),
                   Contains("must be on this machine"));
        CHECK_THAT(error_of(needed + "app: '" + address + "'\n"),
                   Contains("must be on this machine"));
        CHECK_THAT(error_of(needed + "app: 127.0.0.1:80\ningress: [{ plane: a, address: '" +
                            address + "' }]\n"),
                   Contains("acts as that plane"));
        CHECK(parsed(needed + "admin: { address: '" + address + "' }\n").admin.has_value());
    }
}

TEST_CASE("no host name is accepted for an address") {
    for (const std::string key : {"app: localhost:80", "tor: { socks: tor:9050 }",
                                  "egress: { address: localhost:1 }", "admin: { address: x:1 }"}) {
        CAPTURE(key);
        CHECK_THAT(error_of(needed + key + "\n"), Contains("must be an address"));
    }
}

TEST_CASE("a listener may take any free port, what is called may not") {
    const Config config = parsed(needed +
                                 "egress: { address: 127.0.0.1:0 }\nadmin: { address: "
                                 "127.0.0.1:0 }\n");
    CHECK(config.egress->port() == 0);
    CHECK_THAT(error_of(needed + "app: 127.0.0.1:0\n"), Contains("0 cannot be called"));
    CHECK_THAT(error_of(needed + "tor: { socks: 127.0.0.1:0 }\n"), Contains("0 cannot be called"));
    CHECK_THAT(error_of(needed + "tor: { control: 127.0.0.1:0 }\n"),
               Contains("0 cannot be called"));
}

TEST_CASE("every error is reported at once, in the order of the file") {
    const auto errors = errors_of(
        "service: A\nbogus: 1\nworkers: -1\negress: { address: x }\nidentity: listener\n");
    REQUIRE(errors.size() == 7);
    CHECK_THAT(errors[0], Contains("bogus"));
    CHECK_THAT(errors[1], Contains("service must"));
    CHECK_THAT(errors[2], Contains("workers must"));
    CHECK_THAT(errors[3], Contains("egress.address must"));
    CHECK_THAT(errors[6], Contains("[CONFIG_MISSING_KEY]"));
}

TEST_CASE("certificates have their places, and no place where they have no use") {
    const std::string by_files =
        "service: a\nplane: b\nservices: s\nacl: a\ntls: { certificate: c.pem, key: /k.pem, ca: "
        "ca, "
        "crl: crl.pem, trust_domain: beta.test, identity: 'CN={service},OU={plane}' }\n";
    const Config config = parsed(by_files);
    CHECK(config.identity == Identity::certificate);
    CHECK(config.tls.certificate == "c.pem");
    CHECK(config.tls.key == "/k.pem");
    CHECK(config.tls.crl == "crl.pem");
    CHECK(config.tls.identity == "CN={service},OU={plane}");
    CHECK(config.tls.max_connection_age == 1h);
    CHECK(config.tls.warn_before == 336h);
    const auto errors = errors_of(by_files + "identity: listener\n");
    CHECK(errors.size() == 6);
    CHECK_THAT(errors[0], Contains("has no use with \"identity: listener\"") &&
                              Contains("[CONFIG_UNUSED_KEY]"));
}

TEST_CASE("what identifies is validated") {
    const auto with = [](const std::string& key, const std::string& value) {
        return error_of(
            "service: a\nplane: b\nservices: s\nacl: a\ntls: { certificate: c, key: k, "
            "ca: ca, trust_domain: beta.test }\n",
            {{key, value}});
    };
    for (const std::string domain : {"", "Beta.test", "a b", "a/b", "ä"})
        CHECK_THAT(with("BETA_TLS_TRUST_DOMAIN", domain), Contains("must be a trust domain"));
    CHECK_THAT(with("BETA_TLS_IDENTITY", "/service/{service}"), Contains("{plane} and {service}"));
    CHECK_THAT(with("BETA_IDENTITY", "dns"), Contains("must be certificate or listener"));
}

TEST_CASE("a file that is not YAML is reported as that, without complaints of missing keys") {
    CHECK_THAT(error_of("service: [a\n"), Contains("YAML_"));
    CHECK_THAT(error_of("service: &a b\n"), Contains("[YAML_ANCHOR]"));
    CHECK_THAT(error_of(""), Contains("YAML_"));
}

TEST_CASE("an onion address in the wrong place is not printed") {
    const std::string onion = support::make_onion(1);
    for (const auto& error : errors_of(needed + "app: " + onion + "\n" + onion + ": 1\n"))
        CHECK(error.find(onion.substr(0, 8)) == std::string::npos);
}

}  // namespace
}  // namespace beta::config
