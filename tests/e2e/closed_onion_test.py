"""Goal: an onion that is closed opens to the callers of its list, and to nobody else.
Method: the payment service's sidecar publishes with a list of one key; the gateway's sidecar calls
without that key, and then with it.
"""
import pathlib

from stage import topology
from stage.case import PAYOUTS, main
from stage.publishing import Publishing
from stage.sidecar import eventually
from stage.wire import request


class ClosedOnion(Publishing):
    limits = "connect_time: 20s"  # as it is by default: no tor goes here

    @classmethod
    def prepare(cls, command):
        cls.caller_key = pathlib.Path(cls.folder) / "caller.key"
        public = command.command("onion", "client-key", str(cls.caller_key)).stdout
        for plane in topology.PAYMENT.ingress:
            cls.key_of(plane).with_suffix(".clients").write_text(public, encoding="ascii")

    @classmethod
    def of_caller(cls):
        return cls.by_control()

    def answer(self):
        return self.egress().send(request("GET", PAYOUTS)).answer()

    def test_a_caller_needs_the_key_that_the_list_names(self):
        # Until tor has fetched the descriptor it is not found; then it cannot be read.
        answer = eventually(lambda: (one := self.answer()).status == 502 and one, "a refusal", 90)
        self.assertIn("proxy_configuration_error", answer.one("Proxy-Status") or "")
        self.assert_no_request_reached_the_app()
        self.sidecars[topology.GATEWAY].stop()
        self.launch(topology.GATEWAY, f"{self.by_control()}, client_key: {self.caller_key}")
        self.sidecars[topology.GATEWAY].wait_ready(90)
        eventually(lambda: self.answer().status == 200, "a call with the key", 90)


if __name__ == "__main__":
    main()
