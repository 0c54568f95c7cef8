"""Goal: what a callee does with the connection instead of answering is an error that the caller
sees, and an answer that was cut is never taken for a whole one.
Method: callees by hand behind a SOCKS port, before and after a good handshake.
"""
import contextlib
import socket
import ssl
import struct

import tools
from at_egress import SECRET, AtEgress, callee
from ground import main

BODY = b"x" * 1000
HEADS = {
    "length": b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n",
    "chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1388\r\n",
    "close": b"HTTP/1.1 200 OK\r\n\r\n",
}
WHOLE = [f"{name}-ok" for name in HEADS]


def reset(stream):
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    stream.close()


def plain_http(stream):
    stream.recv(65536)
    stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    stream.recv(65536)


def garbage(stream):
    stream.sendall(bytes(range(256)) * 4)
    stream.recv(65536)


def early_http(stream):
    stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    stream.recv(65536)


def reset_at_the_hello(stream):
    stream.recv(65536)
    reset(stream)


def close_at_the_hello(stream):
    stream.recv(65536)


BEFORE = {
    #  callee: what it does, and how the handshake ends
    "plain-http": (plain_http, "not_tls"),
    "garbage": (garbage, "not_tls"),
    "early-http": (early_http, "not_tls"),
    "resets": (reset_at_the_hello, "closed"),
    "closes": (close_at_the_hello, "closed"),
}


class Hostile(AtEgress):
    @classmethod
    def setUpClass(cls):
        cls.seen = {name: b"" for name in cls.callees}
        super().setUpClass()

    @classmethod
    def welcome(cls, stream, name, ask_back=True):
        """TLS with the certificate of that service."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        home = cls.pki.home(callee(name))
        context.load_cert_chain(home / "cert.pem", home / "key.pem")
        if ask_back:
            context.load_verify_locations(cls.pki.folder / "ca" / "ops.pem")
            context.verify_mode = ssl.CERT_REQUIRED
        return context.wrap_socket(stream, server_side=True)

    @classmethod
    def hear(cls, name, stream):
        """A request, whole; what comes of it is seen."""
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += (part := stream.recv(65536))
            if not part:
                raise ConnectionError
        cls.seen[name] += head


class Before(Hostile):
    callees = (*BEFORE, "silent")
    limits = "{ connect_time: 10s }"

    @classmethod
    def tor(cls):
        def serve(stream, name):
            if name in BEFORE:
                return BEFORE[name][0](stream)
            return tools.read_all(stream)

        return cls.by_hand(serve)

    def test_who_speaks_no_tls_is_given_up(self):
        for name, (_, word) in BEFORE.items():
            with self.subTest(name):
                self.assert_failed(name, 502, "tls_protocol_error", word)

    def test_who_never_answers_the_hello_is_given_up_in_time(self):
        self.assert_failed("silent", 504, "connection_timeout", "timeout")


class After(Hostile):
    callees = ("right", "uninterested", "hasty", "mute", "cutter", *HEADS, *WHOLE)

    @classmethod
    def tor(cls):
        def serve(stream, name):
            tls = cls.welcome(stream, name, name != "uninterested")
            with contextlib.suppress(OSError), tls:
                getattr(cls, "do_" + name.partition("-")[0])(tls, name)

        return cls.by_hand(serve)

    @classmethod
    def do_right(cls, tls, name):
        while True:
            cls.hear(name, tls)
            tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    do_uninterested = do_right

    @classmethod
    def do_hasty(cls, tls, name):
        """Two answers before there is a question, and none after it."""
        for word in (b"1st", b"2nd"):
            tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n" + word)
        tools.read_all(tls)

    @classmethod
    def do_mute(cls, tls, name):
        cls.hear(name, tls)
        tls.unwrap()

    @classmethod
    def do_cutter(cls, tls, name):
        cls.hear(name, tls)
        reset(tls)

    @classmethod
    def do_length(cls, tls, name):
        """A body of 5000 bytes: cut behind 1000 of them, or whole and ended in TLS's own way."""
        cls.hear(name, tls)
        whole = name.endswith("-ok")
        end = b"\r\n0\r\n\r\n" if name == "chunked-ok" else b""
        tls.sendall(HEADS[name.partition("-")[0]] + BODY * (5 if whole else 1) + end)
        if whole:
            tls.unwrap()

    do_chunked = do_close = do_length

    def body(self, name):
        """All that came to the caller, and whether it ended in a reset."""
        client = self.call(name)
        said = b""
        try:
            while part := client.stream.recv(65536):
                said += part
        except ConnectionResetError:
            return said, True
        return said, False

    def test_the_right_one_is_asked_whether_it_asks_back_or_not(self):
        """A callee that wants no certificate of its callers harms itself alone."""
        for name in ("right", "uninterested"):
            with self.subTest(name), self.ends("full"):
                self.assertEqual(self.call(name).answer().body, b"ok")
                self.assertIn(SECRET.encode(), self.seen[name])

    def test_an_answer_before_the_question_is_never_another_questions(self):
        client = self.call("hasty")
        first = client.answer()
        self.assertIn((first.status, first.body[:3]), ((200, b"1st"), (502, first.body[:3])))
        second = self.call("hasty").answer()
        self.assertNotEqual(second.body, b"2nd")

    def test_who_hangs_up_behind_the_request_is_no_answer(self):
        for name in ("mute", "cutter"):
            with self.subTest(name):
                answer = self.call(name).answer()
                self.assertEqual(answer.status, 502)
                self.assertIn("error=connection_terminated", answer.one("Proxy-Status"))

    def test_a_body_that_is_cut_is_never_a_whole_one(self):
        for name in HEADS:
            with self.subTest(name):
                said, was_reset = self.body(name)
                self.assertTrue(was_reset, f"{len(said)} bytes and a clean end")

    def test_a_body_that_is_whole_ends_cleanly(self):
        for name in HEADS:
            with self.subTest(name):
                said, was_reset = self.body(f"{name}-ok")
                self.assertFalse(was_reset)
                self.assertEqual(said.partition(b"\r\n\r\n")[2].count(b"x"), 5000)


if __name__ == "__main__":
    main()
