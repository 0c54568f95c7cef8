"""Ground: the built sidecar on loopback, with certificates and without tor, for tools to attack."""
import collections
import contextlib
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import threading
import unittest

from stage import metrics, onion
from stage.app import Answer, App
from stage.pki import Pki
from stage.sidecar import eventually, own_environment
from stage.topology import CHAIN, GATEWAY, PAYMENT
from tornet.process import dies_with, end

PLANES = ("ops", "chain", "wallet")
PATIENCE = 120  # seconds; what takes so long on a busy machine has failed
OPEN, CLOSED = "/open/page", "/closed/page"  # a path that the policy allows, and one that it denies

_POLICY = """\
apiVersion: beta.acl/v1
plane: {plane}
allow:
  - name: gateway-asks
    from: {{ plane: ops, services: [api-gateway] }}
    to: {{ plane: wallet, services: {callees} }}
    paths: ["/open/**"]
  - name: chain-asks
    from: {{ plane: chain, services: [blockchain-core] }}
    to: {{ plane: wallet, services: {callees} }}
    paths: ["/open/**"]
"""


class Sidecar:
    """One process with one worker; its ports are free ones. `text`: what sidecar.yaml has besides
    who it is; `callees`: the services of wallet, each behind an onion of nobody's.
    """

    def __init__(self, folder, pki, service, text, callees=(PAYMENT.name,)):
        self.home = pathlib.Path(folder) / service.name
        self.home.mkdir()
        self._write(pki, service, text, callees)
        self._lines = collections.deque()
        self._errors = open(self.home / "errors", "wb")
        self._child = subprocess.Popen(
            [os.environ["BETA_SIDECAR"], "run", "-c", self.home / "sidecar.yaml"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=own_environment() | self._less_of_the_sanitizer(),
            preexec_fn=dies_with(os.getpid()),
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.ports = eventually(self._bound, f"{service.name} to listen", PATIENCE)

    def _write(self, pki, service, text, callees):
        addresses = onion.invented(callees)
        lines = [f"  {name}: {{ plane: wallet, onion: {addresses[name]} }}" for name in callees]
        block = [f"  {key}: {value}" for key, value in pki.block(service).items()]
        policy = _POLICY.format(plane=service.plane, callees=json.dumps(list(callees)))
        if service.plane == "ops":
            policy = policy[: policy.index("  - name: chain-asks")]
        for name, content in (
            ("services.yaml", "\n".join(["apiVersion: beta.directory/v1", "services:", *lines])),
            ("acl.yaml", policy),
            (
                "sidecar.yaml",
                f"service: {service.name}\nplane: {service.plane}\nacl: acl.yaml\n"
                "services: services.yaml\nworkers: 1\nadmin: { address: 127.0.0.1:0 }\n"
                + "\n".join(["tls:", *block, text]),
            ),
        ):
            (self.home / name).write_text(f"{content}\n", encoding="utf-8")

    @staticmethod
    def _less_of_the_sanitizer():
        """AddressSanitizer keeps what was freed, 256 MiB of it: no growth of ours."""
        options = os.environ.get("ASAN_OPTIONS", "")
        return {"ASAN_OPTIONS": ":".join(filter(None, (options, "quarantine_size_mb=1")))}

    def _read(self):
        with contextlib.suppress(ValueError):
            for line in self._child.stdout:
                self._lines.append(json.loads(line))

    def log(self):
        return list(self._lines)

    def _bound(self):
        """Listener -> port, once all of them are known: admin is told last."""
        if self._child.poll() is not None:
            raise AssertionError(f"ended: {(self.home / 'errors').read_text(encoding='utf-8')}")
        ports = {
            line["listener"]: int(line["address"].rpartition(":")[2])
            for line in self.log()
            if line.get("message") == "listening"
        }
        return ports if "admin" in ports else None

    def handshakes(self, direction):
        """How handshakes ended so far: result -> count."""
        return collections.Counter(
            {
                labels["result"]: int(value)
                for name, labels, value in metrics.scrape(self.ports["admin"])
                if name == "beta_sidecar_tls_handshakes_total" and labels["direction"] == direction
            }
        )

    def memory(self, kind="VmRSS"):
        """Bytes: VmRSS now, VmHWM at most since forget_peak()."""
        status = pathlib.Path(f"/proc/{self._child.pid}/status").read_text(encoding="utf-8")
        line = next(line for line in status.splitlines() if line.startswith(kind))
        return int(line.split()[1]) * 1024

    def forget_peak(self):
        pathlib.Path(f"/proc/{self._child.pid}/clear_refs").write_text("5", encoding="utf-8")

    def reload(self):
        """Reads its files anew; back when they are in force."""

        def reloads():
            return sum(line.get("message") == "reloaded" for line in self.log())

        before = reloads()
        self._child.send_signal(signal.SIGHUP)
        eventually(lambda: reloads() > before, "the reload", PATIENCE)

    def stop(self):
        end([self._child], PATIENCE)
        self._reader.join()
        self._child.stdout.close()
        self._errors.close()


class Ground(unittest.TestCase):
    """A folder, authorities of every plane, and `direction` of the handshakes that are counted."""

    direction = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="beta-tls.")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.pki = Pki(cls.folder / "pki", PLANES)

    @classmethod
    def start(cls, *arguments, **options):
        sidecar = Sidecar(cls.folder, cls.pki, *arguments, **options)
        cls.addClassCleanup(sidecar.stop)
        return sidecar

    def ends(self, word, times=1):
        """What is done within makes so many handshakes that end in this word, and no other."""
        return self.ends_in({word: times})

    @contextlib.contextmanager
    def ends_in(self, wanted):
        before = self.sidecar.handshakes(self.direction)
        yield

        def happened():
            return self.sidecar.handshakes(self.direction) - before

        with contextlib.suppress(AssertionError):
            eventually(lambda: happened().total() >= sum(wanted.values()), "the end", PATIENCE)
        self.assertEqual(dict(happened()), wanted)


class AtIngress(Ground):
    """The payment service's sidecar and app; ops and chain may call."""

    direction = "ingress"
    limits = "{}"

    @staticmethod
    def reply(request):
        return Answer()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.app = App(0, cls.reply)
        cls.addClassCleanup(cls.app.close)
        cls.sidecar = cls.start(
            PAYMENT,
            f"app: 127.0.0.1:{cls.app.port}\negress: {{ address: off }}\nlimits: {cls.limits}\n"
            "ingress:\n  - { plane: ops, address: 127.0.0.1:0 }\n"
            "  - { plane: chain, address: 127.0.0.1:0 }",
        )
        cls.ops, cls.chain = (cls.sidecar.ports[f"ingress:{plane}"] for plane in ("ops", "chain"))
        cls.mine, cls.chains = cls.pki.home(GATEWAY), cls.pki.home(CHAIN)

    def tearDown(self):
        while not self.app.requests.empty():
            self.app.requests.get()

    def assert_app_asked_by(self, service):
        request = self.app.next_request(PATIENCE)
        self.assertEqual(request.all("X-Beta-Source-Service"), [service.name])
        self.assertEqual(request.all("X-Beta-Source-Plane"), [service.plane])

    def assert_no_request_reached_the_app(self):
        self.assertTrue(self.app.requests.empty(), "a request reached the app")


def main():
    unittest.main(verbosity=2)
