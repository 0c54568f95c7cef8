"""Processes of a run: started on one core, asked what they cost, ended by their own pid."""

import ctypes
import os
import pathlib
import signal
import socket
import subprocess
import time

_TICK = os.sysconf("SC_CLK_TCK")
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)


class Failed(Exception):
    """A sentence for people."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Process:
    def __init__(self, name: str, command: list[str], core: int, folder: pathlib.Path,
                 stdin: int = subprocess.DEVNULL, stdout: int | None = None):
        self.name = name
        self.log = folder / f"{name}.log"
        self.errors = folder / f"{name}.err"

        def before_exec() -> None:
            os.sched_setaffinity(0, {core})
            _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)  # no orphan if this script is killed

        # Appending: whoever writes goes on at the new end after the log was emptied.
        with open(self.log, "ab") as log, open(self.errors, "ab") as errors:
            self.child = subprocess.Popen(
                command, cwd=folder, stdin=stdin, stdout=stdout or log, stderr=errors,
                preexec_fn=before_exec, start_new_session=True,
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
            )

    def pids(self) -> list[int]:
        """The process and its children: nginx works in a child."""
        found = [self.child.pid]
        for pid in found:
            for task in _read(f"/proc/{pid}/task/{pid}/children").split():
                found.append(int(task))
        return found

    def cpu_seconds(self) -> float:
        """Of all threads, to the nanosecond: the clock that clock_getcpuclockid(3) names."""
        return sum(time.clock_gettime_ns((~pid << 3) | 2) for pid in self.pids()) / 1e9

    def kernel_share(self, since: tuple[int, int] = (0, 0)) -> float:
        user, kernel = (now - then for now, then in zip(self.ticks(), since))
        return kernel / max(user + kernel, 1)

    def ticks(self) -> tuple[int, int]:
        user = kernel = 0
        for pid in self.pids():
            fields = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
            user, kernel = user + int(fields[11]), kernel + int(fields[12])
        return user, kernel

    def rss_bytes(self) -> int:
        total = 0
        for pid in self.pids():
            for line in _read(f"/proc/{pid}/status").splitlines():
                if line.startswith("VmRSS:"):
                    total += int(line.split()[1]) * 1024
        return total

    def await_port(self, port: int, patience: float = 15) -> None:
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if self.child.poll() is not None:
                raise Failed(f"{self.name} ended with {self.child.returncode}:\n{self.output()}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.02)
        raise Failed(f"{self.name} does not listen on port {port}:\n{self.output()}")

    def output(self) -> str:
        return (self.log.read_text(errors="replace") + self.errors.read_text(errors="replace"))[
            -3000:
        ]

    def stop(self) -> None:
        if self.child.poll() is not None:
            return
        self.child.send_signal(signal.SIGTERM)
        try:
            self.child.wait(3)
        except subprocess.TimeoutExpired:
            for pid in reversed(self.pids()):
                os.kill(pid, signal.SIGKILL)
            self.child.wait()


def busy_seconds(core: int) -> float:
    """What everybody used of one core since boot, the hypervisor's other guests included."""
    for line in _read("/proc/stat").splitlines():
        if line.startswith(f"cpu{core} "):
            user, nice, system, _, _, irq, softirq, steal = map(int, line.split()[1:9])
            return (user + nice + system + irq + softirq + steal) / _TICK
    return 0.0


def _read(path: str) -> str:
    try:
        return pathlib.Path(path).read_text(encoding="utf-8")
    except OSError:
        return ""
