"""Planes: deploy/compose brought up: its networks as bridges, its containers as processes in roots
of their own, with the shipped configurations. What is filled in: keys, the addresses of the onions,
and the private Tor network that each tor is told of.

Runs beside a tornet, in whose namespace the tors are: that is their uplink.
"""
import json
import os
import pathlib
import subprocess
import sys

import yaml

import composition
from composition import SERVICES
from containers import USER, Container, Namespace, Switch, give, volume
from stage import topology
from stage.pki import Pki
from stage.sidecar import eventually
from tornet.node import CACHES
from tornet.process import end
from tornet.torrc import NETWORK

HERE = pathlib.Path(__file__).resolve().parent
COMPOSE = composition.ROOT / "deploy" / "compose"
PATIENCE = 180  # seconds
RUN = ["/beta-sidecar", "run", "-c", "/etc/beta/sidecar.yaml"]  # what the image does by itself
# One service finds what Kubernetes gives: keys and folders that are root's, open to its group.
AS_IN_KUBERNETES = "blockchain-core"
FOLDER_IN_KUBERNETES = f"mode=2777,uid=0,gid={USER}"


class Planes:
    def __init__(self, folder, state):
        """All of compose.yaml and watch.yaml, started in the order that they ask for."""
        self.folder, self.state = pathlib.Path(folder), state
        self.folder.chmod(0o755)
        self.whole = composition.read("compose.yaml", "watch.yaml")
        self.containers, self.namespaces, self._children = {}, {}, []
        self.switch = Switch()
        self._make_tls()
        self._make_networks()
        self._make_volumes()
        self.services = yaml.safe_load((COMPOSE / "config/services.yaml").read_text("utf-8"))
        self.services_text = (COMPOSE / "config/services.yaml").read_text("utf-8")

    def start(self):
        for service in SERVICES:
            self._start_tor(f"{service}-tor")
        self._fill_in_onions()
        for service in SERVICES:
            self._start(f"{service}-sidecar", RUN)
        for service in SERVICES:
            self._wait_healthy(f"{service}-sidecar")
            self._start(service, ["python3", "/inside.py", "serve", json.dumps(service)])
        self._start("prometheus", ["prometheus", *self.whole["services"]["prometheus"]["command"]])

    def close(self):
        end(self._children)
        for one in (*self.namespaces.values(), self.switch):
            one.close()

    def inside(self, service, what, *words):
        """What inside.py found in the app's container."""
        done = self.containers[service].run(
            "python3", "/inside.py", what, *map(json.dumps, words)
        )
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        return json.loads(done.stdout)

    def logs(self):
        """The last words of everyone, for a test that failed."""
        return "".join(
            f"--- {log.name}\n{log.read_text('utf-8', errors='replace')[-3000:]}"
            for log in sorted(self.folder.glob("*.log"))
        )

    # -- what Compose would do ---------------------------------------------------------------------

    def _make_tls(self):
        """Where compose.yaml looks for it."""
        self.tls = self.folder / "tls"
        pki = Pki(self.tls, sorted(SERVICES.values()))
        for service in topology.SERVICES.values():
            pki.issue(service)

    def _make_networks(self):
        for index, (network, told) in enumerate(self.whole["networks"].items()):
            pool = (told.get("ipam") or {"config": [{"subnet": f"172.31.{index}.0/24"}]})["config"]
            self.switch.add(network, pool[0]["subnet"].rpartition(".")[0])
        for owner in composition.namespaces(self.whole):
            if not owner.endswith("-tor"):  # their uplink is the tornet
                self._connect(owner)

    def _connect(self, owner):
        service = self.whole["services"][owner]
        room = self.namespaces[owner] = Namespace()
        for network, fixed in composition.networks_of(service).items():
            host = 3 if owner == "prometheus" else 2
            self.switch.connect(room, network, fixed or f"{self.switch.subnets[network]}.{host}")
        for key, value in service.get("sysctls", {}).items():
            room.set(key, value)

    def _make_volumes(self):
        self.volumes = {}
        for name, told in self.whole["volumes"].items():
            options = (told.get("driver_opts") or {"o": f"mode=0700,uid={USER},gid={USER}"})["o"]
            if name.startswith(AS_IN_KUBERNETES):
                options = FOLDER_IN_KUBERNETES
            self.volumes[name] = volume(self.folder / "volumes" / name, options)

    def _container(self, name):
        service = self.whole["services"][name]
        owner = service.get("network_mode", f"service:{name}").removeprefix("service:")
        room = self.namespaces.get(owner)
        entry = room.entry if room else self.state.entry(self.state.read())
        one = Container(self.folder / "roots" / name, entry, service.get("environment"))
        for target, file in composition.mounted(service, self.whole).items():
            secret = file.startswith("tls/")
            text = ((self.folder if secret else COMPOSE) / file).read_text("utf-8")
            if file.endswith("services.yaml"):
                text = self.services_text
            if secret and name.startswith(AS_IN_KUBERNETES):
                one.file(target, text, 0o440, owner=0)
            else:
                one.file(target, text, 0o400 if secret else 0o444)
        for volume_name, (target, options) in composition.volumes(service).items():
            one.mount(self.volumes[volume_name], target, "ro" if options else "rw")
        self.containers[name] = one
        return one

    def _start(self, name, command):
        one = self.containers.get(name) or self._container(name)
        role = self.whole["services"][name]["labels"]["beta-sidecar/role"]
        if role == "sidecar":
            one.mount(os.environ["BETA_SIDECAR"], "/beta-sidecar", "ro")
        if role == "app":
            one.file("/inside.py", (HERE / "inside.py").read_text("utf-8"))
        if role == "watcher":
            one.file("/etc/hosts", "".join(
                f"{room.addresses[SERVICES[owner.removesuffix('-sidecar')]]} {owner}\n"
                for owner, room in self.namespaces.items() if owner.endswith("-sidecar")
            ))
        self._children.append(one.start(command, self.folder / f"{name}.log"))

    def _start_tor(self, name):
        """The shipped torrc, and the private network's lines: without them it would call out."""
        service = self.whole["services"][name]
        one = self._container(name)
        authority = self.state.warm_mark.read_text(encoding="ascii").splitlines()[0]
        assert authority.startswith("DirAuthority a1 ")
        (file,) = composition.mounted(service, self.whole).values()
        text = (COMPOSE / file).read_text("utf-8")
        one.file("/etc/tor/torrc", f"{text}{NETWORK}{authority}\n")
        data = self.volumes[f"{name}-data"] / "data"
        data.mkdir(mode=0o700)
        for cache in CACHES:
            cached = self.state.nodes / "client" / cache
            if cached.exists():
                (data / cache).write_bytes(cached.read_bytes())
        give(data)
        self._refuse_to_leave()
        self._start(name, service["command"])

    def _refuse_to_leave(self):
        """A tor starts where loopback is all there is, or not at all."""
        told = "from tornet import namespace; namespace.require_isolation()"
        entry = self.state.entry(self.state.read())
        subprocess.run([*entry, sys.executable, "-B", "-c", told], check=True)

    def _fill_in_onions(self):
        """services.yaml with the addresses that the tors have made."""
        self.onions = {}
        for service, told in self.services["services"].items():
            data = self.volumes[f"{service}-tor-data"]
            (file,) = eventually(
                lambda data=data: list(data.glob("*/hostname")), f"an onion of {service}", PATIENCE
            )
            example = told.get("onion") or told["onions"][file.parent.name]
            address = file.read_text(encoding="ascii").strip()
            self.onions[service] = address
            self.services_text = self.services_text.replace(example, address)

    def _wait_healthy(self, name):
        test = self.whole["services"][name]["healthcheck"]["test"][1:]
        eventually(
            lambda: self.containers[name].run(*test).returncode == 0, f"{name} healthy", PATIENCE
        )
