"""Spec: what a network is made of: how many relays, which clients, which onion services and
their targets.
"""
import dataclasses
import json
import re

HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
LOOPBACK = re.compile(r"127\.0\.0\.1:\d{1,5}")
NAME = re.compile(r"[a-z][a-z0-9-]{0,62}")
NODE = re.compile(r"[a-z][a-z0-9]{0,18}")  # tor's nicknames know no dash


class BadSpec(Exception):
    """The specification cannot be brought up as it stands; says why."""


@dataclasses.dataclass(frozen=True)
class Spec:
    relays: int = (
        3  # beside the authority, which relays too: four hops are the fewest that serve onions
    )
    clients: dict = dataclasses.field(
        default_factory=lambda: {"client": 9050}
    )  # name -> SOCKS port
    onions: dict = dataclasses.field(
        default_factory=dict
    )  # name -> {virtual port: "127.0.0.1:PORT"}
    outside: list = dataclasses.field(
        default_factory=list
    )  # names of hosts that an exit reaches, all of them on loopback
    tunnels: dict = dataclasses.field(
        default_factory=dict
    )  # client -> port where it takes HTTP CONNECT
    hops: bool = False  # whether each relay stands behind a hop that can make it slow (hop.py)

    def as_json(self):
        return json.dumps(dataclasses.asdict(self), sort_keys=True)


def parse(text):
    try:
        spec = Spec(**json.loads(text))
    except (TypeError, ValueError) as error:
        raise BadSpec(f"not a specification (relays, clients, onions): {error}") from error
    if not isinstance(spec.relays, int) or not 3 <= spec.relays <= 20:
        raise BadSpec("relays: 3 to 20")
    if not spec.clients:
        raise BadSpec("clients: at least one")
    for name, port in spec.clients.items():
        if not NODE.fullmatch(name) or not isinstance(port, int):
            raise BadSpec(f"clients: {name!r}: {port!r} is not a short name and a port")
    for name, port in spec.tunnels.items():
        if name not in spec.clients or not isinstance(port, int):
            raise BadSpec(f"tunnels: {name!r}: {port!r} is not a client and a port")
    if not isinstance(spec.hops, bool):
        raise BadSpec("hops: true or false")
    for name in spec.outside:
        if not HOST.fullmatch(str(name)):
            raise BadSpec(f"outside: {name!r} is not a host's name")
    for name, targets in spec.onions.items():
        if not NAME.fullmatch(name):
            raise BadSpec(f"onions: {name!r} is not a name of [a-z0-9-]")
        for port, target in targets.items():
            if not str(port).isdigit() or not LOOPBACK.fullmatch(str(target)):
                raise BadSpec(
                    f"onions: {name}: {port} -> {target!r} is not a port and 127.0.0.1:PORT"
                )
    return spec


def load(path):
    if path is None:
        return Spec()
    try:
        with open(path, encoding="utf-8") as file:
            return parse(file.read())
    except OSError as error:
        raise BadSpec(str(error)) from error
