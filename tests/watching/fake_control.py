"""Fake control: the port of a tor that is well, publishes every onion at once, and whose circuits
come and go while it is asked.
"""

import socket
import threading

from loopback import Server

_OK = "250 OK\r\n"
_ANSWERS = {
    "PROTOCOLINFO": "250-PROTOCOLINFO 1\r\n250-AUTH METHODS=NULL\r\n"
                    f'250-VERSION Tor="0.4.9.11"\r\n{_OK}',
}
_INFO = {
    "status/bootstrap-phase": 'NOTICE BOOTSTRAP PROGRESS=100 TAG=done SUMMARY="Done"',
    "status/circuit-established": "1",
    "network-liveness": "up",
    "circuit-status": "",
}
_CIRCUITS = ("LAUNCHED", "EXTENDED", "BUILT", "CLOSED", "LAUNCHED", "FAILED")


class FakeControl:
    """`onion`: a function that says which address tor makes of the key that it is given."""

    def __init__(self, onion=None):
        self._onion = onion
        self._lock = threading.Lock()
        self._listening = []
        self._server = Server(self._serve)
        self.port = self._server.port
        self.close = self._server.close

    def circuits_come_and_go(self) -> None:
        """Tells everybody who listens of two circuits: one was built, one failed."""
        for number, status in enumerate(_CIRCUITS, 1):
            self._tell(f"650 CIRC {number} {status}\r\n")

    def _tell(self, event: str) -> None:
        with self._lock:
            for stream in self._listening:
                stream.sendall(event.encode())

    def _serve(self, stream: socket.socket) -> None:
        with stream.makefile("r", encoding="ascii", newline="\r\n") as lines:
            for line in lines:
                verb, _, rest = line.strip().partition(" ")
                with self._lock:
                    stream.sendall(self._answer(verb, rest).encode())
                    if verb == "SETEVENTS":
                        self._listening.append(stream)
                if verb == "ADD_ONION":
                    self._tell(f"650 HS_DESC UPLOADED {self._service_id()} UNKNOWN {'A' * 40}\r\n")
        with self._lock:
            if stream in self._listening:
                self._listening.remove(stream)

    def _answer(self, verb: str, rest: str) -> str:
        if verb == "GETINFO":
            return "".join(f"250-{key}={_INFO[key]}\r\n" for key in rest.split()) + _OK
        if verb == "ADD_ONION":
            return f"250-ServiceID={self._service_id()}\r\n{_OK}"
        return _ANSWERS.get(verb, _OK)

    def _service_id(self) -> str:
        return self._onion().removesuffix(".onion")
