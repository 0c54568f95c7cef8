"""Goal: peers that do much, or nothing, are ended and cost little, and the others are served.
Method: key updates without end, handshakes by the thousand beside slow ones, stopped processes.
"""
import contextlib
import os
import signal
import socket
import subprocess
import threading
import time

from loopback import Server
from stage import metrics
from stage.app import Answer
from stage.sidecar import eventually

import tools
from ground import PATIENCE, AtIngress, main

UPDATES = 100_000  # far more than may pass
FLOODS = 10
AT_ONCE, UPDATE_BYTES = 1000, 27  # in one buffer of the reader; a record of five bytes, sealed
HANDSHAKES, MOST_SECONDS, CALLERS = 10_000, 60, 4
STOPPED = 16
BIG = bytes(32 << 20)
MAY_GROW = 32 << 20  # a leak of 4 KiB a handshake is more; a sanitizer takes a part of it


class Floods(AtIngress):
    limits = "{ handshake_time: 20s, send_idle_time: 2s }"

    @staticmethod
    def reply(request):
        return Answer(BIG if request.target == "/open/big" else b"{}\n")

    def warm(self):
        """Memory that the first callers take and the later ones share."""
        for _ in range(50):
            self.assert_served()
        self.sidecar.forget_peak()
        return self.sidecar.memory()

    def assert_served(self):
        heard = tools.python(self.ops, self.mine)
        self.assertTrue(heard.answer.startswith(b"HTTP/1.1 200 "), heard)

    def assert_flat(self, before):
        grown = self.sidecar.memory("VmHWM") - before
        print(f"grown by {grown >> 10} KiB", flush=True)
        self.assertLess(grown, MAY_GROW)

    def test_key_updates_without_end_end_the_connection(self):
        before = self.warm()
        for command in (b"K\n", b"k\n"):  # with the wish for one in return, and without
            for _ in range(FLOODS // 2):
                with self.subTest(command), self.ends_in({"full": 1, "flood": 1}):
                    self.assertLess(self.update_keys(command), UPDATES)
            self.assert_served()
        self.assert_flat(before)

    def test_key_updates_in_one_piece_count_like_those_one_by_one(self):
        """What OpenSSL has read already it goes through by itself, without asking us."""
        dam = Dam(self.ops)
        self.addCleanup(dam.close)
        null = subprocess.DEVNULL
        with self.ends_in({"full": 1, "flood": 1}):
            with self.ends("full"):
                words = ["openssl", *tools.s_client(dam.port, self.mine)]
                child, into = tools.start_at_packets(words, stdout=null, stderr=null)
            self.addCleanup(self.end, child)
            self.addCleanup(os.close, into)
            dam.hold(AT_ONCE * UPDATE_BYTES)
            for _ in range(AT_ONCE):
                os.write(into, b"k\n")
        self.assert_served()

    def update_keys(self, command):
        """How many times openssl could say so until its connection was ended."""
        null = subprocess.DEVNULL
        words = ["openssl", *tools.s_client(self.ops, self.mine)]
        child, into = tools.start_at_packets(words, stdout=null, stderr=null)
        said = 0
        with contextlib.suppress(BrokenPipeError):
            while said < UPDATES:
                said += os.write(into, command) // len(command)
        os.close(into)
        child.kill()
        child.wait()
        return said

    def test_thousands_of_handshakes_succeed_while_slow_ones_drip_and_are_cut(self):
        before, counted = self.warm(), self.sidecar.handshakes(self.direction)
        over = threading.Event()
        slow = Slow(self.ops, over)
        good = Good(self.ops, self.mine)
        over.set()
        cut = slow.cut()
        self.assertEqual(good.failures, [])
        self.assertGreater(good.done, 100)
        self.assertEqual(cut, slow.begun)
        ends = self.sidecar.handshakes(self.direction) - counted
        self.assertEqual(dict(ends), {"full": good.done, "timeout": slow.begun})
        print(f"{good.done} handshakes beside {slow.begun} slow ones", flush=True)
        self.assert_flat(before)

    def test_stopped_processes_are_cut_and_hold_little(self):
        before = self.warm()
        stopped = [self.stop_in_the_answer() for _ in range(STOPPED)]
        eventually(lambda: self.connections() == 0, "the stopped ones to be cut", PATIENCE)
        self.assert_served()
        self.assert_flat(before)
        for child in stopped:
            child.send_signal(signal.SIGCONT)
            self.assertLess(len(child.stdout.read()), len(BIG))

    def stop_in_the_answer(self):
        """An openssl that is stopped behind the first byte; others are served."""
        words = ["openssl", *tools.s_client(self.ops, self.mine), "-quiet"]
        child = tools.start(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.addCleanup(self.end, child)
        child.stdin.write(tools.ask("/open/big"))
        child.stdin.flush()
        self.assertEqual(child.stdout.read(1), b"H")
        child.send_signal(signal.SIGSTOP)
        self.assert_served()
        return child

    @staticmethod
    def end(child):
        child.kill()
        child.wait()
        for stream in filter(None, (child.stdin, child.stdout)):
            stream.close()

    def connections(self):
        samples = metrics.scrape(self.sidecar.ports["admin"])
        return metrics.total(samples, "beta_sidecar_active_connections", listener="ingress")


class Dam:
    """A port that leads to another, and that can hold what comes until there is enough of it."""

    def __init__(self, port):
        self._beyond, self._needed = port, 1
        self._server = Server(self._serve)
        self.port, self.close = self._server.port, self._server.close

    def hold(self, size):
        """What comes from here on goes on its way once it is so many bytes."""
        self._needed = size

    def _serve(self, stream):
        with socket.create_connection(("127.0.0.1", self._beyond), PATIENCE) as beyond:
            threading.Thread(target=self._carry_back, args=(beyond, stream), daemon=True).start()
            held = b""
            while part := stream.recv(65536):
                held += part
                if len(held) >= self._needed:
                    beyond.sendall(held)
                    held = b""

    @staticmethod
    def _carry_back(beyond, stream):
        with contextlib.suppress(OSError):
            while part := beyond.recv(65536):
                stream.sendall(part)
            stream.shutdown(socket.SHUT_RDWR)


class Slow:
    """A new peer each second, each a byte of a record a second, until it is over."""

    def __init__(self, port, over):
        self.begun, self._port, self._over, self._streams = 0, port, over, []
        self._thread = threading.Thread(target=self._drip, daemon=True)
        self._thread.start()

    def _drip(self):
        while True:
            self._streams.append(socket.create_connection(("127.0.0.1", self._port), PATIENCE))
            self.begun += 1
            for stream in self._streams:
                with contextlib.suppress(OSError):  # cut by now
                    stream.send(b"\x16" if stream is self._streams[-1] else b"\x03")
            if self._over.wait(1):
                return

    def cut(self):
        """How many were ended without a word of HTTP; waits for it."""
        self._thread.join()
        ended = 0
        for stream in self._streams:
            with stream:
                ended += b"HTTP" not in tools.read_all(stream)
        return ended


class Good:
    """Handshakes on four threads, each with a request; until all are done or the time is up."""

    def __init__(self, port, home):
        self.done, self.failures, self._lock = 0, [], threading.Lock()
        self._port, self._home, self._until = port, home, time.monotonic() + MOST_SECONDS
        threads = [threading.Thread(target=self._call) for _ in range(CALLERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _call(self):
        for _ in range(HANDSHAKES // CALLERS):
            if time.monotonic() > self._until:
                return
            heard = tools.python(self._port, self._home)
            with self._lock:
                self.done += 1
                if not heard.answer.startswith(b"HTTP/1.1 200 "):
                    self.failures.append(heard)


if __name__ == "__main__":
    main()
