"""Goal: nobody can tell the app who he is but the sidecar.
Method: send the names that sidecars and proxies use, once as a hostile peer by the onion, once
as the local app.
"""
from stage.case import E2E, PAYOUTS, main
from stage.wire import request

FORGED = [
    "X-Beta-Source-Service: wallet-admin",
    "X-Beta-Source-Plane: wallet",
    "x-beta-rule: god-mode",
    "X-Beta-Anything: 1",
    "X-Forwarded-For: 10.0.0.1",
    "X-Forwarded-Host: evil",
    "X-Forwarded-Proto: https",
    "Forwarded: for=10.0.0.1",
    "X-Real-IP: 10.0.0.1",
]
LIES = ("wallet-admin", "wallet", "god-mode", "1", "10.0.0.1", "evil", "https", "for=10.0.0.1")


class ForgedHeaders(E2E):
    def assert_no_lie_in(self, seen):
        for name, value in seen.headers:
            if name.lower().startswith(("x-beta-", "x-forwarded-", "forwarded", "x-real-ip")):
                self.assertNotIn(value, LIES, name)
        self.assertEqual(seen.one("X-Beta-Source-Plane"), "ops")

    def test_a_hostile_peer_cannot_say_who_it_is(self):
        answer = (
            self.onion("tron-payment-ops").send(request("GET", PAYOUTS, headers=FORGED)).answer()
        )
        self.assertEqual(answer.status, 200)
        self.assert_no_lie_in(self.app.next_request())

    def test_the_calling_app_cannot_say_who_it_is(self):
        answer = self.egress().send(request("GET", PAYOUTS, headers=FORGED)).answer()
        self.assertEqual(answer.status, 200)
        self.assert_no_lie_in(self.app.next_request())

    def test_connection_cannot_remove_what_the_sidecar_adds(self):
        self.onion("tron-payment-ops").send(
            request(
                "GET",
                PAYOUTS,
                headers=["Connection: X-Beta-Source-Plane, X-Beta-Rule, X-Request-Id"],
            )
        ).answer()
        seen = self.app.next_request()
        self.assertEqual(seen.one("X-Beta-Source-Plane"), "ops")
        self.assertTrue(seen.one("X-Beta-Rule"))
        self.assertTrue(seen.one("X-Request-Id"))


if __name__ == "__main__":
    main()
