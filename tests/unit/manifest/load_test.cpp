#include "manifests.hpp"

namespace beta::manifest {
namespace {

using Catch::Contains;

TEST_CASE("both forms of a port, a volume and a label mean the same") {
    const auto deployment = loaded(
        "services:\n"
        "  a:\n"
        "    image: x\n"
        "    labels: [\"a=b\", c]\n"
        "    ports:\n"
        "      - \"127.0.0.1:1:1/udp\"\n"
        "      - \"[::1]:2:2\"\n"
        "      - 3\n"
        "      - { target: 4, published: \"4\", host_ip: \"::1\" }\n"
        "    volumes:\n"
        "      - data:/a\n"
        "      - ./x/../y:/b:ro\n"
        "      - { type: volume, source: data, target: /c }\n"
        "      - { type: bind, source: /srv/d, target: /d }\n"
        "      - { type: tmpfs, target: /e }\n"
        "      - /f\n"
        "      - other:/g\n"
        "      - bound:/h\n"
        "    secrets: [key, { source: pin, target: /etc/pin }]\n"
        "volumes:\n"
        "  other: { name: data }\n"
        "  bound: { driver_opts: { type: none, o: bind, device: /srv/h } }\n"
        "secrets: { key: { file: ./tls/key.pem }, pin: { external: true } }\n");
    const Container& a = container(deployment, "a");
    std::vector<std::string> addresses;
    for (const Port& port : a.published)
        addresses.push_back(port.address);
    CHECK(addresses == std::vector<std::string>{"127.0.0.1", "[::1]", "", "[::1]"});
    std::vector<std::string> mounts;
    for (const Mount& mount : a.mounts)
        mounts.push_back(mount.source + (mount.host ? " on the host at " : " at ") + mount.target);
    CHECK(mounts == std::vector<std::string>{
                        "volume data at /a", "y on the host at /b", "volume data at /c",
                        "/srv/d on the host at /d", " at /e", " at /f", "volume data at /g",
                        "/srv/h on the host at /h", "tls/key.pem on the host at /run/secrets/key",
                        "secret pin at /etc/pin"});
    CHECK(a.labels.at("a").value == "b");
    CHECK_FALSE(a.labels.at("c").given);
}

TEST_CASE("a further file of Compose lies over the first, and each fact has its own place") {
    const auto deployment = loaded(
        {{"base.yaml", "services:\n  a:\n    image: x\n    user: \"1\"\n    volumes: [v:/a]\n"},
         {"more.yaml",
          "services:\n  a:\n    user: \"2\"\n    volumes: [w:/a, w:/b]\n    ports: [1]\n"
          "  b: { image: y }\n"}});
    const Container& a = container(deployment, "a");
    CHECK(a.image.place.str() == "base.yaml:3");
    CHECK(a.user.value == "2");
    CHECK(a.user.place.str() == "more.yaml:3");
    REQUIRE(a.mounts.size() == 2);
    CHECK(a.mounts[0].source == "volume w");
    CHECK(container(deployment, "b").place.str() == "more.yaml:6");
}

TEST_CASE("a fact that is not there has the place of what lacks it") {
    const auto deployment = loaded("services:\n  a:\n    image: x\n");
    CHECK_FALSE(container(deployment, "a").user.given);
    CHECK(container(deployment, "a").user.place.str() == "m.yaml:2");
}

TEST_CASE("limits are found in both places of Compose") {
    const auto deployment = loaded(
        "services:\n"
        "  a: { image: x, mem_limit: 1m, cpus: 1, pids_limit: 9 }\n"
        "  b: { image: x, deploy: { resources: { limits: { memory: 1m, cpus: '1', pids: 9 } } } "
        "}\n");
    for (const auto name : {"a", "b"}) {
        CHECK(container(deployment, name).memory.value == "1m");
        CHECK(container(deployment, name).cpus.value == "1");
        CHECK(container(deployment, name).pids.value == "9");
    }
}

TEST_CASE("what verify does not know it refuses") {
    const auto row = GENERATE(values<std::pair<std::string, std::string>>({
        {"services: { a: { image: x, devices: [/dev/kvm] } }\n", "MANIFEST_UNKNOWN_KEY"},
        {"services: { a: { imgae: x } }\n", "did you mean \"image\"?"},
        {"services: { a: { image: x, env_file: a.env } }\n", "unknown key \"env_file\""},
        {"services: { a: { image: x, security_opt: [systempaths=unconfined] } }\n",
         "MANIFEST_SECURITY_OPTION"},
        {"services: { a: { image: x, security_opt: [apparmor=unconfined] } }\n",
         "MANIFEST_SECURITY_OPTION"},
        {"include: [b.yaml]\nservices: {}\n", "unknown key \"include\""},
        {"services: { a: &a { image: x } }\n", "YAML_ANCHOR"},
        {"services: [a]\n", "MANIFEST_EXPECTED_MAP"},
        {"services: { a: { image: $NONE } }\n", "MANIFEST_VARIABLE"},
        {"services: {}\n", "MANIFEST_EMPTY"},
        {"services: { a: { image: x } }\n---\nkind: Pod\n", "MANIFEST_TWO_ENGINES"},
        {"kind: Deployment\nspec: {}\n", "MANIFEST_NO_POD"},
        {"- 1\n", "MANIFEST_EXPECTED_MAP"},
    }));
    CAPTURE(row.first);
    const auto errors = errors_of(row.first);
    REQUIRE_FALSE(errors.empty());
    CHECK_THAT(errors.front(), Contains(row.second));
}

TEST_CASE("extensions of Compose are no keys, and a harmless key changes nothing") {
    CHECK(loaded("x-note: 1\nservices: { a: { image: x, x-note: 2, restart: always } }\n")
              .containers.size() == 1);
}

TEST_CASE(
    "a sidecar's configuration is asked for where it is mounted, and held against its labels") {
    auto deployment = loaded(replaced(compose, "\"./tls:/etc/beta/tls:ro\"",
                                      "\"./tls:/etc/beta/tls:ro\", "
                                      "\"./pay.yaml:/etc/beta/sidecar.yaml\""));
    const auto files = configurations(deployment);
    REQUIRE(files.size() == 1);
    CHECK(files[0] == std::pair<std::string, std::string>{"pay-sidecar", "pay.yaml"});
    add_configuration(deployment, "pay-sidecar", {"pay.yaml", "service: pay\nplane: wallet\n"});
    CHECK(failures(deployment) == Codes{});
    add_configuration(deployment, "pay-sidecar", {"pay.yaml", "service: pay\nplane: ops\n"});
    CHECK(failures(deployment) == Codes{"IDENTITY"});
    add_configuration(deployment, "nobody", {"pay.yaml", "service: pay\n"});
    add_configuration(deployment, "pay-sidecar", {"pay.yaml", "}"});
    CHECK(failures(deployment) == Codes{"IDENTITY"});
}

TEST_CASE("a configuration in a ConfigMap has its place in the manifest") {
    const auto deployment = loaded(kubernetes);
    const Container& sidecar = container(deployment, "wallet/pay/sidecar");
    const auto line =
        1 +
        std::ranges::count(kubernetes.substr(0, kubernetes.find("service: pay\n    plane")), '\n');
    CHECK(sidecar.own.at("service").place.line == line);
}

TEST_CASE("keys of Secrets and ConfigMaps are mounted one by one where `items` says so") {
    const auto deployment = loaded(
        "kind: Pod\nmetadata: { name: p, namespace: n }\n"
        "spec:\n"
        "  volumes:\n"
        "    - name: v\n"
        "      projected:\n"
        "        sources:\n"
        "          - configMap: { name: c, items: [{ key: a.yaml, path: sidecar.yaml }] }\n"
        "          - secret: { name: s }\n"
        "  containers:\n"
        "    - { name: app, volumeMounts: [{ name: v, mountPath: /etc/beta }] }\n");
    const Container& app = container(deployment, "n/p/app");
    REQUIRE(app.mounts.size() == 2);
    CHECK(app.mounts[0].source == "n/configmap/c/a.yaml");
    CHECK(app.mounts[0].target == "/etc/beta/sidecar.yaml");
    CHECK(app.mounts[1].source == "n/secret/s");
    CHECK(app.mounts[1].target == "/etc/beta");
}

}  // namespace
}  // namespace beta::manifest
