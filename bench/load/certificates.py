"""The same certificates for every proxy, in its own words.

TLS 1.3, one cipher, one group, certificates of both ends: P-256, made by scripts/pki. One ticket
for each full handshake, as the sidecar sends; no cache of sessions, as the sidecar has none.
"""

import dataclasses
import pathlib
import subprocess

import rules
from processes import Failed

_PKI = pathlib.Path(__file__).resolve().parents[2] / "scripts/pki"
_CIPHER = "TLS_AES_128_GCM_SHA256"
_GROUP = "X25519"
_TRUST_DOMAIN = "bench.test"
_CALLER = ("ops", "api-gateway")
_CALLEE = ("wallet", rules.SERVICE)


@dataclasses.dataclass(frozen=True)
class End:
    """One end: whose certificate it has, and the authority of the other."""

    certificate: pathlib.Path
    key: pathlib.Path
    both: pathlib.Path  # certificate and key in one file, as HAProxy likes them
    ca: pathlib.Path
    anchors: pathlib.Path  # the folder of all authorities

    def for_generator(self) -> tuple[str, ...]:
        return ("--certificate", str(self.certificate), "--key", str(self.key),
                "--ca", str(self.ca))

    def for_backend(self) -> list[str]:
        return [str(self.certificate), str(self.key), str(self.ca)]

    def for_haproxy(self) -> str:
        """Of a bind line, or of a server line but for its group, which no server can choose."""
        return (f" ssl crt {self.both} ca-file {self.ca} verify required"
                f" ciphersuites {_CIPHER} ssl-min-ver TLSv1.3")

    def for_haproxy_bind(self) -> str:
        return f"{self.for_haproxy()} curves {_GROUP} alpn http/1.1"

    def for_nginx(self) -> str:
        return (f"    ssl_certificate {self.certificate};\n    ssl_certificate_key {self.key};\n"
                f"    ssl_client_certificate {self.ca};\n    ssl_verify_client on;\n"
                f"    ssl_protocols TLSv1.3;\n    ssl_ecdh_curve {_GROUP};\n"
                f"    ssl_conf_command Ciphersuites {_CIPHER};\n"
                "    ssl_conf_command NumTickets 1;\n")

    def for_nginx_upstream(self) -> str:
        """Not verified: nginx would look for a DNS name, which these certificates have not."""
        return (f"      proxy_ssl_certificate {self.certificate};\n"
                f"      proxy_ssl_certificate_key {self.key};\n"
                f"      proxy_ssl_protocols TLSv1.3;\n"
                f"      proxy_ssl_conf_command Ciphersuites {_CIPHER};\n")

    def for_sidecar(self) -> str:
        return (f"identity: certificate\ntls: {{ certificate: {self.certificate}, "
                f"key: {self.key}, ca: {self.anchors}, trust_domain: {_TRUST_DOMAIN} }}\n")


@dataclasses.dataclass(frozen=True)
class Ends:
    caller: End
    callee: End
    openssl: pathlib.Path  # a configuration for who cannot choose how many tickets it sends


def make(folder: pathlib.Path) -> Ends:
    _pki("init", folder, "--trust-domain", _TRUST_DOMAIN, _CALLER[0], _CALLEE[0])
    for plane, service in (_CALLER, _CALLEE):
        _pki("issue", folder, plane, service)
    openssl = folder / "openssl.cnf"
    openssl.write_text("openssl_conf = all\n[all]\nssl_conf = ssl\n[ssl]\nsystem_default = one\n"
                       "[one]\nNumTickets = 1\n", encoding="ascii")
    return Ends(_end(folder, _CALLER, _CALLEE[0]), _end(folder, _CALLEE, _CALLER[0]), openssl)


def _end(folder: pathlib.Path, who: tuple[str, str], other_plane: str) -> End:
    home = folder / who[0] / who[1]
    both = home / "both.pem"
    both.write_bytes((home / "cert.pem").read_bytes() + (home / "key.pem").read_bytes())
    return End(home / "cert.pem", home / "key.pem", both, folder / "ca" / f"{other_plane}.pem",
               folder / "ca")


def _pki(command: str, folder: pathlib.Path, *options: str) -> None:
    done = subprocess.run([str(_PKI), command, str(folder), *options], capture_output=True,
                          text=True, check=False)
    if done.returncode != 0:
        raise Failed(f"scripts/pki {command}: {done.stderr.strip()}")
