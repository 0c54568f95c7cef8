"""Goal: whatever stands in the place of tor's SOCKS port and control port and talks nonsense, a
sidecar says 502, 503 or 504, lives, and works again once tor is back.
Method: a Python server in tor's place, on both ports at once, one kind of nonsense after the other.
"""
import contextlib
import os
import random
import socket

import loopback
from stage import topology
from stage.case import main
from stage.fault import Fault
from tornet.state import State

NONSENSE = (
    b"",
    b"HTTP/1.0 400 Bad Request\r\n\r\n",
    b"\x05\x02\x01\x01",  # no such password
    b"\x05\x02\x01\x00\x05\x00\x00\x03\xff",  # a name that never ends
    b"250-" + b"x" * 100_000,
    random.Random(8).randbytes(50_000),
)


class WrongTor(Fault):
    @classmethod
    def setUpClass(cls):
        state = State(os.environ["TORNET_STATE"])
        cls.control = state.read()["control"]["client"]
        cls.files = cls.files | {"control": topology.by_control(state)}
        super().setUpClass()

    @contextlib.contextmanager
    def nonsense(self, words):
        """Said on both ports to whoever comes and has asked; the end of the stream follows."""

        def serve(stream):
            stream.recv(4096)
            stream.sendall(words)
            stream.shutdown(socket.SHUT_WR)
            while stream.recv(4096):
                pass

        with contextlib.ExitStack() as stack:
            for port in (topology.TOR_SOCKS, self.control):
                stack.enter_context(contextlib.closing(loopback.Server(serve, port)))
            yield

    def test_nonsense_is_an_error_of_the_call_and_of_nothing_else(self):
        self.kill("client")
        for words in NONSENSE:
            with self.subTest(words=words[:20]), self.nonsense(words):
                self.assertFalse(self.works())
        self.start("client")
        self.measure_recovery()


if __name__ == "__main__":
    main()
