"""Topology: who stands on which plane, which ports they have, and the files that say so to the
sidecars.
"""
import dataclasses
import json
import pathlib
import re
import sys

from .pki import Pki

ROOT = pathlib.Path(__file__).resolve().parents[3]
TOR_SOCKS = 9050
# Four hops, of which tor keeps the second to four relays that it chose: with fewer than this a tor
# that starts again may choose so that no circuit is left to it.
RELAYS = 6
OUTSIDE, OUTSIDE_PORT = "tron.example.com", 8443  # what wallet's policy calls tron-mainnet


@dataclasses.dataclass(frozen=True, eq=False)  # each is itself: a key of a dict
class Service:
    """One service and its sidecar. `ingress`: calling plane -> port, each behind an onion of its
    own.
    """

    name: str
    plane: str
    app: int
    egress: int
    admin: int
    ingress: dict

    def onion_name(self, calling_plane):
        return f"{self.name}-{calling_plane}"


GATEWAY = Service("api-gateway", "ops", 8101, 15001, 9090, {"wallet": 15006})
PAYMENT = Service("tron-payment", "wallet", 8201, 15101, 9190, {"ops": 15106, "chain": 15107})
CHAIN = Service("blockchain-core", "chain", 8301, 15201, 9290, {"ops": 15206})
SERVICES = {service.name: service for service in (GATEWAY, PAYMENT, CHAIN)}


def ends_of(onion_name):
    """(who calls by it, who is called): on each plane stands one service."""
    return next(
        (caller, service)
        for service in SERVICES.values()
        for caller in SERVICES.values()
        if service.onion_name(caller.plane) == onion_name
    )


def pki(folder):
    """The authorities of a test's folder, one for each plane."""
    planes = {service.plane for service in SERVICES.values()}
    return Pki(pathlib.Path(folder) / "pki", sorted(planes))


def tornet_spec():
    """What tests/support/tornet must bring up for all of them: one client, an onion per calling
    plane.
    """
    return {
        "relays": RELAYS,
        "clients": {"client": TOR_SOCKS},
        "onions": {
            service.onion_name(plane): {"80": f"127.0.0.1:{port}"}
            for service in SERVICES.values()
            for plane, port in service.ingress.items()
        },
        "outside": [OUTSIDE],
    }


def directory(onions, changed=None):
    """services.yaml. `onions`: onion name -> address; `changed`: service -> lines that replace
    its own.
    """
    lines = ["apiVersion: beta.directory/v1", "services:"]
    for service in SERVICES.values():
        lines.append(f"  {service.name}:")
        lines += [
            f"    {line}" for line in (changed or {}).get(service.name) or entry(service, onions)
        ]
    lines += ["external:", f"  tron-mainnet: {{ host: {OUTSIDE}, port: {OUTSIDE_PORT} }}"]
    return "\n".join(lines) + "\n"


def entry(service, onions):
    routes = ", ".join(f"{plane}: {onions[service.onion_name(plane)]}" for plane in service.ingress)
    return [f"plane: {service.plane}", f"onions: {{ {routes} }}", "port: 80"]


def policy_without_limits(service):
    """The shipped policy of its plane but for `limit`: for tests that ask more often than it
    allows.
    """
    shipped = (ROOT / "acl" / f"{service.plane}.yaml").read_text(encoding="utf-8")
    return re.sub(r"(?m)^ *limit:.*\n", "", shipped)


def identity(folder, service, how, tls):
    """The lines that say by what it is known to peers, and knows them: see write()."""
    if how != "certificate":
        return [f"identity: {how}"]
    block = pki(folder).block(service) | (tls or {})
    return ["tls:", *(f"  {key}: {value}" for key, value in block.items() if value is not None)]


def by_control(state, node="client"):
    """The keys of `tor:` for a node of the private network. Its cookie is in no usual place."""
    cookie = state.nodes / node / "control_auth_cookie"
    return f"control: 127.0.0.1:{state.read()['control'][node]}, control_cookie_file: {cookie}"


def sidecar(service, acl, socks=TOR_SOCKS, control=None):
    """sidecar.yaml of one service, beside a services.yaml, but for its identity. `control`: the
    keys by which it asks tor, as in by_control().
    """
    tor = f"socks: 127.0.0.1:{socks}" + (f", {control}" if control else "")
    ingress = [
        f"  - {{ plane: {plane}, address: 127.0.0.1:{port} }}"
        for plane, port in service.ingress.items()
    ]
    return (
        "\n".join(
            [
                f"service: {service.name}",
                f"plane: {service.plane}",
                f"app: 127.0.0.1:{service.app}",
                f"acl: {acl}",
                "services: services.yaml",
                f"tor: {{ {tor} }}",
                f"egress: {{ address: 127.0.0.1:{service.egress} }}",
                "ingress:",
                *ingress,
                f"admin: {{ address: 127.0.0.1:{service.admin} }}",
                "workers: 1",
            ]
        )
        + "\n"
    )


def write(
    folder,
    service,
    onions,
    changed=None,
    socks=TOR_SOCKS,
    limits=True,
    identity_by="certificate",
    tls=None,
    control=None,
):
    """The files of one sidecar in a folder of its own; the path of its sidecar.yaml. `limits`:
    whether the shipped policy decides as it is, or without its limits. `identity_by`: certificates
    of the folder's own authorities, or `listener`. `tls`: keys that replace those of its `tls`
    block; None leaves one out. `control`: as sidecar() takes it.
    """
    home = pathlib.Path(folder) / service.name
    home.mkdir(parents=True, exist_ok=True)
    (home / "services.yaml").write_text(directory(onions, changed), encoding="utf-8")
    acl = ROOT / "acl" / f"{service.plane}.yaml"
    if not limits:
        acl = home / "policy.yaml"
        acl.write_text(policy_without_limits(service), encoding="utf-8")
    config = home / "sidecar.yaml"
    lines = "\n".join(identity(folder, service, identity_by, tls))
    config.write_text(f"{sidecar(service, acl, socks, control)}{lines}\n", encoding="utf-8")
    return config


if __name__ == "__main__":
    json.dump(tornet_spec(), sys.stdout, indent=2)
