"""Goal: deploy/compose says what a Compose takes, and each container is locked up as it should be.
Method: docker-compose judges both files and a misspelt one; then what they say is looked at.
"""
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import composition
from composition import ROOT, SERVICES


class Compose(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.base = composition.read("compose.yaml")
        cls.watched = composition.read("compose.yaml", "watch.yaml")

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="beta-compose.")
        self.addCleanup(folder.cleanup)
        self.compose = pathlib.Path(folder.name) / "deploy" / "compose"
        shutil.copytree(ROOT / "deploy" / "compose", self.compose)
        shutil.copytree(ROOT / "acl", self.compose.parents[1] / "acl")
        seccomp = self.compose.parent / "seccomp"
        seccomp.mkdir()
        (seccomp / "beta-sidecar.json").write_text("{}", encoding="utf-8")  # read, not judged

    def judge(self, *files):
        named = [word for file in files for word in ("-f", file)]
        return subprocess.run(
            ["docker-compose", *named, "config", "-q"],
            cwd=self.compose,
            capture_output=True,
            text=True,
            check=False,
        )

    def test_a_compose_takes_both_files(self):
        for files in (["compose.yaml"], ["compose.yaml", "watch.yaml"]):
            judged = self.judge(*files)
            self.assertEqual(judged.returncode, 0, judged.stderr)

    def test_a_compose_refuses_a_misspelt_key(self):
        file = self.compose / "compose.yaml"
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("read_only:", "readonly:", 1), encoding="utf-8")
        judged = self.judge("compose.yaml")
        self.assertNotEqual(judged.returncode, 0)
        self.assertIn("readonly", judged.stderr)

    def test_every_container_is_locked_up(self):
        for name, service in self.watched["services"].items():
            with self.subTest(name):
                self.assertEqual(service["user"], "65532:65532")
                self.assertTrue(service["read_only"])
                self.assertEqual(service["cap_drop"], ["ALL"])
                self.assertIn("no-new-privileges:true", service["security_opt"])
                self.assertTrue(all("mode=" in one for one in service["tmpfs"]))
                self.assertGreater(service["pids_limit"], 0)
                resources = service["deploy"]["resources"]
                for share in ("limits", "reservations"):
                    self.assertEqual(set(resources[share]), {"cpus", "memory"})
                self.assertIn("max-size", service["logging"]["options"])
                self.assertIn("@sha256:", service["image"])
                self.assertNotIn("cap_add", service)
                self.assertNotIn("privileged", service)

    def test_a_service_is_an_app_in_its_sidecars_namespace_and_a_tor_elsewhere(self):
        services = self.base["services"]
        self.assertEqual(len(services), 3 * len(SERVICES))
        for name, plane in SERVICES.items():
            app, sidecar, tor = (services[name + part] for part in ("", "-sidecar", "-tor"))
            self.assertEqual(app["network_mode"], f"service:{name}-sidecar")
            self.assertNotIn("networks", app)
            self.assertEqual(sidecar["networks"], [plane])
            self.assertEqual(tor["networks"], [f"{plane}-uplink"])
            self.assertNotIn("volumes", app)
            shared = {f"{name}-tor-run", f"{name}-ingress"}
            self.assertEqual(set(composition.volumes(sidecar)), shared)
            self.assertEqual(set(composition.volumes(tor)), shared | {f"{name}-tor-data"})
            self.assertNotIn("secrets", app)
            self.assertNotIn("secrets", tor)
            for role, one in (("app", app), ("sidecar", sidecar), ("tor", tor)):
                wanted = {"plane": plane, "service": name, "role": role}
                self.assertEqual(
                    one["labels"], {f"beta-sidecar/{key}": word for key, word in wanted.items()}
                )

    def test_planes_lead_nowhere_and_nothing_is_published(self):
        for plane in SERVICES.values():
            self.assertTrue(self.base["networks"][plane]["internal"])
        for service in self.base["services"].values():
            self.assertNotIn("ports", service)
        published = [one for one in self.watched["services"].values() if "ports" in one]
        self.assertEqual([one["ports"] for one in published], [["127.0.0.1:9091:9090"]])

    def test_an_image_is_the_same_with_and_without_the_file_of_the_images(self):
        lines = (ROOT / "deploy/compose/.env").read_text(encoding="utf-8").splitlines()
        images = dict(line.split("=", 1) for line in lines if "_IMAGE=" in line)
        for name, service in self.watched["services"].items():
            variable, default = re.fullmatch(r"\$\{(\w+):-(.+)\}", service["image"]).groups()
            self.assertEqual(images[variable], default, name)

    def test_what_is_mounted_is_there(self):
        for file in composition.files(self.watched):
            if "tls/" not in file:  # made by the operator
                self.assertTrue((ROOT / "deploy" / "compose" / file).is_file(), file)

    def test_a_prometheus_takes_what_watches(self):
        there = self.compose / "watching"
        there.mkdir()
        mounted = composition.mounted(self.watched["services"]["prometheus"], self.watched)
        for target, file in mounted.items():
            shutil.copy(ROOT / "deploy" / "compose" / file, there / pathlib.Path(target).name)
        judged = subprocess.run(
            ["promtool", "check", "config", "prometheus.yaml"],
            cwd=there,
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(judged.returncode, 0, judged.stdout + judged.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
