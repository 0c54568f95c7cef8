"""Goal: sidecars in containers, locked as deploy/ locks them, carry what the policies allow and
refuse what they deny, and end when they are told to.
Method: two containers of the image and a tor in a third, which they reach by unix sockets alone.
"""
import json
import threading
import unittest

from deployment import PATIENCE, Deployment
from stage.app import Answer
from stage.sidecar import eventually
from stage.topology import GATEWAY, PAYMENT
from stage.wire import Client, request

PAYOUTS = "/api/v1/payouts"


class Calls(Deployment):
    let_go = threading.Event()

    @staticmethod
    def reply(request):
        if request.target.endswith("/held"):
            Calls.let_go.wait(PATIENCE)
        return Answer(b"paid")

    def setUp(self):
        self.let_go.clear()
        if self.containers[PAYMENT].ended:
            self.launch(PAYMENT)

    def call(self, method, target):
        return self.egress().send(request(method, target)).answer()

    def call_that_works(self):
        """Tor may need some tries until our onion is known."""
        eventually(lambda: self.call("GET", PAYOUTS).status == 200, "a call that works", PATIENCE)

    def wait_for_denial(self, service, direction):
        wanted = {"beta.direction": direction, "beta.decision": "deny"}

        def denials():
            whole, _, _ = self.containers[service].out().rpartition("\n")
            lines = [json.loads(line) for line in whole.splitlines()]
            return [line for line in lines if wanted.items() <= line.items()]

        eventually(denials, f"a denial at {direction} in the log of {service.name}", PATIENCE)

    def test_an_allowed_call_reaches_the_app_and_its_answer_the_caller(self):
        self.call_that_works()
        answer = self.egress().send(request("POST", PAYOUTS, body=b'{"to":"TXYZ"}')).answer()
        self.assertEqual((answer.status, answer.body), (200, b"paid"))
        while (seen := self.app.next_request()).method != "POST":
            pass
        self.assertEqual(seen.body, b'{"to":"TXYZ"}')
        self.assertEqual(seen.one("X-Beta-Source-Service"), GATEWAY.name)

    def test_what_the_gateways_policy_denies_does_not_leave_its_container(self):
        self.assertEqual(self.call("DELETE", PAYOUTS).status, 403)
        self.wait_for_denial(GATEWAY, "egress")

    def test_what_the_wallets_policy_denies_ends_at_its_sidecar(self):
        self.call_that_works()
        self.assertEqual(self.call("GET", "/api/v1/sessions/1").status, 403)
        self.wait_for_denial(PAYMENT, "ingress")

    def test_sigterm_lets_what_began_end_and_the_container_exits_0(self):
        self.call_that_works()
        client = self.egress().send(request("GET", f"{PAYOUTS}/held"))
        while not self.app.next_request(PATIENCE).target.endswith("/held"):
            pass
        payment = self.containers[PAYMENT]
        payment.signal("TERM")
        eventually(lambda: self.refuses(payment), "its port to close", PATIENCE)
        self.assertFalse(payment.ended, "it ended with a request in flight")
        self.let_go.set()
        self.assertEqual(client.answer().body, b"paid")
        self.assertEqual(payment.exit_code(), 0)

    @staticmethod
    def refuses(container):
        def knock():
            try:
                Client(PAYMENT.egress).stream.close()
                return [False]
            except OSError:
                return [True]

        return container.inside(knock)[0]


if __name__ == "__main__":
    unittest.main(verbosity=2)
