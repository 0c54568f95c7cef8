#include "command_line.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>

using beta::testing::beta_sidecar;
using beta::testing::Deployment;
using Catch::Contains;
using Catch::StartsWith;

namespace {

std::size_t lines_with(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1))
        ++count;
    return count;
}

}  // namespace

TEST_CASE("a configuration that is fine is 0 and says what it is of") {
    const Deployment files;
    const auto outcome = beta_sidecar({"check", "-c", files.config_path()});
    INFO(outcome.err);
    CHECK(outcome.code == 0);
    CHECK(outcome.out ==
          files.config_path() + ": fine: ops/api-gateway, 2 rules, 0 destinations\n");
    CHECK_THAT(outcome.err, Contains("identity: warning: listener is the weaker mode") &&
                                Contains("[WEAK_IDENTITY]"));
    CHECK(lines_with(outcome.err, "\n") == 1);
}

TEST_CASE("-t is check, wherever it stands") {
    const Deployment files;
    CHECK(beta_sidecar({"-t", "-c", files.config_path()}).code == 0);
    CHECK(beta_sidecar({"-c", files.config_path(), "-t"}).code == 0);
}

TEST_CASE("errors of both files are reported at once") {
    const Deployment files;
    files.write("ops.yaml", "apiVersion: beta.acl/v1\nplane: ops\nallov: []\n");
    files.write("services.yaml", "apiVersion: beta.directory/v1\nservices: []\nbogus: 1\n");
    const auto outcome = beta_sidecar({"check", "-c", files.config_path()});
    CHECK(outcome.code == 78);
    CHECK(outcome.out.empty());
    CHECK_THAT(outcome.err, Contains(files.path("ops.yaml") + ":3:1: error: "));
    CHECK_THAT(outcome.err, Contains(files.path("services.yaml") + ":"));
    CHECK(lines_with(outcome.err, ": error: ") >= 3);
    CHECK_THAT(outcome.err, Contains(" errors\n"));
}

TEST_CASE("a configuration that is wrong does not hide what is wrong in its files") {
    const Deployment files;
    files.write("sidecar.yaml", Deployment::config() + "nonsense: 1\n");
    files.write("ops.yaml", "apiVersion: beta.acl/v1\nplane: ops\nallov: []\n");
    files.write("services.yaml", "apiVersion: beta.directory/v1\nservices: []\n");
    const auto outcome = beta_sidecar({"check", "-c", files.config_path()});
    CHECK(outcome.code == 78);
    CHECK_THAT(outcome.err, Contains("sidecar.yaml:9:1: error: "));
    CHECK_THAT(outcome.err, Contains(files.path("ops.yaml") + ":3:1: error: "));
    CHECK_THAT(outcome.err, Contains(files.path("services.yaml") + ":"));
}

TEST_CASE("a file that is not there is an error with its path") {
    const Deployment files;
    CHECK(beta_sidecar({"check", "-c", files.path("nowhere.yaml")}).code == 78);
    files.write("sidecar.yaml", Deployment::config() + "nonsense: 1\n");
    std::filesystem::remove(files.path("ops.yaml"));
    std::filesystem::remove(files.path("services.yaml"));
    const auto outcome = beta_sidecar({"check", "-c", files.config_path()});
    CHECK(outcome.code == 78);
    CHECK_THAT(outcome.err,
               Contains(files.path("ops.yaml")) && Contains(files.path("services.yaml")));
    CHECK(lines_with(outcome.err, "FILE_UNREADABLE") == 2);
    CHECK_THAT(outcome.err, Contains("3 errors\n"));
}

TEST_CASE("a file that is no YAML at all is an error, not a fault") {
    const Deployment files;
    const std::string text = GENERATE(
        values<std::string>({"", "[", "\xff\xfe", "- a\n- b\n", "acl: [1]\nservices: {a: b}\n"}));
    files.write("sidecar.yaml", text);
    const auto outcome = beta_sidecar({"check", "-c", files.config_path()});
    CHECK(outcome.code == 78);
    CHECK_THAT(outcome.err, Contains("error: "));
}

TEST_CASE("warnings are printed and do not fail") {
    const Deployment files;
    // Two names that look alike; the onions are well formed and nobody holds their keys.
    files.write("services.yaml",
                "apiVersion: beta.directory/v1\n"
                "services:\n"
                "  payment-1: { plane: wallet, onion: "
                "mv4gc3lqnrsqcaibaeaqcaibaeaqcaibaeaqcaibaeaqcaibaea5cpid.onion }\n"
                "  payment-l: { plane: wallet, onion: "
                "mv4gc3lqnrsqeaqcaibaeaqcaibaeaqcaibaeaqcaibaeaqcaibl25yd.onion }\n");
    const auto outcome = beta_sidecar({"check", "-c", files.config_path()});
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.err, Contains(": warning: "));
    CHECK_THAT(outcome.out, Contains("2 destinations"));
}
