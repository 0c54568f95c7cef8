"""Composition: deploy/compose as data: services, networks, and which file is mounted where."""
import pathlib

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVICES = {"api-gateway": "ops", "tron-payment": "wallet", "blockchain-core": "chain"}


def read(*names):
    """These files as one, later ones added to earlier ones, as Compose does."""
    whole = {}
    for name in names:
        text = (ROOT / "deploy" / "compose" / name).read_text(encoding="utf-8")
        _add(whole, yaml.safe_load(text))
    return whole


def _add(whole, more):
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(whole.get(key), dict):
            _add(whole[key], value)
        else:
            whole[key] = value


def volumes(service):
    """Volume -> (where it is mounted, whether it is read only)."""
    found = {}
    for line in service.get("volumes", []):
        name, target, *options = line.split(":")
        found[name] = (target, options == ["ro"])
    return found


def mounted(service, whole):
    """Path in the container -> file beside compose.yaml."""
    return {
        entry["target"]: whole[kind][entry["source"]]["file"]
        for kind in ("configs", "secrets")
        for entry in service.get(kind, [])
    }


def files(whole):
    return [one["file"] for kind in ("configs", "secrets") for one in whole[kind].values()]


def namespaces(whole):
    """Who shares a network namespace: the one whose it is -> all in it."""
    groups = {}
    for name, service in whole["services"].items():
        owner = service.get("network_mode", f"service:{name}").removeprefix("service:")
        groups.setdefault(owner, []).append(name)
    return groups


def networks_of(service):
    """Network -> the static address there, or nothing."""
    listed = service.get("networks", {})
    if isinstance(listed, list):
        return dict.fromkeys(listed)
    return {name: (options or {}).get("ipv4_address") for name, options in listed.items()}
