"""Case: the base of an end-to-end test: its sidecars and the payment service's app, ready before
the first line.

Runs inside the namespace of a tornet (tornet exec), with TORNET_STATE and BETA_SIDECAR in the
environment.
"""
import os
import pathlib
import shutil
import tempfile
import unittest

from tornet import socks
from tornet.state import State

from . import topology
from .app import Answer, App
from .sidecar import Sidecar
from .wire import BadMessage, Client, request

PAYOUTS = "/api/v1/payouts"


class E2E(unittest.TestCase):
    services = (topology.GATEWAY, topology.PAYMENT)  # whose sidecars run
    files = {}  # what topology.write takes besides

    @classmethod
    def setUpClass(cls):
        cls.tornet = State(os.environ["TORNET_STATE"])
        cls.onions = cls.tornet.read()["onions"]
        cls.folder = tempfile.mkdtemp(prefix="beta-e2e.")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.pki = topology.pki(cls.folder)
        cls.app = cls.make_app()
        cls.addClassCleanup(cls.app.close)
        cls.sidecars = {}
        for service in cls.services:
            cls.sidecars[service] = Sidecar(
                os.environ["BETA_SIDECAR"], cls.folder, service, cls.onions, **cls.files
            )
            cls.addClassCleanup(cls.sidecars[service].stop)
            cls.sidecars[service].start()
        for one in cls.sidecars.values():
            one.wait_ready()

    @classmethod
    def make_app(cls):
        """Stands at the payment service's app address until its close()."""
        return App(topology.PAYMENT.app, cls.reply)

    @staticmethod
    def reply(request):
        """What the payment service's app answers."""
        return Answer()

    def run(self, result=None):
        before = len(result.failures) + len(result.errors)
        super().run(result)
        if len(result.failures) + len(result.errors) > before:
            print("".join(one.words() for one in self.sidecars.values()), flush=True)
        return result

    def tearDown(self):
        while isinstance(self.app, App) and not self.app.requests.empty():
            self.app.requests.get()  # a test looks at its own requests only

    def egress(self, service=topology.GATEWAY, **options):
        client = Client(service.egress, **options)
        self.addCleanup(client.stream.close)
        return client

    def status_of_call(self):
        """Of a call of the gateway's for payouts; none when the connection ended first."""
        try:
            return self.egress().send(request("GET", PAYOUTS)).answer().status
        except (BadMessage, OSError):
            return None

    def onion(self, name, as_service=None, user="raw-client"):
        """A stream to an onion service, by no sidecar: what a peer has that turned hostile and
        holds a certificate: of `as_service`, or of the service that this onion is for.
        """
        caller, callee = topology.ends_of(name)
        stream = self.plain_onion(name, user).stream
        if self.files.get("identity_by", "certificate") == "certificate":
            stream = self.pki.connect(stream, as_service or caller, callee)
            self.addCleanup(stream.close)
        return Client(stream=stream)

    def plain_onion(self, name, user="raw-client"):
        """The same with nothing spoken yet: what anybody has who knows the address."""
        code, stream = socks.connect(self.onions[name], 80, ("127.0.0.1", topology.TOR_SOCKS), user)
        self.addCleanup(stream.close)
        self.assertEqual(code, socks.SUCCEEDED, f"SOCKS reply {code:#x}")
        return Client(stream=stream)

    def assert_no_request_reached_the_app(self):
        self.assertTrue(self.app.requests.empty(), "a refused request reached the app")

    def assert_no_onion_in(self, text):
        for address in self.onions.values():
            self.assertNotIn(pathlib.Path(address).stem, str(text))


def main():
    unittest.main(verbosity=2)
