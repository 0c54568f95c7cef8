"""Goal: 5,000 connections that drip their heads keep nobody from being served, cost little memory,
and are cut off at limits.header_time, however steadily they drip.
Method: one sidecar as a process; the attackers send a byte in turn; a good client does a few
hundred requests meanwhile, on one connection and on new ones. bench/load/slowloris.py has figures.
"""

import pathlib
import select
import socket
import sys
import tempfile
import threading
import unittest

from loopback import Server, Sidecar, socks_to

BINARY = sys.argv.pop(1)
ATTACKERS = 5000
MEMORY_EACH = 12 * 1024
ASK = b"GET /ok HTTP/1.1\r\nHost: pay\r\n\r\n"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


def serve(stream: socket.socket) -> None:
    while stream.recv(4096):
        stream.sendall(ANSWER)


class Attackers:
    """Each holds a connection with half a head, and adds a byte when it is its turn."""

    def __init__(self, port: int, count: int):
        self.streams = []
        for _ in range(count):
            stream = socket.create_connection(("127.0.0.1", port), 30)
            stream.sendall(b"GET /ok HTTP/1.1\r\nHost: pay\r\nX: ")
            self.streams.append(stream)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._drip, daemon=True)
        self._thread.start()

    def _drip(self) -> None:
        while not self._stop.is_set():
            for stream in self.streams:
                try:
                    stream.send(b"a", socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
                except OSError:
                    pass  # cut off, or not read for now
                if self._stop.is_set():
                    return

    def endings(self) -> list[bytes]:
        """What each was told in the end; waits for it."""
        return [self._ending(stream) for stream in self.streams]

    def _ending(self, stream: socket.socket) -> bytes:
        said = b""
        try:
            while piece := stream.recv(4096):
                said += piece
        except ConnectionResetError:
            pass  # its last bytes crossed our end
        return said

    def close(self) -> None:
        self._stop.set()
        self._thread.join()
        for stream in self.streams:
            stream.close()


class Slowloris(unittest.TestCase):
    def start(self, header_time: str) -> Sidecar:
        folder = tempfile.TemporaryDirectory(prefix="beta-load-")
        app = Server(serve)
        tor = socks_to(app.port)
        sidecar = Sidecar(BINARY, pathlib.Path(folder.name) / "out", "api",
                          f"tor: {{ socks: 127.0.0.1:{tor.port} }}\n"
                          f"egress: {{ address: 127.0.0.1:0 }}\nlog: {{ access: false }}\n"
                          f"limits: {{ header_time: {header_time} }}\n")
        for end in (folder.cleanup, app.close, tor.close, sidecar.stop):
            self.addCleanup(end)
        return sidecar

    def attack(self, sidecar: Sidecar) -> Attackers:
        attackers = Attackers(sidecar.port, ATTACKERS)
        self.addCleanup(attackers.close)
        return attackers

    def assert_served(self, client: socket.socket) -> None:
        client.sendall(ASK)
        answer = b""
        while not answer.endswith(b"hello"):
            answer += client.recv(4096) or self.fail(f"no whole answer: {answer!r}")
            self.assertTrue(answer.startswith(b"HTTP/1.1 200 "), answer)

    def test_a_good_client_is_served_and_the_attackers_cost_little(self):
        sidecar = self.start("10m")
        with socket.create_connection(("127.0.0.1", sidecar.port), 30) as client:
            self.assert_served(client)
            before = sidecar.memory()
            attackers = self.attack(sidecar)
            for number in range(500):
                self.assert_served(client)
                if number % 10 == 0:
                    with socket.create_connection(("127.0.0.1", sidecar.port), 30) as other:
                        self.assert_served(other)
            grown = sidecar.memory() - before
            print(f"grown by {grown // ATTACKERS} bytes for each of {ATTACKERS} attackers")
            self.assertLess(grown, ATTACKERS * MEMORY_EACH)
            poller = select.poll()
            for stream in attackers.streams:
                poller.register(stream, select.POLLIN)
            self.assertEqual(poller.poll(0), [], "within their time nobody is cut off")

    def test_every_attacker_is_cut_off_at_its_time_though_it_drips(self):
        sidecar = self.start("1s")
        told = self.attack(sidecar).endings()
        self.assertEqual(len(told), ATTACKERS)
        for words in told:
            self.assertTrue(words == b"" or words.startswith(b"HTTP/1.1 408 "), words)
        self.assertGreater(sum(words != b"" for words in told), ATTACKERS * 9 // 10)
        with socket.create_connection(("127.0.0.1", sidecar.port), 30) as client:
            self.assert_served(client)


if __name__ == "__main__":
    unittest.main()
