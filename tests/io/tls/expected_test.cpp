#include "beta/tls/expected.hpp"

#include <catch2/catch.hpp>

namespace beta::tls {
namespace {

model::Identity pay() {
    return {.plane = model::PlaneName::parse("wallet").value(),
            .service = model::ServiceName::parse("pay").value(),
            .id = "spiffe://beta.test/plane/wallet/service/pay"};
}

}  // namespace

TEST_CASE("a peer is whom the directory names: its plane, its service, and its very words") {
    const Expected any_of_it{.plane = "wallet", .service = "pay", .id = {}};
    CHECK(any_of_it.objection(pay()).empty());
    Expected exact = any_of_it;
    exact.id = pay().id;
    CHECK(exact.objection(pay()).empty());
    exact.id += "s";
    CHECK(exact.objection(pay()) == "other_identity");
    exact.service = "bank";
    CHECK(exact.objection(pay()) == "other_service");
    exact.plane = "ops";
    CHECK(exact.objection(pay()) == "other_plane");
}

}  // namespace beta::tls
