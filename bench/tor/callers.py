"""Callers: the ways to call an onion that are compared; each begins with circuits of its own."""

import contextlib
import http.client
import pathlib
import socket
import subprocess
import tempfile
import time

import place
from stage.case import PAYOUTS
from stage.sidecar import Sidecar, eventually
from stage import topology
from stage.wire import Reader
from tornet import process
from tornet.socks import new_user

from tap import Tap

PATIENCE = 60  # seconds that one call may take
_TAPPED_SOCKS = 9150


class Caller:
    """`start` is called once, `line` for each client that calls at the same time: what it returns
    makes one call and answers how many seconds it took, or None for a wrong or no answer.
    """

    def __init__(self, name: str, where: place.Place):
        self.name, self.place = name, where
        self._folder = None

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self._folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
            stack.callback(self.stop)
            self.start()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self._stack.close()

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def line(self):
        raise NotImplementedError


class _Kept(Caller):
    """Asks on one connection that is kept, opened again where it was closed."""

    port = 0
    target = PAYOUTS
    host = "tron-payment"

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def line(self):
        client = self.connection()

        def call() -> float | None:
            begun = time.perf_counter()
            try:
                client.request("GET", self.target, headers={"Host": self.host})
                answer = client.getresponse()
                body = answer.read()
            except (OSError, http.client.HTTPException):
                client.close()
                return None
            took = time.perf_counter() - begun
            return took if answer.status == 200 and body == BODY else None

        return call


BODY = b"x" * 1024


class Egress(_Kept):
    """The sidecar. `upstream`: its own lines of that block."""

    port = topology.GATEWAY.egress

    def __init__(self, name: str, where: place.Place, binary: pathlib.Path, upstream: str):
        super().__init__(name, where)
        self._binary, self._upstream, self._sidecar = binary, upstream, None

    def start(self) -> None:
        onions = self.place.onions(**{topology.PAYMENT.onion_name("ops"): self.place.app})
        self._sidecar = Sidecar(self._binary, self._folder, topology.GATEWAY, onions, limits=False,
                                identity_by="listener")
        with open(self._sidecar.config, "a", encoding="utf-8") as config:
            config.write(f"upstream: {{ {self._upstream} }}\n")
        self._sidecar.start().wait_ready()

    def stop(self) -> None:
        if self._sidecar:
            self._sidecar.stop()


class Pair(_Kept):
    """The sidecars of both ends with mutual TLS, a tap at the SOCKS port of the first and one
    before the second.
    """

    port = topology.GATEWAY.egress

    def __init__(self, name: str, where: place.Place, binary: pathlib.Path):
        super().__init__(name, where)
        self._binary = binary

    def start(self) -> None:
        self.caller_tap = Tap(_TAPPED_SOCKS, place.SOCKS)
        self.callee_tap = Tap(place.TAPPED, topology.PAYMENT.ingress["ops"])
        topology.pki(self._folder)
        self._sidecars = [
            Sidecar(self._binary, self._folder, service, self.place.onions(), limits=False, **files)
            for service, files in ((topology.PAYMENT, {}),
                                   (topology.GATEWAY, {"socks": _TAPPED_SOCKS}))
        ]
        for one in self._sidecars:
            one.start()
        for one in self._sidecars:
            one.wait_ready()

    def stop(self) -> None:
        for sidecar in self._sidecars:
            sidecar.stop()
        for tap in (self.caller_tap, self.callee_tap):
            tap.close()


class Privoxy(_Kept):
    port = 8118
    _CONFIG = """\
listen-address 127.0.0.1:{port}
forward-socks5 / {user}:x@127.0.0.1:{socks} .
keep-alive-timeout 300
default-server-timeout 300
connection-sharing 1
socket-timeout 300
logdir {folder}
"""

    def start(self) -> None:
        self.host = self.place.app
        self.target = f"http://{self.place.app}{PAYOUTS}"
        config = self._folder / "config"
        config.write_text(self._CONFIG.format(port=self.port, user=new_user(), socks=place.SOCKS,
                                              folder=self._folder), encoding="utf-8")
        with open(self._folder / "privoxy.log", "wb") as log:
            self._process = process.start(["/usr/sbin/privoxy", "--no-daemon", str(config)], log)
        eventually(self._listens, "privoxy to listen")

    def _listens(self) -> bool:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        return False

    def stop(self) -> None:
        process.end([self._process])


class Tunnel(_Kept):
    """Tor's HTTPTunnelPort: CONNECT, then the request on the same connection."""

    port = place.TUNNEL

    def start(self) -> None:
        self.host = self.place.app
        self._user = new_user()

    def connection(self) -> http.client.HTTPConnection:
        client = super().connection()
        client.set_tunnel(self.place.app, 80, {"X-Tor-Stream-Isolation": self._user})
        return client


class Raw(Caller):
    """The request by tor's SOCKS port with nothing between. `early`: it does not wait for tor's
    reply, which the stream carries then with the first byte.
    """

    _REQUEST = f"GET {PAYOUTS} HTTP/1.1\r\nHost: app\r\n\r\n".encode()

    def __init__(self, name: str, where: place.Place, early: bool = False):
        super().__init__(name, where)
        self._early = early

    def start(self) -> None:
        self._user, self._stream = new_user(), None

    def line(self):
        def call() -> float | None:
            begun = time.perf_counter()
            if self._stream is None:
                early = self._REQUEST if self._early else b""
                self._stream = self.place.connect(self.place.app, self._user, early)
                if not early:
                    self._stream.sendall(self._REQUEST)
                self._reader = Reader(self._stream)
            else:
                self._stream.sendall(self._REQUEST)
            answer = self._reader.answer()
            return time.perf_counter() - begun if answer.body == BODY else None

        return call

    def stop(self) -> None:
        if self._stream:
            self._stream.close()


class KeptCurl(Caller):
    """One process asks for the same several times, on one connection; it is asked for all at once
    at the first call.
    """

    def __init__(self, name: str, where: place.Place, calls: int):
        super().__init__(name, where)
        self._calls = calls

    def line(self):
        url = f"http://{self.place.app}{PAYOUTS}"
        one = ["-s", "--max-time", str(PATIENCE), "-o", "/dev/null", "--proxy-user",
               f"{new_user()}:x", "--socks5-hostname", f"127.0.0.1:{place.SOCKS}",
               "-w", "%{http_code} %{time_total}\n", url]
        command = ["curl", *one]
        for _ in range(self._calls - 1):
            command += ["--next", *one]
        took: list[float | None] = []

        def call() -> float | None:
            if not took:
                done = subprocess.run(command, capture_output=True, text=True, check=False)
                for line in done.stdout.splitlines():
                    status, seconds = line.split()
                    took.append(float(seconds) if status == "200" else None)
            return took.pop(0)

        return call


class Curl(Caller):
    """A process for each call, and so a new stream, on a circuit that stays the same. Its own time
    counts, not that of its start.
    """

    def start(self) -> None:
        self._user = new_user()

    def line(self):
        command = ["curl", "-s", "--max-time", str(PATIENCE), "-o", "/dev/null",
                   "--proxy-user", f"{self._user}:x",
                   "--socks5-hostname", f"127.0.0.1:{place.SOCKS}",
                   "-w", "%{http_code} %{size_download} %{time_total}",
                   f"http://{self.place.app}{PAYOUTS}"]

        def call() -> float | None:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            status, size, seconds = done.stdout.split()
            return float(seconds) if (status, size) == ("200", str(len(BODY))) else None

        return call
