"""Goal: at egress a callee that is not the one that was meant gets no byte of the request.
Method: openssl s_server with each kind of certificate, behind a SOCKS port.
"""
import subprocess
import tempfile

from stage.pki import Pki
from stage.sidecar import eventually
from stage.topology import CHAIN, Service

import forge
import tools
from at_egress import SECRET, AtEgress, callee
from ground import PATIENCE, main

UNTRUSTED = "tls_certificate_error"
#   callee          how the handshake ends
CASES = {
    "another": "other_service",
    "other-plane": "untrusted",
    "posing": "untrusted",
    "misplaced": "other_plane",
    "foreign": "untrusted",
    "expired": "expired",
    "too-early": "not_yet_valid",
    "revoked": "revoked",
    "by-dns": "no_uri",
    "by-two-names": "two_uris",
}


class FalseServer:
    """One openssl s_server; `heard()` is all that came out of TLS, and what it says itself."""

    def __init__(self, home, *options):
        self._out = tempfile.NamedTemporaryFile()
        words = ["s_server", "-accept", "127.0.0.1:0", "-cert", home / "cert.pem"]
        words += ["-key", home / "key.pem", "-verify", "3", *options]
        self._child = tools.start(
            ["openssl", *words], stdin=subprocess.PIPE, stdout=self._out, stderr=self._out
        )
        self.port = eventually(self._port, "s_server to accept", PATIENCE)

    def heard(self):
        with open(self._out.name, "rb") as out:
            return out.read()

    def _port(self):
        for line in self.heard().split(b"\n")[:-1]:
            if line.startswith(b"ACCEPT 127.0.0.1:"):
                return int(line.rpartition(b":")[2])
        return None

    def close(self):
        self._child.kill()
        self._child.wait()
        self._child.stdin.close()
        self._out.close()


class FalseCallees(AtEgress):
    callees = (*CASES, "old", "right")

    @classmethod
    def tor(cls):
        cls.servers = {}
        for name in cls.callees:
            options = ["-tls1_2"] if name == "old" else []
            cls.servers[name] = FalseServer(cls.certificate(name), *options)
            cls.addClassCleanup(cls.servers[name].close)
        return cls.by_process({name: server.port for name, server in cls.servers.items()})

    @classmethod
    def certificate(cls, name):
        """What the server in place of that service shows."""
        own, wallet = forge.name_of(callee(name)), Service(name, "chain", 0, 0, 0, {})
        made = {
            "another": lambda: cls.pki.home(callee("right")),
            "other-plane": lambda: cls.pki.home(CHAIN),
            "posing": lambda: forge.certificate(cls.pki, "chain", own),
            "misplaced": lambda: forge.certificate(cls.pki, "wallet", forge.name_of(wallet)),
            "foreign": lambda: Pki(cls.folder / "foreign", ["wallet"]).home(callee(name)),
            "expired": lambda: forge.certificate(cls.pki, "wallet", own, (-3, -1)),
            "too-early": lambda: forge.certificate(cls.pki, "wallet", own, (1, 3)),
            "revoked": lambda: cls.revoked(callee(name)),
            "by-dns": lambda: forge.certificate(cls.pki, "wallet", f"DNS:{name}"),
            "by-two-names": lambda: forge.certificate(
                cls.pki, "wallet", f"{own},{forge.name_of(callee('right'))}"
            ),
        }
        return made.get(name, lambda: cls.pki.home(callee(name)))()

    @classmethod
    def revoked(cls, service):
        home = cls.pki.home(service)
        cls.pki.revoke(service)
        return home

    def test_each_gets_no_byte_and_the_caller_is_told_why(self):
        for name, word in CASES.items():
            with self.subTest(name):
                self.assert_failed(name, 502, UNTRUSTED, word)
                self.assertNotIn(SECRET.encode(), self.servers[name].heard())

    def test_tls_1_2_is_too_old(self):
        self.assert_failed("old", 502, "tls_alert_received", "alert")
        self.assertNotIn(SECRET.encode(), self.servers["old"].heard())

    def test_the_right_one_gets_the_request(self):
        """So that the absence of the secret elsewhere says something."""
        with self.ends("full"):
            self.call("right")
            server = self.servers["right"]
            eventually(lambda: SECRET.encode() in server.heard(), "the request", PATIENCE)


if __name__ == "__main__":
    main()
