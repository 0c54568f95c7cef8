"""Goal: a sidecar publishes the onions of its service by itself, at the same address for ever.
Method: keys made by the command line stand in the directory; the payment service's sidecar
publishes them through the control port of the network's client tor, which is stopped and started.
"""
import os
import pathlib

from stage import topology
from stage.case import E2E, PAYOUTS, main
from stage.metrics import total
from stage.sidecar import Sidecar, eventually
from stage.wire import BadMessage, request

PUBLISHED = "beta_sidecar_onion_published"


class OnionPublication(E2E):
    services = ()  # both are started here, once the addresses are known

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        keys = pathlib.Path(cls.folder) / "keys"
        keys.mkdir()
        cls.onions = dict(cls.onions)
        command = Sidecar(os.environ["BETA_SIDECAR"], cls.folder, topology.GATEWAY, cls.onions)
        for plane in topology.PAYMENT.ingress:
            file = keys / f"{topology.PAYMENT.onion_name(plane)}.pem"
            assert command.command("onion", "new", str(file)).returncode == 0
            told = command.command("onion", "address", str(file))
            cls.onions[topology.PAYMENT.onion_name(plane)] = told.stdout.strip()
        control = cls.tornet.read()["control"]["client"]
        cls.start(topology.PAYMENT, f"control: 127.0.0.1:{control}, publish: true, keys: {keys}")
        cls.start(topology.GATEWAY)
        for one in cls.sidecars.values():
            one.wait_ready(90)

    @classmethod
    def start(cls, service, tor=None):
        one = Sidecar(os.environ["BETA_SIDECAR"], cls.folder, service, cls.onions)
        lines = one.config.read_text(encoding="utf-8")
        if tor:
            lines = lines.replace("tor: { ", f"tor: {{ {tor}, ")
        # Who waits for a tor that went would wait long.
        one.config.write_text(f"{lines}limits: {{ connect_time: 5s }}\n", encoding="utf-8")
        cls.sidecars[service] = one
        cls.addClassCleanup(one.stop)
        one.start()

    def published(self, plane):
        samples = self.sidecars[topology.PAYMENT].metrics()
        return total(samples, PUBLISHED, plane=plane)

    def call(self):
        """The status; none when the connection ended first."""
        try:
            return self.egress().send(request("GET", PAYOUTS)).answer().status
        except (BadMessage, OSError):
            return None

    def test_an_onion_is_published_again_when_tor_comes_back(self):
        self.assertEqual(self.published("ops"), 1)
        self.assertEqual(self.published("chain"), 1)
        eventually(lambda: self.call() == 200, "a call by the published onion", 60)
        self.assert_no_onion_in(self.sidecars[topology.PAYMENT].words())
        self.assertNotIn("error", self.tornet.ask({"do": "stop", "name": "client"}))
        eventually(lambda: self.published("ops") == 0, "an onion that is not published", 60)
        self.assertNotIn("error", self.tornet.ask({"do": "start", "name": "client"}))
        eventually(lambda: self.published("ops") == 1, "an onion that is published again", 60)
        eventually(lambda: self.call() == 200, "a call by the same onion", 60)

    def tearDown(self):
        self.tornet.ask({"do": "start", "name": "client"})
        super().tearDown()


if __name__ == "__main__":
    main()
