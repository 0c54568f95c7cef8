"""Goal: SIGTERM lets what began end, takes nothing new, and exits 0; a second one ends at once.
Method: the app holds a request until the test lets go; the signal comes in between.
"""
import signal
import threading

from stage import topology
from stage.app import Answer
from stage.case import E2E, PAYOUTS, main
from stage.sidecar import eventually
from stage.wire import request


class Drain(E2E):
    let_go = threading.Event()

    @staticmethod
    def reply(request):
        if request.target.endswith("/held"):
            Drain.let_go.wait(60)
        return Answer(b"finished")

    def setUp(self):
        Drain.let_go.clear()
        for one in self.sidecars.values():
            if one.ended:
                one.start().wait_ready()

    def hold_a_request(self):
        client = self.egress().send(request("GET", f"{PAYOUTS}/held"))
        self.assertEqual(self.app.next_request().target, f"{PAYOUTS}/held")
        return client

    def refuses_connections(self, service):
        try:
            self.egress(service).stream.close()
            return False
        except (ConnectionRefusedError, ConnectionResetError):  # the latter: as it closed
            return True

    def drain_while_held(self, service):
        client = self.hold_a_request()
        one = self.sidecars[service]
        one.signal(signal.SIGTERM)
        eventually(lambda: self.refuses_connections(service), "its port to close")
        self.assertFalse(one.ended, "it ended with a request in flight")
        Drain.let_go.set()
        self.assertEqual(client.answer().body, b"finished")
        self.assertEqual(one.exit_code(), 0)

    def test_the_callers_sidecar_finishes_a_request_in_flight(self):
        self.drain_while_held(topology.GATEWAY)

    def test_the_callees_sidecar_finishes_a_request_in_flight(self):
        self.drain_while_held(topology.PAYMENT)

    def test_a_second_signal_ends_it_at_once(self):
        self.hold_a_request()
        one = self.sidecars[topology.PAYMENT]
        one.signal(signal.SIGTERM)
        eventually(lambda: self.refuses_connections(topology.PAYMENT), "its port to close")
        one.signal(signal.SIGTERM)
        one.exit_code(5)
        Drain.let_go.set()


if __name__ == "__main__":
    main()
