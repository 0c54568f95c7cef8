"""Containers: what a Compose makes of a service, without one: a network namespace for each group
that shares it, bridges that forward nothing between networks, and processes that see their own
volumes.

Runs as root. All of it ends with the processes that it started, and they end with us.
"""
import os
import pathlib
import shutil
import subprocess

from stage.sidecar import eventually
from tornet.process import dies_with, end

USER = 65532
PARTS_OF_USR = ("bin", "sbin", "lib", "lib64")
# Its root is read only, with its volumes in it. Arguments: the root, then for each mount its
# source, its target and ro or rw, then -- and the command.
ENTER = f"""set -eu
root=$1; shift
mount --make-rprivate /
mount --bind "$root" "$root"
for part in usr dev proc; do mount --rbind "/$part" "$root/$part"; done
while [ "$1" != -- ]; do
    mount --bind "$1" "$root$2"
    [ "$3" = rw ] || mount -o remount,bind,ro "$root$2"
    shift 3
done
shift
mount -o remount,bind,ro "$root"
exec chroot "$root" setpriv --reuid {USER} --regid {USER} --clear-groups --no-new-privs \\
    --inh-caps=-all --bounding-set=-all --pdeathsig KILL "$@"
"""


class Namespace:
    """A network namespace with loopback; a process that sleeps holds it."""

    def __init__(self):
        self._holder = subprocess.Popen(
            ["unshare", "-n", "--", "sleep", "infinity"],
            stdin=subprocess.DEVNULL,
            preexec_fn=dies_with(os.getpid()),
        )
        ours = os.readlink("/proc/self/ns/net")
        place = f"/proc/{self._holder.pid}/ns/net"
        eventually(lambda: os.readlink(place) != ours, "a namespace", 60)
        self.entry = ["nsenter", "-t", str(self._holder.pid), "-n", "--"]
        self.addresses = {}  # network -> address
        self.run("ip", "link", "set", "dev", "lo", "up")

    @property
    def pid(self):
        return self._holder.pid

    def run(self, *command):
        done = subprocess.run(
            [*self.entry, *command], capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise AssertionError(f"{command}: {done.stdout}{done.stderr}")
        return done.stdout

    def set(self, key, value):
        """A sysctl of this namespace."""
        place = "/proc/sys/" + key.replace(".", "/")
        self.run("sh", "-c", f"echo {value} > {place}")

    def listening(self, protocol):
        """[(address in hexadecimal, port, user)] of what listens, or is bound where there is no
        listening.
        """
        state = "0A" if protocol.startswith("tcp") else "07"
        lines = self.run("cat", f"/proc/net/{protocol}").splitlines()[1:]
        rows = [line.split() for line in lines]
        return [
            (address, int(port, 16), int(row[7]))
            for row in rows
            if row[3] == state
            for address, port in [row[1].split(":")]
        ]

    def close(self):
        end([self._holder])


class Switch:
    """The host: a bridge for each network, no address on any, and no way from one to another."""

    def __init__(self):
        self._host = Namespace()
        self._links = 0
        self.subnets = {}  # network -> the first three numbers of its addresses

    def add(self, network, subnet):
        self.subnets[network] = subnet
        self._host.run("ip", "link", "add", "name", self._bridge(network), "type", "bridge")
        self._host.run("ip", "link", "set", "dev", self._bridge(network), "up")

    def connect(self, namespace, network, address):
        ours, theirs = f"link{self._links}", f"eth{len(namespace.addresses)}"
        self._links += 1
        self._host.run(
            *f"ip link add name {ours} type veth peer name {theirs} netns {namespace.pid}".split()
        )
        self._host.run("ip", "link", "set", "dev", ours, "master", self._bridge(network), "up")
        namespace.run("ip", "address", "add", f"{address}/24", "dev", theirs)
        namespace.run("ip", "link", "set", "dev", theirs, "up")
        namespace.addresses[network] = address

    def close(self):
        self._host.close()

    def _bridge(self, network):
        return f"br-{list(self.subnets).index(network)}"


class Container:
    """One service: its root in a folder, made here, and processes in it."""

    def __init__(self, folder, entry, environment=None):
        """`entry`: the command that enters its network namespace."""
        self.root = pathlib.Path(folder)
        self._entry, self._mounts = entry, []
        self._environment = {"PATH": "/usr/bin:/usr/sbin"} | (environment or {})
        for part in ("usr", "dev", "proc", "tmp", "etc"):
            (self.root / part).mkdir(parents=True)
        for part in PARTS_OF_USR:
            (self.root / part).symlink_to(f"usr/{part}")
        self.file("/etc/resolv.conf", "nameserver 127.0.0.1\n")

    def file(self, target, text, mode=0o444, owner=USER):
        place = self.root / target.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
        os.chown(place, owner, USER)
        place.chmod(mode)

    def mount(self, source, target, options="rw"):
        place = self.root / target.lstrip("/")
        if pathlib.Path(source).is_dir():
            place.mkdir(parents=True)
        else:
            place.touch()
        self._mounts += [str(source), target, options]

    def start(self, command, log):
        with open(log, "ab") as out:
            return subprocess.Popen(
                self._command(command),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=self._environment,
                preexec_fn=dies_with(os.getpid()),
            )

    def run(self, *command):
        return subprocess.run(
            self._command(command),
            capture_output=True,
            text=True,
            check=False,
            env=self._environment,
            preexec_fn=dies_with(os.getpid()),
        )

    def _command(self, command):
        inside = ["unshare", "-m", "--", "sh", "-c", ENTER, "sh", str(self.root)]
        return [*self._entry, *inside, *self._mounts, "--", *command]


def volume(folder, options):
    """A folder like a tmpfs with the options that a compose file gives it."""
    told = dict(word.split("=") for word in options.split(","))
    folder.mkdir(parents=True)
    os.chown(folder, int(told["uid"]), int(told["gid"]))
    folder.chmod(int(told["mode"], 8))
    return folder


def give(folder):
    """To the user of the containers, with all in it."""
    for place in (folder, *folder.rglob("*")):
        shutil.chown(place, USER, USER)
