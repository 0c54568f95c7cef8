"""Goal: what tor says of itself is in metrics and readiness, and its restart is seen.
Method: a sidecar that asks the control port of the network's client tor, which proves itself by
its cookie; stop that tor, start it again (with another cookie).
"""
import os
import urllib.error

from stage import topology
from stage.case import E2E, PAYOUTS, main
from stage.metrics import DIRECT, total
from stage.sidecar import eventually
from stage.wire import request
from tornet.state import State

RATIO, CONNECTED = "beta_sidecar_tor_bootstrap_ratio", "beta_sidecar_tor_control_connected"
CIRCUITS, DESCRIPTORS = "beta_sidecar_tor_circuits_total", "beta_sidecar_tor_hs_desc_total"


class ControlPort(E2E):
    @classmethod
    def setUpClass(cls):
        cls.files = {"control": topology.by_control(State(os.environ["TORNET_STATE"]))}
        super().setUpClass()

    def tearDown(self):
        self.tornet.ask({"do": "start", "name": "client"})
        super().tearDown()

    def metric(self, name, **labels):
        return total(self.sidecars[topology.GATEWAY].metrics(), name, **labels)

    def readiness(self):
        """The page, whatever its status."""
        try:
            with DIRECT.open(
                f"http://127.0.0.1:{topology.GATEWAY.admin}/readyz?verbose", timeout=10
            ) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.read().decode()

    def wait_ready(self):
        eventually(lambda: "[+] tor: ready\n" in self.readiness(), "a tor that is ready", 60)

    def test_a_bootstrapped_tor_is_told_by_metrics_and_readiness(self):
        self.wait_ready()
        self.assertEqual(self.metric(CONNECTED), 1)
        self.assertEqual(self.metric(RATIO), 1)
        built = self.metric(CIRCUITS, event="built")
        received = self.metric(DESCRIPTORS, event="received")
        self.assertEqual(self.egress().send(request("GET", PAYOUTS)).answer().status, 200)
        self.tornet.ask({"do": "stop", "name": "client"})
        eventually(lambda: "[-] tor: " in self.readiness(), "a tor that is gone", 60)
        self.assertIn("not ready", self.readiness())
        eventually(lambda: self.metric(CONNECTED) == 0, "no control connection", 60)
        self.assertEqual(self.metric(RATIO), 0)
        self.tornet.ask({"do": "start", "name": "client"})
        self.wait_ready()
        self.assertEqual((self.metric(CONNECTED), self.metric(RATIO)), (1, 1))

        def carried():
            status = self.egress().send(request("GET", PAYOUTS)).answer().status
            return status == 200 and self.metric(CIRCUITS, event="built") > built

        eventually(carried, "a call over a circuit that was counted", 60)
        self.assertGreaterEqual(self.metric(DESCRIPTORS, event="received"), received)

    def test_nothing_that_is_told_names_an_onion_address(self):
        self.wait_ready()
        self.assert_no_onion_in(self.readiness())
        self.assert_no_onion_in(self.sidecars[topology.GATEWAY].metrics())


if __name__ == "__main__":
    main()
