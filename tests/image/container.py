"""Container: one process by runc, locked as deploy/compose and deploy/kubernetes lock it."""
import contextlib
import ctypes
import json
import os
import pathlib
import subprocess
import threading

from stage.topology import ROOT
from tornet.process import dies_with

PROFILE = ROOT / "deploy" / "seccomp" / "beta-sidecar.json"
USER = 65532
MEMORY = 256 << 20
PERIOD = 100_000  # microseconds
QUOTA = PERIOD // 4
LIMITS = {
    "memory": {"limit": MEMORY},
    "cpu": {"quota": QUOTA, "period": PERIOD},
    "pids": {"limit": 64},
}
KINDS = ("bounding", "effective", "inheritable", "permitted", "ambient")
CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


class Container:
    """`network`: one of its own, with loopback alone, or (False) that of the test. `mounts`:
    (folder or file here, path there, "ro" or "rw").
    """

    def __init__(self, name, folder, root, command, mounts=(), network=True, profile=PROFILE):
        self.name = name
        self._home = pathlib.Path(folder) / name
        self._home.mkdir()
        self._group = f"beta-image-{os.getpid()}-{name}-{self._home.parent.name}"
        spec = self._spec(root, command, mounts, network, profile)
        (self._home / "config.json").write_text(json.dumps(spec), encoding="utf-8")
        self._process = None

    def start(self):
        with open(self._home / "out", "wb") as out, open(self._home / "err", "wb") as err:
            self._process = subprocess.Popen(
                self._runc("run", "--bundle", str(self._home)),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                preexec_fn=dies_with(os.getpid()),
            )
        return self

    def run(self):
        """To its end; its exit code."""
        return self.start().exit_code()

    def execute(self, *command):
        """Another process in it, under the same locks."""
        return subprocess.run(
            self._runc("exec", rest=command), capture_output=True, text=True, check=False
        )

    def signal(self, name):
        subprocess.run(self._runc("kill", rest=[name]), check=True)

    @property
    def pid(self):
        done = subprocess.run(self._runc("state"), capture_output=True, check=True)
        return json.loads(done.stdout)["pid"]

    @property
    def ended(self):
        return self._process.poll() is not None

    def exit_code(self, seconds=90):
        return self._process.wait(seconds)

    def stop(self):
        subprocess.run(self._runc("delete", "--force"), capture_output=True, check=False)
        if self._process:
            self._process.wait()

    def out(self):
        return (self._home / "out").read_text(encoding="utf-8", errors="replace")

    def words(self):
        """What it said, for a test that failed."""
        said = (self._home / "err").read_text(encoding="utf-8", errors="replace")
        return f"--- {self.name}\n{self.out()[-4000:]}{said[-2000:]}"

    def status(self):
        """name -> value of /proc/PID/status."""
        lines = pathlib.Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8").splitlines()
        return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}

    def inside(self, make):
        """What make() answers where this container's network is: a socket stays there for good."""
        answer = []

        def there():  # a thread of its own: it alone changes over
            with open(f"/proc/{self.pid}/ns/net", encoding="ascii") as network:
                if _libc.setns(network.fileno(), CLONE_NEWNET) == 0:
                    answer.append(make())

        thread = threading.Thread(target=there)
        thread.start()
        thread.join()
        if not answer:
            raise AssertionError(f"not to be had in the network of {self.name}")
        return answer[0]

    def limit(self, *names):
        """What the kernel holds it to: the words of the first of these files (of cgroup 1 or 2)
        that there is; None where this machine has no such controller.
        """
        for path in names:
            controller, _, file = path.rpartition("/")
            file = pathlib.Path("/sys/fs/cgroup", controller, self._group, file)
            if file.exists():
                return file.read_text(encoding="ascii").split()
        return None

    def _runc(self, verb, *options, rest=()):
        state = str(self._home.parent / "runc")
        return ["runc", "--root", state, verb, *options, self._group, *rest]

    def _spec(self, root, command, mounts, network, profile):
        own = ["pid", "ipc", "uts", "mount", *(["network"] if network else [])]
        return {
            "ociVersion": "1.0.2",
            "hostname": self.name,
            "root": {"path": str(root), "readonly": True},
            "process": {
                "user": {"uid": USER, "gid": USER},
                "args": [str(word) for word in command],
                "env": ["PATH=/"],
                "cwd": "/",
                "capabilities": {kind: [] for kind in KINDS},
                "noNewPrivileges": True,
            },
            "mounts": [*usual_mounts(), *(bind(*mount) for mount in mounts)],
            "linux": {
                "cgroupsPath": f"/{self._group}",
                "resources": {name: LIMITS[name] for name in LIMITS.keys() & controllers()},
                "namespaces": [{"type": kind} for kind in own],
                "maskedPaths": ["/proc/kcore", "/proc/keys", "/proc/timer_list", "/sys/firmware"],
                "readonlyPaths": ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys"],
                **({"seccomp": json.loads(profile.read_text("utf-8"))} if profile else {}),
            },
        }


def usual_mounts():
    quiet = ["nosuid", "noexec", "nodev"]
    return [
        {"destination": "/proc", "type": "proc", "source": "proc", "options": quiet},
        {
            "destination": "/dev",
            "type": "tmpfs",
            "source": "tmpfs",
            "options": ["nosuid", "noexec", "mode=755", "size=64k"],
        },
        {
            "destination": "/sys/fs/cgroup",
            "type": "cgroup",
            "source": "cgroup",
            "options": [*quiet, "ro"],
        },
    ]


def bind(source, destination, how):
    options = ["rbind", how, "nosuid", "nodev"]
    return {
        "destination": destination,
        "type": "bind",
        "source": str(source),
        "options": options,
    }


def controllers():
    """Those by which this machine can hold a container to its limits."""
    groups = pathlib.Path("/sys/fs/cgroup")
    if not (groups / "cgroup.controllers").exists():  # version 1: a folder each
        return [name for name in LIMITS if (groups / name).is_dir()]
    enabled = groups / "cgroup.subtree_control"
    with contextlib.suppress(OSError):  # inside of a container that may not
        enabled.write_text("".join(f"+{name} " for name in LIMITS), encoding="ascii")
    return enabled.read_text(encoding="ascii").split()
