"""Goal: a resumed session is a short cut to the same identity and the same decisions, never past
them.
Method: openssl keeps a session and offers it again: here, there, later, under another name.
"""
import base64

from stage.topology import CHAIN, GATEWAY, Service

import tools
from ground import CLOSED, AtIngress, main

LEAVER = Service("leaver", "ops", 0, 0, 0, {})
EARLY_DATA = 15  # the tag of max_early_data in a session of OpenSSL
EARLY_BYTES = 16384


class Resumption(AtIngress):
    def session(self, port=None, home=None):
        """The file of a session got by a full handshake."""
        file = self.folder / f"session-{self.id()}"
        with self.ends("full"):
            tools.openssl(port or self.ops, home or self.mine, "-sess_out", file)
        self.assertIn("SESSION", file.read_text(encoding="ascii"))
        self.tearDown()
        return file

    def test_it_is_resumed_and_the_policy_decides_as_ever(self):
        file = self.session()
        with self.ends("resumed"):
            heard = tools.openssl(self.ops, self.mine, "-sess_in", file)
        self.assertTrue(heard.answer.startswith(b"HTTP/1.1 200 "), heard)
        self.assert_app_asked_by(GATEWAY)
        with self.ends("resumed"):
            heard = tools.openssl(self.ops, self.mine, "-sess_in", file, send=tools.ask(CLOSED))
        self.assertTrue(heard.answer.startswith(b"HTTP/1.1 403 "), heard)
        self.assert_no_request_reached_the_app()

    def test_gnutls_and_its_own_way_to_resume(self):
        with self.ends_in({"full": 1, "resumed": 1}):
            heard = tools.gnutls(self.ops, self.mine, "--resume", "--waitresumption")
        self.assertIn(b"HTTP/1.1 200 ", heard.answer)
        self.assert_app_asked_by(GATEWAY)

    def test_under_another_name_of_the_server_or_without_the_file_it_is_the_same_caller(self):
        file = self.session()
        for home, name in ((self.mine, "blockchain-core"), (None, "tron-payment")):
            with self.subTest(name), self.ends("resumed"):
                options = ("-sess_in", file, "-servername", name)
                heard = tools.openssl(self.ops, home, *options)
                self.assertTrue(heard.answer.startswith(b"HTTP/1.1 200 "), heard)
                self.assert_app_asked_by(GATEWAY)

    def test_at_the_listener_of_another_plane_it_is_worth_nothing(self):
        file = self.session()
        for home, word in ((self.mine, "untrusted"), (None, "no_certificate")):
            with self.subTest(word), self.ends(word):
                heard = tools.openssl(self.chain, home, "-sess_in", file)
                self.assertNotIn(b"HTTP/", heard.answer)
        self.assert_no_request_reached_the_app()
        with self.ends("full"):
            tools.openssl(self.chain, self.chains, "-sess_in", file)
        self.assert_app_asked_by(CHAIN)

    def test_who_was_revoked_since_is_refused(self):
        file = self.session(home=self.pki.home(LEAVER))
        with self.ends("resumed"):
            tools.openssl(self.ops, self.pki.home(LEAVER), "-sess_in", file)
        self.pki.revoke(LEAVER)
        self.sidecar.reload()
        for home, word in ((self.pki.home(LEAVER), "revoked"), (None, "no_certificate")):
            with self.subTest(word), self.ends(word):
                heard = tools.openssl(self.ops, home, "-sess_in", file)
                self.assertNotIn(b"HTTP/", heard.answer)
        self.assert_no_request_reached_the_app()

    def test_early_data_is_not_taken(self):
        """We never offer it; so the session is changed to one that says we did."""
        file, request = self.session(), self.folder / "early"
        request.write_bytes(tools.ask())
        willing = self.folder / "willing"
        willing.write_text(with_early_data(file.read_text(encoding="ascii")), encoding="ascii")
        command = ["openssl", *tools.s_client(self.ops, self.mine)]
        options = ["-sess_in", willing, "-early_data", request]
        with self.ends("protocol"):  # had openssl not sent it, this were "resumed"
            heard = tools.run(command + options, b"Q\n")
        self.assertNotIn(b"Early data was accepted", heard.answer)
        self.assertNotIn(b"HTTP/", heard.answer)
        self.assert_no_request_reached_the_app()


def with_early_data(pem):
    """The same session, with leave to send early data (SSL_SESSION_ASN1 of OpenSSL)."""
    lines = pem.split("\n")
    begin, end = (i for i, line in enumerate(lines) if line.startswith("-----"))
    content = element(base64.b64decode("".join(lines[begin + 1 : end])), 0)[1]
    fields, at = [], 0
    while at < len(content):
        size = element(content, at)[2]
        fields.append(content[at : at + size])
        at += size
    number = wrapped(0x02, EARLY_BYTES.to_bytes(2, "big"))
    fields = [one for one in fields if one[0] != 0xA0 + EARLY_DATA]
    behind = next((i for i, one in enumerate(fields) if one[0] > 0xA0 + EARLY_DATA), len(fields))
    fields.insert(behind, wrapped(0xA0 + EARLY_DATA, number))
    text = base64.encodebytes(wrapped(0x30, b"".join(fields))).decode()
    return f"{lines[begin]}\n{text}{lines[end]}\n"


def element(der, at):
    """(tag, content, whole size) of what begins there (X.690 §8.1)."""
    size, head = der[at + 1], 2
    if size & 0x80:
        head += size & 0x7F
        size = int.from_bytes(der[at + 2 : at + head], "big")
    return der[at], der[at + head : at + head + size], head + size


def wrapped(tag, content):
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(digits)]) + digits + content


if __name__ == "__main__":
    main()
