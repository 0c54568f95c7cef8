"""Goal: the callee decides for itself: a caller without a sidecar, or with a false one, gets no
further.
Method: raw SOCKS clients that come by the chain's onion, and by the gateway's, straight to the
payment sidecar.
"""
import json

from stage.case import E2E, PAYOUTS, main
from stage.sidecar import eventually
from stage.topology import PAYMENT
from stage.wire import request


class DeniedAtIngress(E2E):
    services = (PAYMENT,)

    def assert_denied(self, onion, method, target):
        answer = self.onion(onion).send(request(method, target)).answer()
        self.assertEqual(answer.status, 403)
        self.assertIn("error=http_request_denied", answer.one("Proxy-Status") or "")
        self.assert_no_request_reached_the_app()
        return answer

    def test_who_comes_by_the_onion_of_the_chain_is_refused(self):
        self.assert_denied("tron-payment-chain", "POST", PAYOUTS)
        lines = eventually(
            lambda: self.sidecars[PAYMENT].access(direction="ingress", decision="deny"), "a denial"
        )
        self.assertTrue(lines[-1]["beta.rule"])
        self.assertEqual(lines[-1]["http.response.status_code"], 403)

    def test_a_remote_caller_is_not_told_how_the_policy_is_made(self):
        answer = self.assert_denied("tron-payment-chain", "GET", PAYOUTS)
        rule = eventually(lambda: self.sidecars[PAYMENT].access(decision="deny"), "a denial")[-1][
            "beta.rule"
        ]
        self.assertNotIn(rule, json.dumps(json.loads(answer.body)))
        self.assertNotIn(rule, answer.one("Proxy-Status"))

    def test_saying_another_plane_changes_nothing(self):
        answer = (
            self.onion("tron-payment-chain")
            .send(
                request(
                    "POST",
                    PAYOUTS,
                    headers=["X-Beta-Source-Plane: ops", "X-Beta-Source-Service: api-gateway"],
                    body=b"{}",
                )
            )
            .answer()
        )
        self.assertEqual(answer.status, 403)
        self.assert_no_request_reached_the_app()

    def test_who_comes_by_the_onion_of_ops_reaches_no_path_that_is_not_payment(self):
        self.assert_denied("tron-payment-ops", "GET", "/api/v1/sessions/1")

    def test_a_host_that_does_not_belong_to_this_onion_is_misdirected(self):
        answer = (
            self.onion("tron-payment-ops")
            .send(request("GET", PAYOUTS, host="blockchain-core"))
            .answer()
        )
        self.assertEqual(answer.status, 421)
        self.assert_no_request_reached_the_app()


if __name__ == "__main__":
    main()
