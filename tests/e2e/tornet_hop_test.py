"""Goal: a hop passes on what it gets, in order and to the end, and no sooner than it was told.
Method: a hop of its own before an echo; lower bounds of time alone, as a machine may be busy.
"""
import contextlib
import os
import pathlib
import socket
import subprocess
import sys
import time
import unittest

import loopback
from stage.case import main
from tornet import hop
from tornet.process import dies_with, end

PACKAGE_PARENT = pathlib.Path(hop.__file__).resolve().parents[1]
DELAY = 0.05  # seconds each way


def echo(stream):
    while data := stream.recv(4096):
        stream.sendall(data)


class Hop(unittest.TestCase):
    def start(self, serve=echo, port=None):
        """A hop before a server, or before a port."""
        if port is None:
            server = loopback.Server(serve)
            self.addCleanup(server.close)
            port = server.port
        self.hop = subprocess.Popen(
            [sys.executable, "-m", "tornet.hop", f"r1,0,{port}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": str(PACKAGE_PARENT)},
            preexec_fn=dies_with(os.getpid()),
        )
        self.addCleanup(self.hop.stdin.close)
        self.addCleanup(self.hop.stdout.close)
        self.addCleanup(end, [self.hop])
        said, self.port = self.hop.stdout.readline().split()
        self.assertEqual(said, hop.LISTENING)

    def connect(self):
        stream = socket.create_connection(("127.0.0.1", int(self.port)), 30)
        self.addCleanup(stream.close)
        return stream

    def tell(self, seconds):
        self.hop.stdin.write(f"r1 {seconds}\n")
        self.hop.stdin.flush()
        self.assertEqual(self.hop.stdout.readline(), f"r1 {seconds}\n")

    def round_trip(self, stream):
        begun = time.monotonic()
        stream.sendall(b"x")
        self.assertEqual(stream.recv(1), b"x")
        return time.monotonic() - begun

    def test_each_way_takes_as_long_as_it_was_told_last(self):
        self.start()
        stream = self.connect()
        self.round_trip(stream)
        self.tell(DELAY)
        self.assertGreaterEqual(self.round_trip(stream), 2 * DELAY)
        self.tell(0)
        self.assertEqual(len([self.round_trip(stream) for _ in range(10)]), 10)

    def test_bytes_keep_their_order_while_the_delay_shrinks(self):
        self.start()
        stream = self.connect()
        sent = b"".join(b"%07d\n" % number for number in range(10_000))
        self.tell(DELAY)
        stream.sendall(sent[:40_000])
        self.tell(0)
        stream.sendall(sent[40_000:])
        received = b""
        while len(received) < len(sent):
            received += stream.recv(65536)
        self.assertEqual(received, sent)

    def test_an_end_comes_after_all_that_was_said_before_it(self):
        self.start(lambda stream: stream.sendall(stream.recv(1) * 100_000))
        stream = self.connect()
        self.tell(DELAY)
        stream.sendall(b"x")
        self.assertEqual(stream.makefile("rb").read(), b"x" * 100_000)

    def test_nobody_behind_is_an_end_for_who_calls(self):
        with socket.socket() as refusing:  # bound, and nobody listens
            refusing.bind(("127.0.0.1", 0))
            self.start(port=refusing.getsockname()[1])
            with contextlib.suppress(ConnectionResetError):
                self.assertEqual(self.connect().recv(1), b"")


if __name__ == "__main__":
    main()
