"""Scene: two sidecars that call each other without tor, the app behind them, and a Prometheus that
watches both. The gateway calls out; the payment service publishes its onion and is called.
"""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import ground
from fake_control import FakeControl
from loopback import socks
from prometheus import PATIENCE, Prometheus
from stage.app import App, Answer
from stage.metrics import DIRECT, scrape
from stage.pki import Pki
from stage.sidecar import eventually, own_environment
from stage.topology import GATEWAY, PAYMENT
from stage.wire import Client, request

BUSY = "/open/busy"  # what the app answers with 503


class Scene(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="beta-watch.")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.pki = Pki(cls.folder / "pki", ground.PLANES)
        (cls.folder / "keys").mkdir(mode=0o700)
        cls.app = cls.closing(App(0, cls.reply))
        cls.tor = cls.closing(socks(lambda host: cls.payment.ports["ingress:ops"]))
        cls.controls = [cls.closing(FakeControl(cls.onion)) for _ in range(2)]
        cls.payment = cls.start(
            PAYMENT, cls.controls[0],
            f"publish: true, keys: {cls.folder}/keys, probe: 1s",
            f"app: 127.0.0.1:{cls.app.port}\negress: {{ address: off }}\n"
            "ingress: [ { plane: ops, address: 127.0.0.1:0 } ]\n")
        cls.gateway = cls.start(GATEWAY, cls.controls[1], "publish: false",
                                "egress: { address: 127.0.0.1:0 }\n")
        cls.sidecars = {GATEWAY.name: cls.gateway, PAYMENT.name: cls.payment}

    @staticmethod
    def reply(asked):
        return Answer(status="503 Busy" if asked.target == BUSY else "200 OK")

    @classmethod
    def closing(cls, thing):
        cls.addClassCleanup(thing.close)
        return thing

    @classmethod
    def start(cls, service, control, tor, text):
        sidecar = ground.Sidecar(
            cls.folder, cls.pki, service,
            f"tor: {{ socks: 127.0.0.1:{cls.tor.port}, control: 127.0.0.1:{control.port}, "
            f"{tor} }}\nlog: {{ access: false }}\naudit: {{ file: audit.log }}\n{text}")
        cls.addClassCleanup(sidecar.stop)
        return sidecar

    @classmethod
    def onion(cls):
        """The address that the payment service's sidecar publishes."""
        config = cls.folder / PAYMENT.name / "sidecar.yaml"
        said = subprocess.run([os.environ["BETA_SIDECAR"], "onion", "address", "-c", config],
                              capture_output=True, text=True, check=True, env=own_environment())
        return re.search(r"[a-z2-7]{56}\.onion", said.stdout)[0]

    @classmethod
    def start_prometheus(cls):
        """Back when it has seen both, so that whatever they count from here on is a rise."""
        targets = {name: sidecar.ports["admin"] for name, sidecar in cls.sidecars.items()}
        cls.prometheus = Prometheus(cls.folder / "prometheus", targets)
        cls.addClassCleanup(cls.prometheus.stop)
        eventually(lambda: cls.prometheus.value('up{job="beta-sidecar"}') == len(targets),
                   "both to be scraped", PATIENCE)

    def text(self, sidecar):
        url = f"http://127.0.0.1:{sidecar.ports['admin']}/metrics"
        with DIRECT.open(url, timeout=PATIENCE) as answer:
            return answer.read().decode()

    def samples(self, sidecar):
        return scrape(sidecar.ports["admin"])

    def call(self, path=ground.OPEN, host=PAYMENT.name):
        with Client(self.gateway.ports["egress"], timeout=PATIENCE) as client:
            return client.send(request("GET", path, host)).answer().status

    def say(self, line):
        """As the gateway's app does, for the log."""
        with Client(self.gateway.ports["egress"], timeout=PATIENCE) as client:
            return client.send(request("POST", "/v1/logs", "beta.internal",
                                       ["Content-Type: text/plain"], line.encode())).answer().status

    def live(self):
        """A little of everything that makes numbers move."""
        for path, host, status in ((ground.OPEN, PAYMENT.name, 200),
                                   (BUSY, PAYMENT.name, 503),
                                   (ground.CLOSED, PAYMENT.name, 403),
                                   (ground.OPEN, "nobody", 403)):
            self.assertEqual(self.call(path, host), status)
        self.assertEqual(self.say("ready to pay"), 202)
        for control in self.controls:
            control.circuits_come_and_go()
        while not self.app.requests.empty():
            self.app.requests.get()
