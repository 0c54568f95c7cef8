"""App: an HTTP/1.1 server that shows exactly what reached it, and answers what the test wants
answered.
"""
import contextlib
import dataclasses
import queue
import socket
import threading

from . import wire


@dataclasses.dataclass
class Answer:
    body: bytes = b"{}\n"
    status: str = "200 OK"
    headers: list = dataclasses.field(default_factory=list)
    raw: bytes = None  # whole answer as it goes out, instead of the above

    def bytes(self, head_only):
        if self.raw is not None:
            return self.raw
        lines = [
            f"HTTP/1.1 {self.status}",
            f"Content-Length: {len(self.body)}",
            *(f"{name}: {value}" for name, value in self.headers),
        ]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + (b"" if head_only else self.body)


class App:
    """Serves from construction to close(); port 0: on a free one. `reply(request)` runs on a
    connection's thread and may wait.
    """

    def __init__(self, port, reply=lambda request: Answer()):
        self.requests = queue.Queue()  # wire.Message, in the order of arrival
        self._reply = reply
        self._streams = set()
        self._listener = socket.create_server(("127.0.0.1", port))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        """The port and every connection; once more does nothing."""
        for stream in (self._listener, *list(self._streams)):
            with contextlib.suppress(OSError):
                stream.shutdown(socket.SHUT_RDWR)  # wakes whoever waits on it
            stream.close()

    def next_request(self, timeout=30):
        return self.requests.get(timeout=timeout)

    def _accept(self):
        while True:
            try:
                stream, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(stream,), daemon=True).start()

    def _serve(self, stream):
        self._streams.add(stream)
        reader = wire.Reader(stream)
        with stream:
            try:
                while (request := reader.request()) is not None:
                    self.requests.put(request)
                    stream.sendall(self._reply(request).bytes(request.method == "HEAD"))
            except (OSError, wire.BadMessage):
                pass  # the other side went away; tests look at what the client got
        self._streams.discard(stream)
