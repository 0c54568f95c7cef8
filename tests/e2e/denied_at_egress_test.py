"""Goal: what a plane's policy does not allow does not leave its own sidecar, and the caller learns
the rule.
Method: ask the chain node's sidecar for a payout, and the gateway's for paths that are no
payment; nothing may arrive at the payment sidecar.
"""
import json

from stage.case import E2E, PAYOUTS, main
from stage.sidecar import eventually
from stage.topology import CHAIN, GATEWAY, PAYMENT
from stage.wire import request


class DeniedAtEgress(E2E):
    services = (GATEWAY, PAYMENT, CHAIN)

    def assert_denied(self, caller, method, target):
        answer = self.egress(caller).send(request(method, target)).answer()
        self.assertEqual(answer.status, 403)
        self.assertIn("error=http_request_denied", answer.one("Proxy-Status") or "")
        self.assertEqual(answer.one("Content-Type"), "application/problem+json")
        problem = json.loads(answer.body)
        self.assertEqual(problem["status"], 403)
        self.assert_no_request_reached_the_app()
        self.assertEqual(self.sidecars[PAYMENT].access(direction="ingress"), [])
        return problem

    def denials(self, caller):
        return eventually(
            lambda: self.sidecars[caller].access(direction="egress", decision="deny"),
            "a denial logged",
        )

    def test_the_chain_node_is_refused_and_told_the_rule_and_the_reason(self):
        problem = self.assert_denied(CHAIN, "POST", PAYOUTS)
        line = self.denials(CHAIN)[-1]
        self.assertIn(line["beta.rule"], json.dumps(problem))
        self.assertGreater(len(problem["detail"]), 10)
        self.assertEqual(line["http.response.status_code"], 403)
        self.assertEqual(line["beta.destination"], "tron-payment")

    def test_the_gateway_reaches_no_path_that_is_not_payment(self):
        for path in (
            "/api/v1/sessions/1",
            "/api/v1/consensus/vote",
            "/api/v1/chunks/7",
            "/admin",
            "/",
        ):
            with self.subTest(path=path):
                self.assert_denied(GATEWAY, "GET", path)
        self.assertEqual(self.denials(GATEWAY)[-1]["beta.source"], "api-gateway")

    def test_a_method_that_no_rule_names_is_refused(self):
        self.assert_denied(GATEWAY, "DELETE", PAYOUTS)

    def test_a_service_that_nobody_knows_is_refused_like_one_that_is_denied(self):
        answer = self.egress(GATEWAY).send(request("GET", "/", host="no-such-service")).answer()
        self.assertEqual(answer.status, 403)

    def test_an_onion_address_is_no_name_of_a_service(self):
        onion = self.onions["tron-payment-ops"]
        answer = self.egress(GATEWAY).send(request("GET", PAYOUTS, host=onion)).answer()
        self.assertIn(answer.status, (400, 403))
        self.assert_no_request_reached_the_app()


if __name__ == "__main__":
    main()
