"""Place: the private Tor network of these measurements, each relay behind a hop that can delay."""

import argparse
import json
import os
import pathlib
import socket
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
from stage import onion, topology  # noqa: E402
from tornet import cli, socks  # noqa: E402
from tornet.control import Control  # noqa: E402
from tornet.state import State  # noqa: E402

STATE = ROOT / ".tornet/bench"
SOCKS, TUNNEL = topology.TOR_SOCKS, 9080
APP = 8000  # where the plain app stands, behind an onion of its own
TAPPED = 15116  # where the onion of the payment service leads: a tap before its ingress
_SPEC = {
    "clients": {"client": SOCKS}, "tunnels": {"client": TUNNEL}, "hops": True,
    "onions": {"app": {"80": f"127.0.0.1:{APP}"},
               topology.PAYMENT.onion_name("ops"): {"80": f"127.0.0.1:{TAPPED}"}},
}


class Failed(Exception):
    """A sentence for people."""


def parser(what: str) -> argparse.ArgumentParser:
    """Of the options that every measurement here takes; `what`: its docstring."""
    made = argparse.ArgumentParser(description=what.splitlines()[0])
    made.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    made.add_argument("--relays", type=int, default=8, help="beside the authority, which relays")
    made.add_argument("--rounds", type=int, default=8)
    made.add_argument("--json", type=pathlib.Path, help="every call, for later")
    return made


def enter(relays: int) -> int | None:
    """Outside: runs this very script again in a network made for it, and returns its exit code.
    Inside: None.
    """
    if os.environ.get("TORNET_STATE") == str(STATE):
        return None
    if State(STATE).read():
        print(f"bench: another run goes on in {STATE}", file=sys.stderr)
        return 1
    STATE.mkdir(parents=True, exist_ok=True)
    spec = STATE / "spec.json"
    spec.write_text(json.dumps(_SPEC | {"relays": relays}), encoding="utf-8")
    tornet = [str(cli.COMMAND), "--state", str(STATE)]
    up = [*tornet, "up", "--spec", str(spec), "--owner", str(os.getpid())]
    if code := subprocess.run(up, check=False).returncode:
        return code
    try:
        environment = os.environ | {"TORNET_STATE": str(STATE), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run([*tornet, "exec", "--", sys.executable, *sys.argv],
                              env=environment, check=False).returncode
    finally:
        subprocess.run([*tornet, "down"], check=False, stderr=subprocess.DEVNULL)


def _relays_of(circuit: str) -> list[str]:
    """The names in a line of circuit-status: `5 BUILT $…~r1,$…~r2 …`."""
    return [relay.partition("~")[2] for relay in circuit.split()[2].split(",")]


class Place:
    def __init__(self):
        self._state = State(STATE)
        self._network = self._state.read()
        self.relays = [name for name in self._network["control"]
                       if name == "a1" or name[1:].isdigit()]

    @property
    def app(self) -> str:
        """The onion of the plain app."""
        return self._network["onions"]["app"]

    def onions(self, **known: str) -> dict[str, str]:
        """Of every service of topology; what is not `known` is nobody's, but for the payment's."""
        names = topology.tornet_spec()["onions"]
        return onion.invented(names) | self._network["onions"] | known

    def control(self, node: str) -> Control:
        return self._state.control(node)

    def delay(self, seconds: float, *names: str) -> None:
        """Each way, of what crosses channels to these relays, or to all."""
        for name in names or self.relays:
            request = {"do": "delay", "name": name, "seconds": seconds}
            if error := self._state.ask(request).get("error"):
                raise Failed(error)

    def ways(self) -> dict[str, list[str]]:
        """By circuit, the client's relays of those that lead to the app's onion."""
        with self.control("client") as control:
            lines = control.ask("GETINFO circuit-status")
        return {line.split()[0]: _relays_of(line) for line in lines
                if "HS_STATE=HSCR_JOINED" in line and self.app.removesuffix(".onion") in line}

    def guards(self) -> set[str]:
        """The relays that circuits of the client or of the services begin at: many, if not all."""
        found = set()
        for node in ("client", "host"):
            with self.control(node) as control:
                lines = control.ask("GETINFO circuit-status")
            found |= {_relays_of(line)[0] for line in lines if " BUILT $" in line}
        return found

    def connect(self, host: str, user: str, early: bytes = b"") -> socket.socket:
        """A stream by tor's SOCKS port, on a circuit of that user's. `early` goes with the request
        for it.
        """
        code, stream = socks.connect(host, 80, ("127.0.0.1", SOCKS), user, early=early)
        if code != socks.SUCCEEDED:
            stream.close()
            raise Failed(f"SOCKS reply {code:#x}")
        return stream
