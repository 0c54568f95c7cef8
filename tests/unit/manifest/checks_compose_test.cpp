#include "manifests.hpp"

namespace beta::manifest {
namespace {

struct Broken {
    std::string name;
    std::string from;
    std::string to;
    Codes codes;
};

TEST_CASE("a deployment of Compose that keeps the walls passes every check, each of something") {
    const auto deployment = loaded(compose);
    CHECK(failures(deployment) == Codes{});
    for (const Check& check : verify(deployment)) {
        CAPTURE(check.code);
        CHECK_FALSE(check.findings.empty());
        CHECK_FALSE(check.remedy.empty());
        for (const Finding& finding : check.findings) {
            CAPTURE(finding.subject, finding.found);
            CHECK(finding.place.file == "m.yaml");
            CHECK(finding.place.line > 0);
        }
    }
}

TEST_CASE("each wall of a process that is taken down is found") {
    const auto row = GENERATE(values<Broken>({
        {"a tag in place of the digest", "pay" + digest, "pay:1.2", {"IMAGE_DIGEST"}},
        {"a digest that is cut", digest, "@sha256:aaaa", {"IMAGE_DIGEST"}},
        {"no image", "    image: r.example/pay" + digest + "\n", "", {"IMAGE_DIGEST"}},
        {"a user by name", "\"65532:65532\"", "nonroot", {"USER"}},
        {"root", "\"65532:65532\"", "\"0\"", {"USER"}},
        {"the group of root", "\"65532:65532\"", "\"65532:0\"", {"USER"}},
        {"a root that is written to", "read_only: true", "read_only: false", {"READ_ONLY_ROOT"}},
        {"nothing of the root", "    read_only: true\n", "", {"READ_ONLY_ROOT"}},
        {"some capabilities", "[ALL]", "[CHOWN]", {"CAPABILITIES_DROPPED"}},
        {"a capability added",
         "    cap_drop",
         "    cap_add: [NET_ADMIN]\n    cap_drop",
         {"CAPABILITIES_ADDED"}},
        {"privileged", "    user", "    privileged: true\n    user", {"PRIVILEGED"}},
        {"privileged in other words", "    user", "    privileged: yes\n    user", {"PRIVILEGED"}},
        {"new privileges",
         "no-new-privileges:true",
         "no-new-privileges:false",
         {"NO_NEW_PRIVILEGES"}},
        {"a sidecar without its profile", ", \"seccomp=sidecar.json\"", "", {"SECCOMP"}},
        {"an app without any",
         "privileges:true\"",
         "privileges:true\", \"seccomp=unconfined\"",
         {"SECCOMP"}},
        {"the processes of the host", "    user", "    pid: host\n    user", {"OWN_NAMESPACES"}},
        {"those of the sidecar",
         "    user",
         "    pid: service:pay-sidecar\n    user",
         {"OWN_NAMESPACES"}},
        {"the memory of the host", "    user", "    ipc: host\n    user", {"OWN_NAMESPACES"}},
        {"the socket of the engine", "pay-data:/data", "/var/run/docker.sock:/s", {"HOST_PATHS"}},
        {"the root of the host", "pay-data:/data", "/:/host", {"HOST_PATHS", "PRIVATE_VOLUMES"}},
        {"the processes as files", "pay-data:/data", "/proc:/host/proc", {"HOST_PATHS"}},
    }));
    DYNAMIC_SECTION(row.name) {
        CHECK(failures(loaded(replaced(compose, row.from, row.to))) == row.codes);
    }
}

TEST_CASE("each way between planes and round a sidecar is found") {
    const auto row = GENERATE_COPY(values<Broken>({
        {"an unknown role", "role: app", "role: ap", {"LABELS", "PLANE_NETWORK"}},
        {"no service",
         "beta-sidecar/service: pay, beta-sidecar/role: tor",
         "beta-sidecar/role: tor",
         {"LABELS", "TOR_SOCKETS"}},
        {"an app with the network of the host",
         "\"service:pay-sidecar\"",
         "host",
         {"OWN_NAMESPACES", "SIDECAR"}},
        {"an app beside another's sidecar",
         "service: pay, beta-sidecar/role: app",
         "service: other, beta-sidecar/role: app",
         {"SIDECAR", "SIDECAR_ALONE"}},
        {"an app with a network",
         "    network_mode: \"service:pay-sidecar\"\n",
         "    networks: [wallet]\n",
         {"SIDECAR"}},
        {"an app without a word of its network",
         "    network_mode: \"service:pay-sidecar\"\n",
         "",
         {"SIDECAR", "PLANE_NETWORK"}},
        {"tor beside the sidecar",
         "    networks: [wallet-uplink]\n",
         "    network_mode: \"service:pay-sidecar\"\n",
         {"SIDECAR_ALONE", "PLANE_NETWORK"}},
        {"a sidecar on two planes",
         "networks: [wallet]",
         "networks: [wallet, watch]",
         {"PLANE_NETWORK"}},
        {"a sidecar on the default network", "    networks: [wallet]\n", "", {"PLANE_NETWORK"}},
        {"tor on the plane",
         "networks: [wallet-uplink]",
         "networks: [wallet-uplink, wallet]",
         {"PLANE_NETWORK"}},
        {"a watcher on an uplink",
         "networks: [wallet, watch]",
         "networks: [wallet, wallet-uplink]",
         {"PLANE_NETWORK"}},
        {"a plane that leads out", "internal: true", "internal: false", {"PLANE_INTERNAL"}},
        {"an app with tor's socket",
         "pay-data:/data",
         "pay-run:/run/tor",
         {"TOR_SOCKETS", "PRIVATE_VOLUMES"}},
        {"an app with the sidecar's key",
         "pay-data:/data",
         "./tls/key.pem:/key.pem",
         {"PRIVATE_VOLUMES"}},
        {"an app with the folder of it", "pay-data:/data", ".:/all", {"PRIVATE_VOLUMES"}},
        {"an app with a folder above it", "pay-data:/data", "../../:/all", {"PRIVATE_VOLUMES"}},
        {"an app with a folder beside it", "pay-data:/data", "../../acl:/acl", {}},
        {"a tor of its own socket", "pay-run:/run/tor\"]", "tor-run:/run/tor\"]", {"TOR_SOCKETS"}},
        {"tor with the sidecar's key",
         "pay-run:/run/tor\"]",
         "pay-run:/run/tor\", \"./tls:/tls\"]",
         {"TLS_KEYS"}},
        {"a sidecar that says another plane", "PLANE=wallet", "PLANE=chain", {"IDENTITY"}},
        {"a sidecar that says another service",
         "SERVICE_NAME=pay",
         "BETA_SERVICE=gate",
         {"IDENTITY"}},
    }));
    DYNAMIC_SECTION(row.name) {
        CHECK(failures(loaded(replaced(compose, row.from, row.to))) == row.codes);
    }
}

TEST_CASE("each fault of operations is found") {
    const auto row = GENERATE(values<Broken>({
        {"a sidecar that nobody asks",
         "    healthcheck: { test: [CMD, /beta-sidecar, healthcheck] }",
         "",
         {"HEALTH"}},
        {"a check that is off",
         "{ test: [CMD, /beta-sidecar, healthcheck] }",
         "{ disable: true }",
         {"HEALTH"}},
        {"a check that is none", "[CMD, /beta-sidecar, healthcheck]", "[NONE]", {"HEALTH"}},
        {"memory without end", "    mem_limit: 128m\n", "", {"MEMORY_LIMIT"}},
        {"CPU without end", "    cpus: \"0.5\"\n", "", {"CPU_LIMIT"}},
        {"a limit of nothing", "cpus: \"0.5\"", "cpus: \"0\"", {"CPU_LIMIT"}},
        {"processes without end", "pids_limit: 64", "pids_limit: -1", {"PIDS_LIMIT"}},
        {"a log without end", "    logging: { options: { max-size: 10m } }\n", "", {"LOG_BOUND"}},
        {"a password", "HTTP_PROXY: http://127.0.0.1:15001", "DB_PASSWORD: hunter2", {"SECRETS"}},
        {"a key", "HTTP_PROXY: http://127.0.0.1:15001", "SIGNING_KEY: 0123abcd", {"SECRETS"}},
        {"an address with a password",
         "http://127.0.0.1:15001",
         "postgres://a:b@db/x",
         {"SECRETS"}},
        {"a key by its looks",
         "http://127.0.0.1:15001",
         "\"-----BEGIN RSA PRIVATE KEY-----\"",
         {"SECRETS"}},
        {"a port for everybody", "127.0.0.1:9091:9090", "9091:9090", {"PUBLISHED"}},
        {"a port for the network", "127.0.0.1:9091:9090", "10.0.0.1:9091:9090", {"PUBLISHED"}},
        {"a port of any number", "127.0.0.1:9091:9090", "9090", {"PUBLISHED"}},
        {"a port without a reason", ", beta-sidecar/published: for people", "", {"PUBLISHED"}},
    }));
    DYNAMIC_SECTION(row.name) {
        CHECK(failures(loaded(replaced(compose, row.from, row.to))) == row.codes);
    }
}

TEST_CASE("names of files are no secrets, and values of secrets are never shown") {
    const auto with = [](const std::string& variable) {
        return loaded(replaced(compose, "HTTP_PROXY: http://127.0.0.1:15001", variable));
    };
    for (const std::string fine : {"DB_PASSWORD_FILE: /run/secrets/db", "API_TOKEN: ''",
                                   "BETA_TLS_KEY: tls/key.pem", "BETA_AUDIT_KEY: off"}) {
        CAPTURE(fine);
        CHECK(failures(with(fine)) == Codes{});
    }
    const auto bad = with("DB_PASSWORD: hunter2");
    CHECK_THAT(to_text(bad, verify(bad)), !Catch::Contains("hunter2"));
    CHECK_THAT(to_json(bad, verify(bad)), !Catch::Contains("hunter2"));
}

}  // namespace
}  // namespace beta::manifest
