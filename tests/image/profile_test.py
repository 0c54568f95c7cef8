"""Goal: the seccomp profile refuses what the binary never asks for, and lets pass what it does.
Method: a program under the profile, in a container like the sidecar's, makes each call and prints
what came of it; the other tests of this folder run the sidecar itself under it.
"""
import json
import pathlib
import shutil
import tempfile
import unittest

from container import PROFILE, Container
from deployment import programs

PYTHON = "/usr/bin/python3"  # of /usr, which is all that the container has
HERE = pathlib.Path(__file__).resolve().parent
REFUSED = {
    "another program, by fork": "EPERM",
    "another process, by vfork": "EPERM",
    "clone3": "ENOSYS",
    "execveat": "EPERM",
    "ptrace": "EPERM",
    "process_vm_readv": "EPERM",
    "a netlink socket": "EPERM",
    "a packet socket": "EPERM",
    "bpf": "EPERM",
    "io_uring_setup": "EPERM",
    "keyctl": "EPERM",
    "mount": "EPERM",
    "unshare": "EPERM",
    "setns": "EPERM",
    "userfaultfd": "EPERM",
    "perf_event_open": "EPERM",
    "memfd_create": "EPERM",
    "chmod": "EPERM",
    "kill": "EPERM",
    "a terminal's input (TIOCSTI)": "EPERM",
}
ALLOWED = {"a thread": "fine", "a unix socket": "fine", "an inet socket": "fine"}


class Profile(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="beta-image."))
        self.addCleanup(shutil.rmtree, self.folder)
        self.folder.chmod(0o711)

    def outcomes(self, profile):
        root = self.folder / "root"
        mounts = [*programs(root), (HERE / "forbidden.py", "/forbidden.py", "ro")]
        # Python opens the file that it is given by an ioctl that the profile refuses.
        command = [PYTHON, "-c", "exec(open('/forbidden.py').read())"]
        one = Container("knocker", self.folder, root, command, mounts, profile=profile)
        self.addCleanup(one.stop)
        self.assertEqual(one.run(), 0, one.words())
        return json.loads(one.out())

    def test_it_refuses_what_a_sidecar_never_asks_for(self):
        self.assertEqual(self.outcomes(PROFILE), REFUSED | ALLOWED)

    def test_it_is_the_profile_which_refuses_and_not_the_container_as_such(self):
        outcomes = self.outcomes(None)
        for call in (
            "another program, by fork",
            "another process, by vfork",
            "clone3",
            "execveat",
            "ptrace",
            "process_vm_readv",
            "a netlink socket",
            "memfd_create",
            "kill",
        ):
            self.assertNotEqual(outcomes[call], REFUSED[call], call)

    def test_whatever_it_does_not_name_is_refused_with_eperm(self):
        profile = json.loads(PROFILE.read_text(encoding="utf-8"))
        self.assertEqual(profile["defaultAction"], "SCMP_ACT_ERRNO")
        self.assertEqual(profile["defaultErrnoRet"], 1)
        names = {name for rule in profile["syscalls"] for name in rule["names"]}
        self.assertFalse(names & {"fork", "vfork", "execveat", "ptrace", "bpf", "mount"})


if __name__ == "__main__":
    unittest.main(verbosity=2)
