#include "command_line.hpp"
#include "support/json.hpp"

#include <catch2/catch.hpp>

using beta::testing::beta_sidecar;
using beta::testing::Deployment;
using Catch::Contains;

namespace {

const std::string digest = "@sha256:" + std::string(64, 'a');

/// One service on one plane that passes every check.
struct Folder : Deployment {
    Folder() {
        write("acl/wallet.yaml",
              "apiVersion: beta.acl/v1\nplane: wallet\nallow:\n"
              "  - {name: ops-pays, from: {plane: ops}, to: {services: [pay]}}\n");
        write("acl/invariants.yaml",
              "apiVersion: beta.invariants/v1\ninvariants:\n"
              "  - {name: it, never: {from: {plane: wallet}, to: {plane: ops}}}\n");
        write("compose.yaml",
              "services:\n" + container("pay", "app", "network_mode: \"service:pay-sidecar\"") +
                  container("pay-sidecar", "sidecar",
                            "networks: [wallet]\n"
                            "    healthcheck: { test: [CMD, /beta-sidecar, healthcheck] }\n"
                            "    volumes: [\"run:/run/tor\", "
                            "\"./pay.yaml:/etc/beta/sidecar.yaml\"]") +
                  container("pay-tor", "tor",
                            "networks: [wallet-uplink]\n    volumes: [\"run:/run/tor\"]") +
                  "networks: { wallet: { internal: true }, wallet-uplink: {} }\n");
        write("pay.yaml", "service: pay\nplane: wallet\n");
        write(".env", "IMAGE_OF_THE_TEST=r.example/x" + digest + "\n");
    }
    static std::string container(const std::string& name, const std::string& role,
                                 const std::string& more) {
        return "  " + name +
               ":\n"
               "    image: ${IMAGE_OF_THE_TEST}\n"
               "    user: \"65532\"\n"
               "    read_only: true\n"
               "    cap_drop: [ALL]\n"
               "    security_opt: [no-new-privileges, \"seccomp=a.json\"]\n"
               "    mem_limit: 1g\n"
               "    cpus: 1\n"
               "    pids_limit: 9\n"
               "    logging: { driver: local }\n"
               "    labels: { beta-sidecar/plane: wallet, beta-sidecar/service: pay, "
               "beta-sidecar/role: " +
               role + " }\n    " + more + "\n";
    }
    beta::testing::Outcome verify(std::vector<std::string> more = {}) const {
        more.insert(more.begin(), {"verify", path("compose.yaml"), "--acl", path("acl")});
        return beta_sidecar(more);
    }
    void replace(const std::string& file, const std::string& from, const std::string& to) const {
        auto text = beta::testing::text_of(path(file));
        const auto at = text.find(from);
        REQUIRE(at != text.npos);
        write(file, text.replace(at, from.size(), to));
    }
};

}  // namespace

TEST_CASE("manifests that keep the walls are 0, and all four lists say where they are kept") {
    const Folder folder;
    const auto outcome = folder.verify();
    CAPTURE(outcome.out, outcome.err);
    CHECK(outcome.code == 0);
    CHECK(outcome.err.empty());
    CHECK_THAT(outcome.out, Contains("  wallet: pay\n") && Contains("1 Image and process") &&
                                Contains("pass  PLANE_POLICY") && Contains("pass  INVARIANTS") &&
                                Contains("none  DIRECTORY") && Contains(" 0 fail, "));
    CHECK_THAT(outcome.out, Contains("compose.yaml:3,15,"));
}

TEST_CASE("a wall that is down is 65, in text and in JSON") {
    const Folder folder;
    folder.replace("compose.yaml", "internal: true", "internal: false");
    const auto outcome = folder.verify();
    CHECK(outcome.code == 65);
    CHECK_THAT(outcome.out, Contains("wallet: internal is \"false\" [PLANE_INTERNAL]"));
    const auto json = folder.verify({"--format", "json"});
    CHECK(json.code == 65);
    CHECK_FALSE(beta::testing::parse_json(json.out).at("passed").as_bool());
}

TEST_CASE("an overlay can take a wall down, and is found") {
    const Folder folder;
    folder.write("more.yaml", "services: { pay: { privileged: true } }\n");
    const auto outcome = beta_sidecar({"verify", folder.path("compose.yaml"),
                                       folder.path("more.yaml"), "--acl", folder.path("acl")});
    CHECK(outcome.code == 65);
    CHECK_THAT(outcome.out, Contains("more.yaml:1: pay: privileged is \"true\""));
}

TEST_CASE("the configuration that a sidecar would read has to say what its labels say") {
    const Folder folder;
    folder.write("pay.yaml", "service: pay\nplane: ops\n");
    const auto outcome = folder.verify();
    CHECK(outcome.code == 65);
    CHECK_THAT(outcome.out,
               Contains("pay.yaml:2: pay-sidecar: plane is \"ops\", the label wallet"));
}

TEST_CASE("the policy is a list of its own: it loads, covers the planes, and is proved") {
    const Folder folder;
    folder.write("acl/invariants.yaml",
                 "apiVersion: beta.invariants/v1\ninvariants:\n"
                 "  - {name: it, never: {from: {plane: ops}, to: {plane: wallet}}}\n");
    CHECK_THAT(folder.verify().out, Contains("invariants.yaml:3: it: is not proved [INVARIANTS]"));
    folder.write("acl/invariants.yaml", "nonsense: 1\n");
    CHECK_THAT(folder.verify().out, Contains("[INVARIANTS]"));
    folder.write("acl/wallet_test.yaml",
                 "apiVersion: beta.acl.test/v1\npolicy: wallet.yaml\ncases: []\nodd: 1\n");
    CHECK_THAT(folder.verify().out, Contains("[POLICY_TABLES]"));
    folder.replace("acl/wallet.yaml", "plane: wallet", "plane: chain");
    CHECK_THAT(folder.verify().out, Contains("no file is the policy of this plane [PLANE_POLICY]"));
    folder.write("acl/wallet.yaml", "nonsense: 1\n");
    CHECK_THAT(folder.verify().out, Contains("[POLICY_LOADS]"));
    CHECK(folder.verify().code == 65);
}

TEST_CASE("a service that the directory has elsewhere, or not at all, is found") {
    const Folder folder;
    const std::string onion = "mv4gc3lqnrsqcaibaeaqcaibaeaqcaibaeaqcaibaeaqcaibaea5cpid.onion";
    const auto with = [&](const std::string& entry) {
        folder.write("services.yaml", "apiVersion: beta.directory/v1\nservices: {" + entry + "}\n");
        return folder.verify({"--services", folder.path("services.yaml")}).out;
    };
    CHECK_THAT(with(" pay: { plane: wallet, onion: " + onion + " } "), Contains("pass  DIRECTORY"));
    CHECK_THAT(with(" pay: { plane: ops, onion: " + onion + " } "),
               Contains("has it on plane ops"));
    CHECK_THAT(with(""), Contains("is not in "));
}

TEST_CASE("what cannot be read or understood is 65 with its place, and no word of manifests 64") {
    const Folder folder;
    CHECK(beta_sidecar({"verify", folder.path("nowhere.yaml")}).code == 65);
    folder.write(".env", "nonsense\n");
    CHECK_THAT(folder.verify().err, Contains(".env:1:1: error: must be NAME=VALUE"));
    folder.write(".env", "");
    const auto unset = folder.verify();
    CHECK(unset.code == 65);
    CHECK_THAT(
        unset.err,
        Contains("compose.yaml:3:12: error: the value needs the variable IMAGE_OF_THE_TEST"));
    CHECK(unset.out.empty());
    CHECK(beta_sidecar({"verify"}).code == 64);
    CHECK(folder.verify({"--format", "xml"}).code == 64);
}

TEST_CASE("a folder is read with the folders below it") {
    const Folder folder;
    folder.write("k8s/a/pod.yaml",
                 "kind: Pod\nmetadata: { name: p }\nspec: { containers: [{ name: "
                 "app }] }\n");
    folder.write("k8s/b.yml", "kind: Namespace\nmetadata: { name: default }\n");
    folder.write("k8s/README.md", "# no manifest\n");
    const auto outcome = beta_sidecar({"verify", folder.path("k8s"), "--acl", folder.path("acl")});
    CHECK(outcome.code == 65);
    CHECK_THAT(outcome.out, Contains("pod.yaml:3: default/p/app: image is not written") &&
                                Contains("b.yml:1: default: enforce is not written"));
    folder.write("empty/README.md", "");
    CHECK_THAT(beta_sidecar({"verify", folder.path("empty")}).err, Contains("MANIFEST_NONE"));
}
