"""Goal: whatever ends a tornet, nothing of it stays behind.
Method: small networks of their own, ended in every way; each of their processes must be gone.
"""
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import unittest

from stage.case import main
from stage.sidecar import eventually
from tornet import cli
from tornet.state import State, started_at


def children_of(parent):
    """pid -> start time."""
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=True
    )
    return {int(pid): started_at(int(pid)) for pid in listed.stdout.split()}


class TornetLife(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="beta-e2e.")
        cls.addClassCleanup(folder.cleanup)
        cls.state = State(folder.name)

    def tornet(self, *arguments, **options):
        return subprocess.run(
            [cli.COMMAND, "--state", self.state.folder, *arguments],
            check=False,
            text=True,
            capture_output=True,
            **options
        )

    def up(self, *arguments):
        done = self.tornet("up", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.addCleanup(self.tornet, "down")
        self.assertEqual(self.tornet("run", "sleeper", "--", "sleep", "1000").returncode, 0)
        network = json.loads(self.tornet("status").stdout)
        pids = [network["keeper"], *network["pids"].values()]
        self.assertEqual(len(pids), 7)  # keeper, authority, three relays, client, sleeper
        return network, {pid: started_at(pid) for pid in pids}

    def assert_gone(self, processes):
        self.assertNotIn(None, processes.values())
        eventually(
            lambda: all(started_at(pid) != begun for pid, begun in processes.items()),
            "all to end",
            20,
        )

    def test_down_ends_everything_and_once_more_is_no_error(self):
        _, processes = self.up()
        self.assertEqual(self.tornet("down").returncode, 0)
        self.assert_gone(processes)
        self.assertEqual(self.tornet("down").returncode, 0)

    def test_a_killed_keeper_takes_all_with_it(self):
        network, processes = self.up()
        os.kill(network["keeper"], signal.SIGKILL)
        self.assert_gone(processes)

    def test_a_killed_owner_ends_it(self):
        owner = subprocess.Popen(["sleep", "1000"])
        _, processes = self.up("--owner", str(owner.pid))
        owner.kill()
        owner.wait()
        self.assert_gone(processes)

    def test_up_twice_is_one_network_and_another_specification_is_refused(self):
        network, _ = self.up()
        self.assertEqual(self.tornet("up").returncode, 0)
        self.assertEqual(json.loads(self.tornet("status").stdout)["keeper"], network["keeper"])
        other = pathlib.Path(self.state.folder, "other.json")
        other.write_text('{"relays": 4}', encoding="utf-8")
        refused = self.tornet("up", "--spec", str(other))
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("another network is up", refused.stderr)

    def test_an_interrupted_start_leaves_nothing(self):
        with tempfile.TemporaryDirectory(prefix="beta-e2e.") as folder, subprocess.Popen(
            [cli.COMMAND, "--state", folder, "up"], stderr=subprocess.PIPE, text=True
        ) as starting:
            next(line for line in starting.stderr if "vote" in line)  # the relays run by now
            network = State(folder).read()
            tors = children_of(network["keeper"])
            self.assertEqual(len(tors), 4)
            starting.terminate()
            self.assertEqual(starting.wait(20), cli.INTERRUPTED)
            self.assert_gone(tors | {network["keeper"]: network["started"]})

    def test_specifications_that_leave_loopback_are_refused(self):
        bad = pathlib.Path(self.state.folder, "bad.json")
        for onions in (
            {"x": {"80": "192.0.2.1:80"}},
            {"x": {"80": "localhost:80"}},
            {"../x": {"80": "127.0.0.1:1"}},
        ):
            bad.write_text(json.dumps({"onions": onions}), encoding="utf-8")
            self.assertIn("onions", self.tornet("up", "--spec", str(bad)).stderr)


if __name__ == "__main__":
    main()
