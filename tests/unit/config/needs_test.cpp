#include "beta/config/needs.hpp"

#include "configuration.hpp"

namespace beta::config {
namespace {

using Paths = std::vector<std::string>;
using Ports = std::vector<std::uint16_t>;

Needs needs(const std::string& more) {
    return needs_of(parsed(needed + more));
}

TEST_CASE("policy, directory and tor's SOCKS port are needed by every sidecar, and no more") {
    CHECK(
        needs("") ==
        Needs{.files = {"ops.yaml", "services.yaml"}, .folders = {}, .logs = {}, .ports = {9050}});
}

TEST_CASE("certificates are read again, and so is the revocation list where there is one") {
    const std::string without = needed.substr(0, needed.find("identity:"));
    const auto read = needs_of(parsed(without + "tls: { certificate: c, key: k, ca: a, crl: r, "
                                                "trust_domain: example.org }\n"))
                          .files;
    CHECK(read == Paths{"ops.yaml", "services.yaml", "c", "k", "a", "r"});
}

TEST_CASE("ports are those that are called, each once, and unix sockets have none") {
    const std::string ingress = "ingress: [{ plane: a, address: 127.0.0.1:1 }]\n";
    CHECK(needs("app: 127.0.0.1:80\ntor: { control: 127.0.0.1:9051 }\n" + ingress).ports ==
          Ports{80, 9050, 9051});
    CHECK(needs("app: 127.0.0.2:9050\n" + ingress).ports == Ports{9050});
    CHECK(
        needs("app: unix:/run/app\ntor: { socks: unix:/run/tor/socks }\n" + ingress).ports.empty());
}

TEST_CASE("tor's cookie is looked for where the configuration says, else beside its control port") {
    CHECK(needs("tor: { control: unix:/run/x/control }\n").folders == Paths{"/run/x"});
    CHECK(needs("tor: { control: 127.0.0.1:9051 }\n").folders == Paths{"/run/tor"});
    const auto named = needs("tor: { control: 127.0.0.1:9051, control_cookie_file: /c/cookie }\n");
    CHECK(named.folders.empty());
    CHECK(named.files.back() == "/c/cookie");
    const auto password = needs("tor: { control: 127.0.0.1:9051, control_password_file: /p }\n");
    CHECK(password.folders.empty());
    CHECK(password.files.back() == "/p");
    CHECK(needs("tor: { mode: managed, data: /var/lib/t }\n").folders == Paths{"/var/lib/t"});
}

TEST_CASE("keys of onions are read while they are published, and what is read once is not needed") {
    CHECK(needs("app: 127.0.0.1:80\ningress: [{ plane: a, address: 127.0.0.1:1 }]\n"
                "tor: { publish: true, keys: /k, client_key: /c, control: unix:/t/control }\n")
              .folders == Paths{"/t", "/k"});
}

TEST_CASE("logs are made anew") {
    const auto with_logs = needs("log: { file: /l/a }\naudit: { file: /l/b, key: /l/key }\n");
    CHECK(with_logs.logs == Paths{"/l/a", "/l/b"});
    CHECK(with_logs.files == needs("").files);
}

}  // namespace
}  // namespace beta::config
