"""Network: authority, relays, clients and the onion host, brought up in the order that works.

Cold: keys, relays, one vote, the consensus handed to everyone. Warm: yesterday's keys and
consensus, all at once.
"""
import calendar
import itertools
import os
import pathlib
import shutil
import subprocess
import sys
import time

from . import process, pulse, socks, torrc
from .control import ControlError
from .node import Node

DIRECTORY_PORT, FIRST_RELAY_PORT, FIRST_CONTROL_PORT = 7001, 5001, 7101
FIRST_PORT_BEHIND = 6001  # of relays whose own ports are those of hops
VOTING_INTERVAL = 1800  # seconds; the longest that tor allows a testing authority
UNIX_PATH_ROOM = 108  # bytes, a zero at the end
PACKAGE_PARENT = pathlib.Path(__file__).resolve().parents[1]


class NotUp(Exception):
    """The network did not come up; says what was waited for and the last words of who failed."""


class Network:
    def __init__(self, state, spec, pause, say):
        """`pause()` is one turn of waiting and may raise to give up; `say(text)` shows progress."""
        self._state, self._spec, self._pause, self._say = state, spec, pause, say
        self._nodes, self._authorities, self._pulse = {}, [], None
        self._hops, self._hops_told = None, 0

    def start(self):
        if self._is_warm():
            try:
                self._start_warm()
                return
            except NotUp as error:
                self._say(f"the kept network does not come up ({error}); making a new one")
                self.end()
        self._start_cold()

    def end(self):
        everyone = [node.child for node in self._nodes.values() if node.child]
        process.end(everyone + [child for child in (self._pulse, self._hops) if child])

    def stop_node(self, name):
        process.end([self._nodes[name].child])

    def kill_node(self, name):
        """At once and unasked; returns when it is gone."""
        self._nodes[name].child.kill()
        self._nodes[name].child.wait()

    def start_node(self, name):
        """Nothing where it runs: a second tor on its folder would take its cookie with it, and the
        first would be nobody's.
        """
        if self._nodes[name].alive:
            return
        self._nodes[name].start(self._authorities)
        if name in self._spec.clients:
            self._wait_for_client(self._nodes[name], 60)
        if name == "a1":  # whose circuits the pulse's are
            self._wait_for_client(self._nodes[name], 60)
            process.end([self._pulse])
            self._start_pulse()
            self._wait_for_pulse()

    def delay_node(self, name, seconds):
        """Whatever crosses a channel that others opened to this relay takes so much longer, each
        way; in force on return.
        """
        if not self._hops or name not in self._relay_names():
            raise NotUp(f"no hop stands before {name}")
        self._hops.stdin.write(f"{name} {seconds}\n".encode())
        self._hops.stdin.flush()
        self._hops_told += 1
        self._wait_for_hops()

    def pids(self):
        return {name: node.pid for name, node in self._nodes.items()}

    def control_ports(self):
        return {name: node.control_port for name, node in self._nodes.items()}

    def onion_addresses(self):
        return {
            name: (self._state.onions / name / "hostname").read_text(encoding="ascii").strip()
            for name in self._spec.onions
        }

    # -- the two ways up ---------------------------------------------------------------------------

    def _is_warm(self):
        """Whether the kept consensus is valid for an hour to come and knows as many relays as
        asked for.
        """
        try:
            text = (self._state.nodes / "a1" / "cached-microdesc-consensus").read_text(
                encoding="ascii"
            )
            line, exits = self._state.warm_mark.read_text(encoding="ascii").splitlines()
        except (OSError, ValueError):
            return False
        times = {
            key: calendar.timegm(time.strptime(rest, "%Y-%m-%d %H:%M:%S"))
            for key, _, rest in (row.partition(" ") for row in text.splitlines())
            if key in ("valid-after", "valid-until")
        }
        relays = sum(row.startswith("r ") for row in text.splitlines())
        self._authorities = [line]
        return (
            times["valid-after"] <= time.time() < times["valid-until"] - 3600
            and relays == self._spec.relays + 1
            and exits == self._exits()
        )

    def _exits(self):
        """The kept consensus calls the relays exits or not: part of what is kept."""
        return "exits" if self._spec.outside else "no exits"

    def _start_warm(self):
        self._say("starting on the kept keys and consensus")
        self._make_nodes()
        for node in self._nodes.values():
            if not node.has_consensus:
                node.copy_caches(self._nodes["a1"])
        self._start_nodes(self._nodes.values())
        self._wait_for_service(25)

    def _start_cold(self):
        self._say("making keys for a new authority")
        self._state.warm_mark.unlink(missing_ok=True)
        shutil.rmtree(self._state.nodes)
        self._state.make()
        self._make_nodes_folder_and_keys()
        self._make_nodes()
        relays = [node for name, node in self._nodes.items() if name[1:].isdigit()]
        self._start_nodes(relays)
        self._say("waiting for the relays' descriptors, then for a vote (about 8 s)")
        self._vote(len(relays))
        process.end([node.child for node in relays[1:]])
        for node in self._nodes.values():
            if node.name != "a1":
                node.copy_caches(self._nodes["a1"])
        self._say("the authority has signed a consensus; starting clients and the onion host")
        self._start_nodes(node for node in self._nodes.values() if not node.alive)
        self._wait_for_service(60)
        self._state.warm_mark.write_text(
            f"{self._authorities[0]}\n{self._exits()}\n", encoding="ascii"
        )

    # -- steps -------------------------------------------------------------------------------------

    def _make_nodes_folder_and_keys(self):
        home = self._state.nodes / "a1"
        keys = home / "keys"
        keys.mkdir(mode=0o700, parents=True)
        certificate = keys / "authority_certificate"
        subprocess.run(
            [
                "tor-gencert",
                "--create-identity-key",
                "--passphrase-fd",
                "0",
                "-m",
                "24",
                "-a",
                f"127.0.0.1:{DIRECTORY_PORT}",
                "-i",
                keys / "authority_identity_key",
                "-s",
                keys / "authority_signing_key",
                "-c",
                certificate,
            ],
            input=b"test\n",
            capture_output=True,
            check=True,
        )
        identity = next(
            line.split()[1]
            for line in certificate.read_text(encoding="ascii").splitlines()
            if line.startswith("fingerprint ")
        )
        relay = process.list_fingerprint(torrc.fingerprint(home, "a1", FIRST_RELAY_PORT))
        self._authorities = [
            f"DirAuthority a1 orport={FIRST_RELAY_PORT} no-v2 v3ident={identity} "
            f"127.0.0.1:{DIRECTORY_PORT} {relay}"
        ]

    def _make_nodes(self):
        # The next vote is half an interval away, lest it happens while relays are still missing:
        # then they would be missing for the whole interval.
        offset = (int(time.time()) + VOTING_INTERVAL // 2) % VOTING_INTERVAL
        plans = {}
        for index, name in enumerate(self._relay_names()):
            exits = bool(self._spec.outside) and index == self._spec.relays
            behind = FIRST_PORT_BEHIND + index if self._spec.hops else None
            plans[name] = torrc.relay(FIRST_RELAY_PORT + index, exits, behind)
        plans["a1"] += torrc.authority(DIRECTORY_PORT, VOTING_INTERVAL, offset)
        for name, port in self._spec.clients.items():
            unix = self._state.socks(name)
            fits = len(os.fsencode(unix)) < UNIX_PATH_ROOM  # tor would end where it does not
            plans[name] = torrc.client(
                port, self._spec.outside, unix if fits else None, self._spec.tunnels.get(name)
            )
        if self._spec.onions:
            plans["host"] = torrc.onion_host(
                {self._state.onions / name: targets for name, targets in self._spec.onions.items()}
            )
        self._nodes = {
            name: Node(self._state, name, FIRST_CONTROL_PORT + index, lines)
            for index, (name, lines) in enumerate(plans.items())
        }
        if self._spec.hops:
            self._start_hops()

    def _relay_names(self):
        return ["a1", *(f"r{index}" for index in range(1, self._spec.relays + 1))]

    def _start_nodes(self, nodes):
        for node in nodes:
            node.start(self._authorities)

    def _until(self, what, seconds, probe):
        """Polls until probe() answers something true. A control port that is not there yet is a
        no.
        """
        deadline = time.monotonic() + seconds
        while True:
            try:
                if answer := probe():
                    return answer
            except (ControlError, socks.SocksError):
                pass
            for node in self._nodes.values():
                if node.died:
                    raise NotUp(f"tor {node.name} ended: " + " | ".join(node.last_words()))
            if time.monotonic() > deadline:
                raise NotUp(f"{what}: not within {seconds} s")
            self._pause()

    def _vote(self, count):
        authority = self._nodes["a1"]

        def knows_everyone():
            with authority.control() as control:
                lines = control.ask("GETINFO desc/all-recent")
            return sum(line.startswith("router ") for line in lines) == count

        def has_consensus():
            with authority.control() as control:
                control.ask("GETINFO consensus/valid-after")
                return sum(line.startswith("r ") for line in control.ask("GETINFO ns/all")) == count

        self._until("the relays' descriptors", 60, knows_everyone)
        with authority.control() as control:  # valid in 6 s; voting opens 4 s before that
            offset = (int(time.time()) + 6) % VOTING_INTERVAL
            control.ask(f"SETCONF TestingV3AuthVotingStartOffset={offset}")
        self._until("a consensus with every relay", 30, has_consensus)

    def _wait_for_client(self, node, seconds):
        def connected():
            with node.control() as control:
                return "PROGRESS=100" in control.ask("GETINFO status/bootstrap-phase")[0]

        self._until(f"{node.name} to know the network", seconds, connected)

    def _wait_for_service(self, seconds):
        for name in self._spec.clients:
            self._wait_for_client(self._nodes[name], seconds)
        self._start_pulse()
        if self._spec.onions:
            self._say("waiting for the onion services to be reachable")
            self._wait_for_onions(seconds)
        self._wait_for_pulse()

    def _wait_for_pulse(self):
        self._until("the pulse to beat", 10, lambda: pulse.BEATING in self._pulse_log.read_text())

    def _wait_for_onions(self, seconds):
        """Until a rendezvous with each has worked; that nothing listens behind it yet does not
        matter.
        """
        proxy = ("127.0.0.1", next(iter(self._spec.clients.values())))
        tries = itertools.count()

        def reachable(address):
            # Fresh credentials: a circuit that got stuck is not tried again.
            code, stream = socks.connect(address, 80, proxy, f"tornet-{next(tries)}", 4)
            stream.close()
            return code in (socks.SUCCEEDED, socks.GENERAL_FAILURE)

        for name, address in self.onion_addresses().items():
            self._until(f"the onion service {name}", seconds, lambda: reachable(address))

    @property
    def _pulse_log(self):
        return self._state.nodes / "pulse.log"

    def _start_pulse(self):
        authority = self._nodes["a1"]
        cookie = str(authority.folder / "control_auth_cookie")
        self._pulse = self._start_ours("pulse", str(authority.control_port), cookie)

    def _start_hops(self):
        relays = [
            f"{name},{FIRST_RELAY_PORT + index},{FIRST_PORT_BEHIND + index}"
            for index, name in enumerate(self._relay_names())
        ]
        self._hops = self._start_ours("hop", *relays, stdin=subprocess.PIPE)
        self._hops_told = 1  # that it listens is its first line
        self._wait_for_hops()

    def _wait_for_hops(self):
        log = self._state.nodes / "hop.log"
        self._until("the hops", 10, lambda: log.read_text().count("\n") >= self._hops_told)

    def _start_ours(self, module, *arguments, **options):
        """A program of this package, beside the tors."""
        with open(self._state.nodes / f"{module}.log", "wb") as log:
            path = f"PYTHONPATH={PACKAGE_PARENT}"
            command = ["env", path, sys.executable, "-m", f"tornet.{module}", *arguments]
            return process.start(command, log, **options)
