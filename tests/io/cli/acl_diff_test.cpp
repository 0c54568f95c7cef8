#include "command_line.hpp"
#include "support/json.hpp"

#include <catch2/catch.hpp>

using beta::testing::beta_sidecar;
using beta::testing::Deployment;
using Catch::Contains;

namespace {

struct TwoVersions : Deployment {
    TwoVersions() {
        const std::string head = "apiVersion: beta.acl/v1\nplane: ops\nallow:\n";
        write("old/ops.yaml", head + "  - {name: a, to: {plane: wallet}, paths: [/a]}\n");
        write("new/ops.yaml", head + "  - {name: a, to: {plane: wallet}, paths: [/b]}\n");
    }
    beta::testing::Outcome diff(std::vector<std::string> more = {}) const {
        more.insert(more.begin(), {"acl", "diff", path("old"), path("new")});
        return beta_sidecar(more);
    }
};

}  // namespace

TEST_CASE("a difference is 1 and told in words, the same is 0") {
    const TwoVersions files;
    const auto outcome = files.diff();
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.out, Contains("now possible:") && Contains("now impossible:") &&
                                Contains("GET /b") && Contains("GET /a"));
    CHECK_NOTHROW(beta::testing::parse_json(files.diff({"--json"}).out).as_object());
    const auto same = beta_sidecar({"acl", "diff", files.path("old"), files.path("old/ops.yaml")});
    CHECK(same.code == 0);
    CHECK_THAT(same.out, Contains("no difference"));
}

TEST_CASE("differences are those for callees that know callers as they are said to") {
    const Deployment files;
    const std::string head = "apiVersion: beta.acl/v1\nplane: wallet\nallow:\n";
    files.write("old/wallet.yaml", head + "  - {name: a, paths: [/a]}\n");
    files.write("new/wallet.yaml", head +
                                       "  - {name: a, paths: [/a]}\n"
                                       "  - {name: b, from: {plane: ops, services: [cron]}}\n");
    const std::vector<std::string> words{"acl", "diff", files.path("old"), files.path("new")};
    CHECK(beta_sidecar(words).code == 1);
    auto weaker = words;
    weaker.insert(weaker.end(), {"--identity", "listener"});
    CHECK(beta_sidecar(weaker).code == 0);
}

TEST_CASE("a log is replayed against the new policies") {
    const TwoVersions files;
    files.write("access.log",
                R"({"http.request.method":"GET","url.path":"/a","beta.direction":"egress",)"
                R"("beta.source":"cron","beta.destination":"bank","beta.plane":"wallet",)"
                R"("beta.rule":"a","beta.decision":"allow","beta.enforced":true})"
                "\n");
    const auto outcome = files.diff({"--replay", files.path("access.log")});
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.out, Contains("1 recorded decisions flip") && Contains("ops/cron"));
    CHECK(files.diff({"--replay", files.path("nowhere")}).code == 65);
}

TEST_CASE("a version that does not load is 65") {
    const TwoVersions files;
    files.write("new/ops.yaml", "plane: ops\n");
    CHECK(files.diff().code == 65);
}
