"""State: the folder of one network: who keeps it now, and what it keeps for the next start."""
import fcntl
import json
import os
import pathlib
import select
import signal
import socket

from . import namespace
from .control import Control


def started_at(pid):
    """The start time of a process in clock ticks: with the pid, a name that is never used twice."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else int(fields[19])  # ended, though nobody has asked how yet


class State:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve()
        self.nodes = self.folder / "nodes"
        self.onions = self.folder / "onions"  # keys: the addresses stay the same for good
        self.warm_mark = (
            self.folder / "warm"
        )  # the DirAuthority line; there when nodes/ can be reused
        self.log = self.folder / "keeper.log"
        self._network = self.folder / "network.json"

    def socks(self, client):
        """The unix SOCKS port of a client tor: also for who stands in another namespace."""
        return self.nodes / client / "socks"

    def control(self, node):
        """A connection to the control port of one of its tors."""
        cookie = self.nodes / node / "control_auth_cookie"
        return Control(self.read()["control"][node], cookie)

    def make(self):
        for folder in (self.folder, self.nodes, self.onions):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def exclusive(self):
        """A lock for as long as the returned file is open: two starts at once become one after
        the other.
        """
        file = open(self.folder / "lock", "w", encoding="utf-8")
        fcntl.flock(file, fcntl.LOCK_EX)
        return file

    def write(self, network):
        draft = self._network.with_suffix(".new")
        draft.write_text(json.dumps(network, indent=2) + "\n", encoding="utf-8")
        draft.replace(self._network)

    def read(self):
        """The network as its keeper described it, or None when no keeper lives."""
        try:
            network = json.loads(self._network.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return network if started_at(network["keeper"]) == network["started"] else None

    def ask(self, request):
        """One request to the living keeper, one answer."""
        home = os.open(".", os.O_RDONLY)
        with socket.socket(socket.AF_UNIX) as stream:
            os.chdir(
                self.folder
            )  # a unix socket's path may have 107 bytes; a folder's may be longer
            try:
                stream.connect("keeper.sock")
            finally:
                os.fchdir(home)
                os.close(home)
            stream.sendall(json.dumps(request).encode() + b"\n")
            return json.loads(stream.makefile("r", encoding="utf-8").readline())

    def entry(self, network):
        return namespace.entry(network["keeper"], network["own_users"])

    def end(self, network, patience=20):
        """Ends the keeper, which ends what it started; insists when it does not. False when it
        was gone.
        """
        try:
            keeper = os.pidfd_open(network["keeper"])
        except ProcessLookupError:
            return False
        try:
            if started_at(network["keeper"]) != network["started"]:
                return False
            waiter = select.poll()
            waiter.register(keeper, select.POLLIN)
            for what in (signal.SIGTERM, signal.SIGKILL):
                signal.pidfd_send_signal(keeper, what)
                if waiter.poll(patience * 1000):
                    break
            return True
        except ProcessLookupError:
            return False
        finally:
            os.close(keeper)
