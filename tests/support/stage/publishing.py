"""Publishing: the base of tests in which the payment service's sidecar publishes its onions by
itself, through the network's client tor, by keys that the command line made.
"""
import os
import pathlib

from . import topology
from .case import E2E
from .sidecar import Sidecar


class Publishing(E2E):
    services = ()  # both are started here, once the addresses are known
    more = ""  # of the payment service's `tor:`
    limits = "connect_time: 5s"  # who waits for a tor that went would wait long

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keys = pathlib.Path(cls.folder) / "keys"
        cls.keys.mkdir()
        cls.onions = dict(cls.onions)
        command = Sidecar(os.environ["BETA_SIDECAR"], cls.folder, topology.GATEWAY, cls.onions)
        for plane in topology.PAYMENT.ingress:
            file = cls.key_of(plane)
            assert command.command("onion", "new", str(file)).returncode == 0
            told = command.command("onion", "address", str(file))
            cls.onions[topology.PAYMENT.onion_name(plane)] = told.stdout.strip()
        cls.prepare(command)
        publish = f"publish: true, keys: {cls.keys}{cls.more}"
        cls.launch(topology.PAYMENT, f"{cls.by_control()}, {publish}")
        cls.launch(topology.GATEWAY, cls.of_caller())
        for one in cls.sidecars.values():
            one.wait_ready(90)

    @classmethod
    def prepare(cls, command):
        """Whatever must stand beside the keys. `command`: runs the command line."""

    @classmethod
    def of_caller(cls):
        """Lines of the calling service's `tor:`, should it need some."""

    @classmethod
    def by_control(cls):
        return topology.by_control(cls.tornet)

    @classmethod
    def launch(cls, service, tor=None):
        one = Sidecar(os.environ["BETA_SIDECAR"], cls.folder, service, cls.onions, **cls.files)
        lines = one.config.read_text(encoding="utf-8")
        if tor:
            lines = lines.replace("tor: { ", f"tor: {{ {tor}, ")
        one.config.write_text(f"{lines}limits: {{ {cls.limits} }}\n", encoding="utf-8")
        cls.sidecars[service] = one
        cls.addClassCleanup(one.stop)
        one.start()

    @classmethod
    def key_of(cls, plane):
        return cls.keys / f"{topology.PAYMENT.onion_name(plane)}.pem"
