#include "manifests.hpp"

namespace beta::manifest {
namespace {

using Catch::Contains;

TEST_CASE("the text has the planes, the four lists with the places of their facts, and totals") {
    const auto deployment = loaded(compose);
    const auto text = to_text(deployment, verify(deployment));
    CHECK_THAT(text, Contains("Planes\n  wallet: pay\n\n1 Image and process hardening\n") &&
                         Contains("\n2 Planes and networks\n") && Contains("\n3 Policy\n") &&
                         Contains("\n4 Operations\n"));
    CHECK_THAT(text, Contains("  pass  IMAGE_DIGEST          every image is pinned by its digest "
                              "(m.yaml:3,17,32,45)\n"));
    CHECK_THAT(text, Contains(" checks: ") && Contains(" 0 fail, "));
}

TEST_CASE("what fails is told with its place, what was found, and what to do") {
    const auto deployment = loaded(replaced(compose, "read_only: true", "read_only: false"));
    const auto text = to_text(deployment, verify(deployment));
    CHECK_THAT(text, Contains("  FAIL  READ_ONLY_ROOT        every root file system is read-only: "
                              "1 of 4 do not\n"
                              "        m.yaml:6: pay: read-only root is \"false\" "
                              "[READ_ONLY_ROOT]\n"
                              "        mend: write `read_only: true`; "));
    CHECK_THAT(text, Contains(" 1 fail, "));
}

TEST_CASE("the JSON has every finding, and stays JSON whatever the names are") {
    const auto deployment =
        loaded(replaced(kubernetes, "kind: ConfigMap", "kind: \"Odd\\\"\\u0001\""));
    const auto checks = verify(deployment);
    const auto json = to_json(deployment, checks);
    CHECK_THAT(json, Contains("\"passed\":true") && Contains("\"planes\":{\"wallet\":[\"pay\"]}") &&
                         Contains("\"code\":\"DOORS\",\"status\":\"none\"") &&
                         Contains("\"not_looked_at\":[\"Odd\\\"\\u0001 wallet/pay\"]"));
    CHECK_THAT(json, Contains("\"subject\":\"wallet/pay/app\",\"passed\":true"));
}

TEST_CASE("what is passed over is said") {
    const auto deployment = loaded(kubernetes + "---\nkind: Certificate\n");
    CHECK_THAT(to_text(deployment, verify(deployment)),
               Contains("  not looked at: Certificate default/ (m.yaml:"));
}

}  // namespace
}  // namespace beta::manifest
