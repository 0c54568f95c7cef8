"""Fault: the base of a test that breaks a part of the network: what callers get meanwhile, and how
long until all is well again without a hand, beside curl that does nothing but try.
"""
import concurrent.futures
import contextlib
import os
import pathlib
import signal
import subprocess
import time

from tornet import socks

from . import topology
from .app import Answer
from .case import E2E, PAYOUTS
from .sidecar import eventually
from .wire import request

PATIENCE = 120  # seconds; only a failing test waits so long
FAULT = 2  # seconds, the longest that a fault lasts before it is mended
BODY = b"paid"
MAPPED = (502, 503, 504)
TRY = 4  # seconds that curl gives one try


class Fault(E2E):
    files = {"limits": False}  # asks more often than a caller may
    # Tors that a dead relay can cost minutes, long after it is back: what failed is not tried again
    # for 2 (client) or 5 (service), and in a network this small there is little else. Started anew
    # after the test, whatever they have learned.
    hurt = ()

    @staticmethod
    def reply(request):
        return Answer(BODY)

    def setUp(self):
        self.addCleanup(self.mend)
        self.wait_until_well()

    def mend(self):
        """The network as it was before, whatever became of the test."""
        for name, pid in self.tornet.ask({"do": "status"})["pids"].items():
            if pid is None:
                self.start(name)
        for name in self.hurt:
            self.kill(name)
            self.start(name)
        self.wait_until_well()
        for name, address in self.tornet.read()["onions"].items():
            eventually(lambda: self.is_reachable(address), f"the onion {name}", PATIENCE)

    def is_reachable(self, address):
        """Whether two new circuits in a row have met the service, though nothing listens behind it:
        of an old one tor says the same.
        """
        for _ in range(2):
            try:
                code, stream = socks.connect(
                    address, 80, ("127.0.0.1", topology.TOR_SOCKS), socks.new_user(), TRY
                )
            except socks.SocksError:
                return False
            stream.close()
            if code not in (socks.SUCCEEDED, socks.GENERAL_FAILURE):
                return False
        return True

    def kill(self, name):
        self.assertNotIn("error", self.tornet.ask({"do": "kill", "name": name}))

    def start(self, name):
        self.assertNotIn("error", self.tornet.ask({"do": "start", "name": name}))

    def break_for_a_moment(self, name):
        """Killed and started again while calls are under way, whose answers are looked at too."""
        with concurrent.futures.ThreadPoolExecutor() as pool:
            before = pool.submit(self.works)
            self.kill(name)
            calls = [pool.submit(self.works) for _ in range(3)]
            concurrent.futures.wait(calls, FAULT, concurrent.futures.FIRST_COMPLETED)
            self.start(name)
            self.measure_recovery()
            for call in (before, *calls):
                call.result()

    def wait_until_well(self):
        eventually(self.works, "a call that works", PATIENCE)
        eventually(self.curl_works, "a call of curl that works", PATIENCE)

    def works(self):
        """One call through both sidecars. Whatever comes of it is right, or says why not."""
        with self.egress() as client:
            answer = client.send(request("GET", PAYOUTS)).answer()
        if answer.status == 200:
            self.assertEqual(answer.body, BODY)
            return True
        self.assertIn(answer.status, MAPPED)
        self.assertIn("error=", answer.one("Proxy-Status") or "")
        for one in self.sidecars.values():
            self.assertFalse(one.ended, f"{one.service.name} ended")
        return False

    def curl_works(self):
        """Whether a rendezvous with the service's onion works: TLS begins there, and curl has no
        certificate to go on with. New credentials are a new circuit.
        """
        done = subprocess.run(
            ["curl", "-s", "--max-time", str(TRY), "--insecure", "-o", "/dev/null"]
            + ["--proxy-user", f"{socks.new_user()}:x"]
            + ["--socks5-hostname", f"127.0.0.1:{topology.TOR_SOCKS}"]
            + ["-w", "%{time_appconnect}"]
            + [f"https://{self.onions[topology.PAYMENT.onion_name('ops')]}:80/"],
            capture_output=True,
            text=True,
            check=False,
        )
        return float(done.stdout or 0) > 0

    def measure_recovery(self):
        """Prints how long each takes from now; both try at once."""
        begun = time.monotonic()

        def seconds_until(works):
            eventually(works, f"{works.__name__} again", PATIENCE)
            return time.monotonic() - begun

        with concurrent.futures.ThreadPoolExecutor() as pool:
            tries = [pool.submit(seconds_until, works) for works in (self.works, self.curl_works)]
        said = [f"{one.result():.1f} s" if not one.exception() else "never" for one in tries]
        print(f"{self.id()}: sidecar {said[0]}, curl {said[1]}", flush=True)
        for one in tries:
            one.result()


@contextlib.contextmanager
def frozen(pid):
    """A process that stands still, though its sockets are open."""
    os.kill(pid, signal.SIGSTOP)
    try:
        eventually(lambda: state_of(pid) == "T", "a tor that stands still", PATIENCE)
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def state_of(pid):
    stat = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    return stat.rpartition(")")[2].split()[0]
