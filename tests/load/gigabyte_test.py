"""Goal: a body of 1 GiB passes both sidecars whole, in both directions, while neither grows; a side
that does not read holds the other back, to the very sender (RFC 9112 §7.1, TCP's own window).
Method: client, egress, a SOCKS port, ingress and app on loopback; every block of the body carries
its number; the peak of each sidecar's resident memory is compared with what it had before.
"""

import pathlib
import socket
import sys
import tempfile
import threading
import time
import unittest

from loopback import Server, Sidecar, socks_to

BINARY = sys.argv.pop(1)
BLOCK = 1 << 20
BLOCKS = 1024
MAY_GROW = 4 << 20
FILLING = bytes(range(256)) * (BLOCK // 256 - 1) + bytes(248)


def send_blocks(stream: socket.socket, sent) -> None:
    for number in range(BLOCKS):
        stream.sendall(number.to_bytes(8, "big") + FILLING)
        sent(number + 1)


def wrong_block(stream: socket.socket) -> int:
    """The number of the first block that is not as it was sent; BLOCKS if all are."""
    room = memoryview(bytearray(BLOCK))
    for number in range(BLOCKS):
        if (stream.recv_into(room, BLOCK, socket.MSG_WAITALL) != BLOCK or
                int.from_bytes(room[:8], "big") != number or room[8:] != FILLING):
            return number
    return BLOCKS


def read_head(stream: socket.socket) -> bytes:
    """Byte by byte: what follows stays in the socket."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += stream.recv(1) or b"\r\n\r\n"
    return head


class Gigabyte(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="beta-load-")
        self.addCleanup(folder.cleanup)
        self.sent = 0
        self.wrong = None
        app = Server(self.serve)
        self.ingress = Sidecar(BINARY, pathlib.Path(folder.name) / "in", "pay",
                               f"app: 127.0.0.1:{app.port}\negress: {{ address: off }}\n"
                               "ingress: [ { plane: ops, address: 127.0.0.1:0 } ]\n")
        tor = socks_to(self.ingress.port)
        self.egress = Sidecar(BINARY, pathlib.Path(folder.name) / "out", "api",
                              f"tor: {{ socks: 127.0.0.1:{tor.port} }}\n"
                              "egress: { address: 127.0.0.1:0 }\n")
        for part in (app, tor):
            self.addCleanup(part.close)
        self.sidecars = (self.egress, self.ingress)
        for sidecar in self.sidecars:
            self.addCleanup(sidecar.stop)
        self.client = socket.create_connection(("127.0.0.1", self.egress.port))
        self.addCleanup(self.client.close)

    def count(self, blocks: int) -> None:
        self.sent = blocks

    def serve(self, stream: socket.socket) -> None:
        while head := read_head(stream):
            if head.startswith(b"POST"):
                self.wrong = wrong_block(stream)
            size = BLOCKS * BLOCK if b" /down " in head else 0
            stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
            if size:
                send_blocks(stream, self.count)

    def ask(self, line: str, fields: str = "") -> None:
        self.client.sendall(f"{line} HTTP/1.1\r\nHost: pay\r\n{fields}\r\n".encode())

    def warm(self) -> list[int]:
        self.ask("GET /small")
        self.assertIn(b" 200 ", read_head(self.client))
        for sidecar in self.sidecars:
            sidecar.forget_peak()
        return [sidecar.memory() for sidecar in self.sidecars]

    def assert_flat(self, before: list[int]) -> None:
        grown = [sidecar.memory("VmHWM") - had for sidecar, had in zip(self.sidecars, before)]
        print(f"grown by {grown[0] >> 10} KiB (egress) and {grown[1] >> 10} KiB (ingress)")
        self.assertLess(max(grown), MAY_GROW)

    def test_up_and_nobody_grows(self):
        before = self.warm()
        self.ask("POST /up", f"Content-Length: {BLOCKS * BLOCK}\r\n")
        send_blocks(self.client, self.count)
        self.assertIn(b" 200 ", read_head(self.client))
        self.assertEqual(self.wrong, BLOCKS)
        self.assert_flat(before)

    def test_down_to_a_client_that_first_does_not_read_and_nobody_grows(self):
        before = self.warm()
        self.ask("GET /down")
        self.assertIn(b" 200 ", read_head(self.client))
        held = self.wait_until_held()
        # What lies in the buffers of six sockets, and no more.
        print(f"held after {held} MiB")
        self.assertLess(held, 128)
        self.assertEqual(wrong_block(self.client), BLOCKS)
        self.assert_flat(before)

    def wait_until_held(self) -> int:
        """The blocks that the app could send until it could send no more for half a second."""
        seen, since = -1, time.monotonic()
        while time.monotonic() - since < 0.5:
            if self.sent != seen:
                seen, since = self.sent, time.monotonic()
            threading.Event().wait(0.02)
        return seen


if __name__ == "__main__":
    unittest.main()
