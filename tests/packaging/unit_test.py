"""Goal: systemd takes the unit without a word, and its walls are as the document says.
Method: systemd-analyze of this machine, on a copy whose command is the binary that was built.
"""
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
UNIT = SOURCE / "deploy/systemd/beta-sidecar.service"
DOCUMENT = SOURCE / "docs/systemd.md"


def analyze(*words):
    return subprocess.run(["systemd-analyze", *[str(word) for word in words]], text=True,
                          capture_output=True, check=False)


class Unit(unittest.TestCase):
    def copy(self, change=lambda text: text):
        folder = tempfile.TemporaryDirectory(prefix="beta-unit.")
        self.addCleanup(folder.cleanup)
        text = UNIT.read_text(encoding="utf-8")
        text = text.replace("/usr/bin/beta-sidecar", os.environ["BETA_SIDECAR"])
        copy = pathlib.Path(folder.name) / UNIT.name
        copy.write_text(change(text), encoding="utf-8")
        return copy

    def test_systemd_finds_no_fault(self):
        done = analyze("verify", "--man=no", self.copy())
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))

    def test_systemd_would_have_told_of_one(self):
        wrong = self.copy(lambda text: text.replace("WatchdogSec=", "WatchDogSec="))
        self.assertIn("WatchDogSec", analyze("verify", "--man=no", wrong).stderr)

    def test_the_exposure_is_what_the_document_says(self):
        said = re.search(r"exposure of (\d\.\d)", DOCUMENT.read_text(encoding="utf-8"))[1]
        tenths = round(float(said) * 10)
        done = analyze("security", "--offline=true", f"--threshold={tenths}", UNIT)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn(f"beta-sidecar.service: {said} ", done.stdout)

    def test_the_drop_in_for_a_managed_tor_opens_the_network_and_nothing_else(self):
        text = (UNIT.parent / "managed-tor.conf").read_text(encoding="utf-8")
        settings = [line for line in text.splitlines() if re.match(r"\w+=", line)]
        self.assertEqual(settings, ["IPAddressDeny=", "IPAddressAllow="])

    def test_it_waits_longer_than_a_drain_takes(self):
        (wait,) = re.findall(r"^TimeoutStopSec=(\d+)s$", UNIT.read_text(), re.MULTILINE)
        shipped = (SOURCE / "config/sidecar.yaml").read_text(encoding="utf-8")
        (drain,) = re.findall(r"^drain:\n  timeout: (\d+)s", shipped, re.MULTILINE)
        self.assertGreaterEqual(int(wait), int(drain) + 10)


if __name__ == "__main__":
    unittest.main()
