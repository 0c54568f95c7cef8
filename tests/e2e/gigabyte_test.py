"""Goal: a body of 1 GiB passes both sidecars, and neither grows: who cannot read holds the sender.
Method: one client uploads to an app that reads nothing at first; both sidecars' memory before, and
the most that it ever was, as the kernel says. Between them stands a plain SOCKS relay: tor itself
takes in more than a hundred MiB before it holds anybody back, and minutes for the rest.
"""
import contextlib
import pathlib
import re
import socket
import threading

from stage import topology
from stage.case import E2E, PAYOUTS, main

SIZE = 1 << 30
BLOCK = bytes(range(256)) * 1024
GROWTH = 8 << 10  # KiB: buffers of one call at their fullest are below 1 MiB


class Relay:
    """Speaks SOCKS5 as tor does (RFC 1928, 1929) and leads every stream to one port."""

    def __init__(self, target):
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._listener.close()

    def _accept(self):
        while True:
            try:
                stream, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(stream,), daemon=True).start()

    def _serve(self, stream):
        with stream, stream.makefile("rb", buffering=0) as file:
            if greeting := file.read(2):  # nothing: only a look whether somebody listens
                self._lead(stream, file, greeting)

    def _lead(self, stream, file, greeting):
        file.read(greeting[1])  # the methods that it offers
        stream.sendall(b"\x05\x02")
        file.read(file.read(2)[1])  # a version and the user
        file.read(file.read(1)[0])  # the password
        stream.sendall(b"\x01\x00")
        file.read(file.read(5)[-1] + 2)  # the name, and a port
        stream.sendall(b"\x05\x00\x00\x01" + bytes(6))
        with socket.create_connection(("127.0.0.1", self._target)) as target:
            back = threading.Thread(target=self._pump, args=(target, stream), daemon=True)
            back.start()
            self._pump(stream, target)
            back.join()

    @staticmethod
    def _pump(source, sink):
        with contextlib.suppress(OSError):  # the sidecars are stopped before us
            while data := source.recv(len(BLOCK)):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)


class SlowApp:
    """Reads one upload: nothing until `go`, then all of it; answers its length."""

    def __init__(self, port):
        self.go = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self):
        self.go.set()
        self._listener.close()

    def _serve(self):
        stream, _ = self._listener.accept()
        with stream, stream.makefile("rb") as file:
            while file.readline().strip():
                pass
            self.go.wait()
            left = SIZE
            while left and (data := file.read(min(left, len(BLOCK)))):
                left -= len(data)
                if BLOCK[: len(data)] != data:
                    break
            text = str(SIZE - left).encode()
            stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(text) + text)


class Gigabyte(E2E):
    @classmethod
    def setUpClass(cls):
        relay = Relay(topology.PAYMENT.ingress["ops"])
        cls.addClassCleanup(relay.close)
        cls.files = {"limits": False, "socks": relay.port}
        super().setUpClass()

    @classmethod
    def make_app(cls):
        return SlowApp(topology.PAYMENT.app)

    def memory(self, what):
        """KiB of every sidecar: VmRSS, or VmHWM, the most it ever was."""
        found = []
        for sidecar in self.sidecars.values():
            text = pathlib.Path(f"/proc/{sidecar.pid}/status").read_text(encoding="ascii")
            found.append(int(re.search(rf"{what}:\s+(\d+) kB", text)[1]))
        return found

    def test_a_gigabyte_passes_and_nobody_grows(self):
        before = self.memory("VmRSS")
        client = self.egress()
        head = f"POST {PAYOUTS} HTTP/1.1\r\nHost: tron-payment\r\nContent-Length: {SIZE}\r\n\r\n"
        client.send(head.encode())
        client.stream.settimeout(3)  # how long nothing moves before we call it held back
        sent = 0
        try:
            while sent < SIZE:
                sent += client.stream.send(BLOCK[sent % len(BLOCK) :])
        except TimeoutError:
            pass
        self.assertLess(sent, SIZE // 4, "an app that reads nothing holds nobody back")
        client.stream.settimeout(150)
        self.app.go.set()
        while sent < SIZE:
            sent += client.stream.send(BLOCK[sent % len(BLOCK) :])
        self.assertEqual(client.answer().body, str(SIZE).encode())
        for was, most in zip(before, self.memory("VmHWM"), strict=True):
            self.assertLess(most - was, GROWTH)
        print("KiB before, and the most:", before, self.memory("VmHWM"), flush=True)


if __name__ == "__main__":
    main()
