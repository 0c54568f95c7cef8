"""Pki: certificates for the services of a stage, made by scripts/pki in the test's folder, and TLS
for raw peers that hold one.
"""
import pathlib
import ssl
import subprocess

SCRIPT = pathlib.Path(__file__).resolve().parents[3] / "scripts" / "pki"
TRUST_DOMAIN = "beta.test"


class PkiFailed(Exception):
    """scripts/pki did not do what it was asked; says its words."""


class WrongPeer(Exception):
    """The other side has a good certificate of somebody else."""


class Pki:
    """An authority a plane. Whoever is made for the same folder later goes on with the same."""

    def __init__(self, folder, planes):
        self.folder = pathlib.Path(folder)
        if not (self.folder / "crl.pem").exists():  # what init makes last
            self._run("init", "--trust-domain", TRUST_DOMAIN, *planes)

    def issue(self, service, *options):
        """A new key and certificate in the place of the old ones, if there were any."""
        self._run("issue", service.plane, service.name, *options)

    def revoke(self, service):
        self._run("revoke", service.plane, service.name)

    def home(self, service):
        """The folder of its cert.pem and key.pem, issued when it is first asked for."""
        home = self.folder / service.plane / service.name
        if not (home / "cert.pem").exists():
            self.issue(service)
        return home

    def block(self, service):
        """What stands under `tls` in its sidecar.yaml."""
        home = self.home(service)
        return {
            "certificate": home / "cert.pem",
            "key": home / "key.pem",
            "ca": self.folder / "ca",
            "crl": self.folder / "crl.pem",
            "trust_domain": TRUST_DOMAIN,
        }

    def connect(self, stream, caller, callee):
        """TLS over a stream, as the sidecar of `caller` would: with its certificate (None: with
        none), to `callee` and nobody else.
        """
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.check_hostname = False  # an identity is no DNS name
        context.load_verify_locations(self.folder / "ca" / f"{callee.plane}.pem")
        if caller:
            home = self.home(caller)
            context.load_cert_chain(home / "cert.pem", home / "key.pem")
        stream = context.wrap_socket(stream)
        names = stream.getpeercert()["subjectAltName"]
        if names != (("URI", identity(callee)),):
            stream.close()
            raise WrongPeer(f"{names} instead of {identity(callee)}")
        return stream

    def _run(self, command, *arguments):
        done = subprocess.run(
            [SCRIPT, command, self.folder, *arguments],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise PkiFailed(f"{command} {arguments}: {done.stdout}{done.stderr}")


def identity(service):
    return f"spiffe://{TRUST_DOMAIN}/plane/{service.plane}/service/{service.name}"
