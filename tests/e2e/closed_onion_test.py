"""Goal: an onion that is closed opens to the callers of its list, and to nobody else.
Method: the payment service's sidecar publishes with a list of one key; the gateway's sidecar calls
without that key, and then with it.
"""
import os
import pathlib

from stage import topology
from stage.case import E2E, PAYOUTS, main
from stage.sidecar import Sidecar, eventually
from stage.wire import request


class ClosedOnion(E2E):
    services = ()  # both are started here, once the addresses are known

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.onions = dict(cls.onions)
        home = pathlib.Path(cls.folder)
        (home / "keys").mkdir()
        tool = Sidecar(os.environ["BETA_SIDECAR"], cls.folder, topology.GATEWAY, cls.onions)
        public = tool.command("onion", "client-key", str(home / "caller.key")).stdout
        for plane in topology.PAYMENT.ingress:
            name = topology.PAYMENT.onion_name(plane)
            key = home / "keys" / f"{name}.pem"
            assert tool.command("onion", "new", str(key)).returncode == 0
            cls.onions[name] = tool.command("onion", "address", str(key)).stdout.strip()
            key.with_suffix(".clients").write_text(public, encoding="ascii")
        cls.start(topology.PAYMENT, f"publish: true, keys: {home}/keys")
        cls.start(topology.GATEWAY)
        for one in cls.sidecars.values():
            one.wait_ready(90)

    @classmethod
    def start(cls, service, tor=""):
        one = Sidecar(os.environ["BETA_SIDECAR"], cls.folder, service, cls.onions)
        control = cls.tornet.read()["control"]["client"]
        words = ", ".join(filter(None, (f"control: 127.0.0.1:{control}", tor)))
        lines = one.config.read_text(encoding="utf-8")
        one.config.write_text(lines.replace("tor: { ", f"tor: {{ {words}, "), encoding="utf-8")
        cls.sidecars[service] = one
        cls.addClassCleanup(one.stop)
        one.start()

    def call(self):
        return self.egress().send(request("GET", PAYOUTS)).answer()

    def test_a_caller_needs_the_key_that_the_list_names(self):
        # Until tor has fetched the descriptor it is not found; then it cannot be read.
        answer = eventually(lambda: (one := self.call()).status == 502 and one, "a refusal", 90)
        self.assertIn("proxy_configuration_error", answer.one("Proxy-Status") or "")
        self.assert_no_request_reached_the_app()
        self.sidecars[topology.GATEWAY].stop()
        self.start(topology.GATEWAY, f"client_key: {self.folder}/caller.key")
        self.sidecars[topology.GATEWAY].wait_ready(90)
        eventually(lambda: self.call().status == 200, "a call with the key", 90)


if __name__ == "__main__":
    main()
