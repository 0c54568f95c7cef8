"""Goal: at ingress nothing but TLS 1.3 is spoken, and no byte of a request counts before the
handshake is done.
Method: older versions and plain HTTP by Debian's tools; handshakes cut, mixed and stopped by hand.
"""
import socket
import ssl

import tools
from ground import PATIENCE, AtIngress, main


class Hands:
    """A TLS client whose bytes go out as the test wants."""

    def __init__(self, port, home):
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = tools.client_context(home).wrap_bio(self._incoming, self._outgoing)
        self.stream = socket.create_connection(("127.0.0.1", port), PATIENCE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stream.close()

    def flight(self):
        """Goes on with the handshake, reading where it must; what it now has to say."""
        while True:
            try:
                self.tls.do_handshake()
            except ssl.SSLWantReadError:
                if self._outgoing.pending:
                    return self._outgoing.read()
                self._incoming.write(self.stream.recv(65536))
                continue
            return self._outgoing.read()

    def request(self):
        self.tls.write(tools.ask())
        return self._outgoing.read()


class Protocol(AtIngress):
    def assert_unheard(self, word, port, *parts):
        """Sent to the listener, these end it with this word and without HTTP."""
        with self.ends(word), socket.create_connection(("127.0.0.1", port), PATIENCE) as stream:
            for part in parts:
                stream.sendall(part)
            self.assertNotIn(b"HTTP", tools.read_all(stream))
        self.assert_no_request_reached_the_app()

    def test_tls_1_2_is_too_old_whatever_the_certificate(self):
        for tool, *options in (
            (tools.openssl, "-tls1_2"),
            (tools.gnutls, "--priority=NORMAL:-VERS-ALL:+VERS-TLS1.2"),
            (tools.curl, "--tls-max", "1.2"),
            (tools.python, ssl.TLSVersion.TLSv1_2),
        ):
            with self.subTest(tool.__name__):
                with self.ends("old_version"):
                    heard = tool(self.ops, self.mine, *options)
                self.assertNotIn(b"HTTP/", heard.answer)
                self.assertNotEqual(heard.code, 0, heard)
                self.assert_no_request_reached_the_app()

    def test_plain_http(self):
        with self.ends("not_tls"):
            heard = tools.curl(self.ops, None, scheme="http")
        self.assertNotIn(b"HTTP/", heard.answer)
        self.assertNotEqual(heard.code, 0, heard)
        self.assert_unheard("not_tls", self.ops, tools.ask())

    def test_a_request_in_clear_behind_the_hello(self):
        with Hands(self.ops, self.mine) as hands:
            self.assert_unheard("not_tls", self.ops, hands.flight() + tools.ask())

    def test_a_record_of_application_data_behind_the_hello(self):
        with Hands(self.ops, self.mine) as hands:
            record = b"\x17\x03\x03" + len(tools.ask()).to_bytes(2, "big") + tools.ask()
            self.assert_unheard("protocol", self.ops, hands.flight() + record)

    def test_a_request_in_one_piece_with_the_last_flight(self):
        cases = ((self.mine, "full"), (None, "no_certificate"), (self.chains, "untrusted"))
        for home, word in cases:
            with self.subTest(word), self.ends(word), Hands(self.ops, home) as hands:
                hands.stream.sendall(hands.flight())
                last = hands.flight()
                hands.stream.sendall(last + hands.request())
                tools.read_all(hands.stream)
                self.assertEqual(self.app.requests.qsize(), int(word == "full"))
                self.tearDown()

    def test_a_handshake_byte_by_byte(self):
        with self.ends("full"), Hands(self.ops, self.mine) as hands:
            hands.stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for flight in (hands.flight, hands.flight, hands.request):
                for byte in flight():
                    hands.stream.sendall(bytes([byte]))
            tools.read_all(hands.stream)
            self.assertEqual(self.app.requests.qsize(), 1)


class Slowness(AtIngress):
    limits = "{ handshake_time: 2s }"

    def test_who_stops_in_the_middle_is_cut(self):
        with Hands(self.ops, self.mine) as whole:
            hello = whole.flight()
        for sent in (b"", hello[:1], hello[: len(hello) // 2], hello):
            with self.subTest(len(sent)), self.ends("timeout"):
                with socket.create_connection(("127.0.0.1", self.ops), PATIENCE) as stream:
                    stream.sendall(sent)
                    self.assertNotIn(b"HTTP", tools.read_all(stream))


if __name__ == "__main__":
    main()
