"""Sidecar: one running beta-sidecar: its files, its process, its log lines."""
import json
import os
import pathlib
import subprocess
import time

from tornet.process import dies_with, end

from . import metrics, topology


class SidecarFailed(Exception):
    """It did not become ready, or did not do what it was asked; says its last words."""


def eventually(probe, what, seconds=10):
    """Polls until probe() answers something true, and answers that."""
    deadline = time.monotonic() + seconds
    while not (answer := probe()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {seconds} s")
        time.sleep(0.02)
    return answer


def own_environment():
    """Ours without BETA_…: a sidecar takes those for its configuration."""
    return {name: value for name, value in os.environ.items() if not name.startswith("BETA_")}


class Sidecar:
    def __init__(self, binary, folder, service, onions, **files):
        """`files`: what topology.write takes besides."""
        self.service = service
        self._binary = str(binary)
        self._folder = pathlib.Path(folder)
        self.config = topology.write(folder, service, onions, **files)
        self._process = None

    def start(self, *prefix):
        """Starts it, `prefix` before its command line; returns at once."""
        with open(self._out, "wb") as out, open(self._err, "wb") as err:
            self._process = subprocess.Popen(
                [*prefix, self._binary, "run", "-c", str(self.config)],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                env=own_environment(),
                preexec_fn=dies_with(os.getpid()),
            )
        return self

    @property
    def pid(self):
        return self._process.pid

    def wait_ready(self, seconds=30):
        done = self.command("wait", "--ready", "--timeout", f"{seconds}s", "-c", str(self.config))
        if done.returncode != 0 or self._process.poll() is not None:
            raise SidecarFailed(
                f"{self.service.name} is not ready: {done.stdout}{done.stderr}\n{self.words()}"
            )
        return self

    def wait_alive(self):
        """Until it serves, ready or not."""

        def lives():
            if self._process.poll() is not None:
                raise SidecarFailed(f"{self.service.name} ended\n{self.words()}")
            return self.command("healthcheck", "--live", "-c", str(self.config)).returncode == 0

        eventually(lives, f"{self.service.name} to live")
        return self

    def command(self, *arguments):
        return subprocess.run(
            [self._binary, *arguments],
            capture_output=True,
            text=True,
            check=False,
            env=own_environment(),
        )

    def signal(self, number):
        self._process.send_signal(number)

    @property
    def ended(self):
        return self._process.poll() is not None

    def exit_code(self, seconds=30):
        return self._process.wait(seconds)

    def stop(self):
        if self._process:
            end([self._process])

    def metrics(self):
        """[(name, labels, value)] of every sample of /metrics."""
        return metrics.scrape(self.service.admin)

    def log(self):
        """The JSON lines of standard output so far; a line that is not JSON raises."""
        return [json.loads(line) for line in self._out.read_text(encoding="utf-8").splitlines()]

    def access(self, **wanted):
        """Access log lines with these fields of ours: access(direction="egress") is
        `beta.direction`.
        """
        wanted = {f"beta.{key}": value for key, value in wanted.items()}
        return [line for line in self.log() if wanted.items() <= line.items()]

    def words(self):
        """What it said, for a test that failed."""
        return "".join(
            f"--- {file.name}\n{file.read_text(encoding='utf-8', errors='replace')[-4000:]}"
            for file in (self._out, self._err)
            if file.exists()
        )

    @property
    def _out(self):
        return self._folder / f"{self.service.name}.out"

    @property
    def _err(self):
        return self._folder / f"{self.service.name}.err"
