"""Goal: a policy that is mounted as Kubernetes mounts a ConfigMap is taken up when it is swapped;
a broken one leaves the last good one in force, until the next swap.
Method: the callee's policy behind `..data`; calls until they are answered by the new one. No signal
is sent.
"""
import os
import pathlib

from stage import topology
from stage.case import E2E, PAYOUTS, main
from stage.sidecar import eventually
from stage.wire import request

PATIENCE = 60  # seconds; only a failing test waits so long
CLOSED = "apiVersion: beta.acl/v1\nplane: wallet\n"  # default deny


class FileChange(E2E):
    files = {"limits": False}  # the callee's policy, in a folder of its own

    @classmethod
    def setUpClass(cls):
        cls.good = topology.policy_without_limits(topology.PAYMENT)
        super().setUpClass()

    def setUp(self):
        self.mount = pathlib.Path(self.sidecars[topology.PAYMENT].config).parent
        self.swaps = 0

    def swap(self, text):
        """As kubelet does: a new folder, a link to it, and a rename of that."""
        self.swaps += 1
        folder = self.mount / f"..{self.swaps}"
        folder.mkdir()
        (folder / "policy.yaml").write_text(text, encoding="utf-8")
        self.link("..data", folder.name)

    def link(self, name, target):
        beside = self.mount / f"{name}_tmp"
        beside.symlink_to(target)
        os.rename(beside, self.mount / name)

    def status(self):
        return self.egress().send(request("GET", PAYOUTS)).answer().status

    def reloads(self, message):
        return [
            line
            for line in self.sidecars[topology.PAYMENT].log()
            if line.get("message", "").startswith(message) and line.get("cause") == "files"
        ]

    def test_a_swapped_policy_is_in_force_by_itself_and_a_broken_one_is_not(self):
        self.assertEqual(self.status(), 200)
        self.swap(CLOSED)
        self.link("policy.yaml", "..data/policy.yaml")
        eventually(lambda: self.status() == 403, "the closed policy to be in force", PATIENCE)

        self.swap("plane: [")
        eventually(lambda: self.reloads("reload refused"), "the refusal", PATIENCE)
        self.assertEqual(self.status(), 403)

        self.swap(self.good)
        eventually(lambda: self.status() == 200, "the good policy to be in force", PATIENCE)
        eventually(lambda: len(self.reloads("reloaded")) >= 2, "two lines in the log", PATIENCE)


if __name__ == "__main__":
    main()
