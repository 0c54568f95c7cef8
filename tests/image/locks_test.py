"""Goal: the container is locked: a root that nobody writes, no capability, no new privileges, our
seccomp profile, a user that is not root, memory and CPU as asked.
Method: what the kernel says of the sidecar's process, and commands inside of its container.
"""
import unittest

from container import MEMORY, PERIOD, QUOTA, USER
from deployment import PATIENCE, Deployment
from stage.app import Answer
from stage.metrics import scrape
from stage.sidecar import eventually
from stage.topology import GATEWAY, PAYMENT, ROOT

SECCOMP_FILTER = "2"  # proc(5)


class Locks(Deployment):
    @staticmethod
    def reply(request):
        return Answer()

    @property
    def payment(self):
        return self.containers[PAYMENT]

    def test_it_is_user_65532_with_no_capability_and_no_way_to_get_one(self):
        status = self.payment.status()
        self.assertEqual(status["Uid"].split(), [str(USER)] * 4)
        self.assertEqual(status["Gid"].split(), [str(USER)] * 4)
        for kind in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
            self.assertEqual(int(status[kind], 16), 0, kind)
        self.assertEqual(status["NoNewPrivs"], "1")
        self.assertEqual(status["Seccomp"], SECCOMP_FILTER)

    def test_the_root_is_read_only(self):
        done = self.payment.execute("/beta-sidecar", "onion", "new", "/tmp/key.pem")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("Read-only file system", done.stdout + done.stderr)

    def test_there_is_no_shell_and_no_package_manager(self):
        programs = [file for file in self.root.rglob("*") if is_program(file)]
        self.assertEqual([file.name for file in programs], ["beta-sidecar"])
        self.assertNotEqual(self.payment.execute("/bin/sh", "-c", "true").returncode, 0)

    def test_the_health_check_of_the_image_works_inside(self):
        eventually(lambda: self.is_ready(self.payment), "a health check that is well", PATIENCE)

    def test_memory_and_cpu_are_those_that_were_asked_for(self):
        for asked, names in (
            (str(MEMORY), ("memory/memory.limit_in_bytes", "memory.max")),
            (str(QUOTA), ("cpu/cpu.cfs_quota_us", "cpu.max")),
        ):
            with self.subTest(names=names):
                found = self.payment.limit(*names)
                if found is None:
                    self.skipTest(f"this machine has no controller for {names[0]}")
                self.assertEqual(found[0], asked)

    def test_the_sidecar_tells_its_limit_of_memory(self):
        if self.payment.limit("memory/memory.limit_in_bytes", "memory.max") is None:
            self.skipTest("this machine has no controller for memory")
        samples = self.payment.inside(lambda: scrape(9090))
        limits = [value for name, _, value in samples if name == "container_memory_limit_bytes"]
        self.assertEqual(limits, [MEMORY])

    def test_the_image_holds_licences_examples_and_what_scanners_read(self):
        for name in ("beta-sidecar", "libyaml-0-2", "libspdlog1.10", "libfmt9", "libboost1.81-dev"):
            self.assertTrue((self.root / "usr/share/doc" / name / "copyright").exists(), name)
        examples = self.root / "usr/share/doc/beta-sidecar/examples"
        for name in ("config/sidecar.yaml", "config/services.yaml", "acl/wallet.yaml"):
            self.assertEqual((examples / name).read_bytes(), (ROOT / name).read_bytes())
        records = {file.name for file in (self.root / "var/lib/dpkg/status.d").iterdir()}
        self.assertLess({"libc6", "libssl3", "libstdc++6", "libyaml-0-2"}, records)

    def test_the_image_says_what_it_is_and_how_to_run_it(self):
        config = self.image.config
        self.assertEqual(config["User"], f"{USER}:{USER}")
        self.assertEqual(config["StopSignal"], "SIGTERM")
        self.assertEqual(self.image.health, ["/beta-sidecar", "healthcheck"])
        labels = config["Labels"]
        for name in ("title", "description", "licenses", "version", "revision", "created"):
            self.assertTrue(labels[f"org.opencontainers.image.{name}"], name)

    def test_it_is_under_40_mib(self):
        size = sum(file.stat().st_size for file in self.root.rglob("*") if is_plain(file))
        print(f"the image: {size / 2**20:.1f} MiB", flush=True)
        self.assertLess(size, 40 << 20)


def is_plain(file):
    return file.is_file() and not file.is_symlink()


def is_program(file):
    """Executable, and no library (nor the loader, which is one)."""
    return (
        is_plain(file)
        and file.stat().st_mode & 0o111
        and ".so" not in file.name
        and "doc" not in file.parts
    )


if __name__ == "__main__":
    unittest.main(verbosity=2)
