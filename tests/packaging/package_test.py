"""Goal: the Debian package installs, upgrades, is removed and purged as Debian's tools expect.
Method: cpack makes it of what was built; dpkg takes it into an empty root of the test's own.
"""
import functools
import gzip
import os
import pathlib
import pwd
import shutil
import stat
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ["BETA_BUILD"])
UNIT = "lib/systemd/system/beta-sidecar.service"
POLICY = "etc/beta-sidecar/acl/wallet.yaml"
WANTED = "etc/systemd/system/multi-user.target.wants/beta-sidecar.service"


# The sidecar refuses variables of ours that it does not know.
ENVIRONMENT = {key: value for key, value in os.environ.items() if not key.startswith("BETA_")}


def run(*words, check=True, **more):
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True,
                          **{"env": ENVIRONMENT, **more})
    if check and done.returncode != 0:
        raise AssertionError(f"{words} gave {done.returncode}:\n{done.stdout}{done.stderr}")
    return done


def field(package, name):
    return run("dpkg-deb", "--field", package, name).stdout.strip()


def repacked(package, folder, version, change):
    """The same package as another version, its files changed by `change`."""
    tree = folder / version
    run("dpkg-deb", "--raw-extract", package, tree)
    control = tree / "DEBIAN/control"
    text = control.read_text(encoding="utf-8")
    control.write_text(text.replace(f"Version: {field(package, 'Version')}", f"Version: {version}"))
    change(tree)
    result = folder / f"{version}.deb"
    run("dpkg-deb", "--build", "--root-owner-group", "-Znone", tree, result)
    return result


@functools.cache  # cpack packs a large binary: once is enough
def packages():
    """The package, and the same as a later version with a changed policy."""
    outer = tempfile.TemporaryDirectory(prefix="beta-package.")
    unittest.addModuleCleanup(outer.cleanup)
    folder = pathlib.Path(outer.name)
    run("cpack", "--config", BUILD / "CPackConfig.cmake", "-G", "DEB", "-B", folder,
        env=ENVIRONMENT | {"SOURCE_DATE_EPOCH": "1700000000"})
    (made,) = folder.glob("*.deb")

    def changed(tree):
        with open(tree / POLICY, "a", encoding="utf-8") as policy:
            policy.write("# of the next version\n")

    return made, repacked(made, folder, "9.9.9-1", changed)


class Package(unittest.TestCase):
    def setUp(self):
        self.package, self.next = packages()
        folder = tempfile.TemporaryDirectory(prefix="beta-root.")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)


class Contents(Package):
    def listed(self):
        lines = run("dpkg-deb", "--contents", self.package).stdout.splitlines()
        return {words[5].removeprefix("."): words for words in map(str.split, lines)}

    def test_every_file_is_roots_and_only_root_writes_it(self):
        for path, words in self.listed().items():
            self.assertEqual(words[1], "root/root", path)
            self.assertNotIn("w", words[0][4:], path)

    def test_binary_unit_user_examples_schemas_and_documents_are_there(self):
        listed = self.listed()
        documents = {f"/usr/share/doc/beta-sidecar/{name.name}" for name in
                     (SOURCE / "docs").glob("*.md")}
        schemas = {f"/usr/share/beta-sidecar/schemas/{name.name}" for name in
                   (SOURCE / "schemas").glob("*.json")}
        for path in documents | schemas | {
            "/usr/bin/beta-sidecar",
            f"/{UNIT}",
            "/usr/lib/sysusers.d/beta-sidecar.conf",
            f"/{POLICY}",
            "/etc/beta-sidecar/sidecar.yaml.example",
            "/etc/beta-sidecar/services.yaml.example",
            "/usr/share/man/man8/beta-sidecar.8.gz",
            "/usr/share/doc/beta-sidecar/copyright",
            "/usr/share/doc/beta-sidecar/changelog.gz",
            "/usr/share/doc/beta-sidecar/changelog.Debian.gz",
        }:
            self.assertIn(path, listed)
        self.assertNotIn("/etc/beta-sidecar/sidecar.yaml", listed)  # nothing starts by itself

    def test_every_file_of_etc_is_a_conffile(self):
        conffiles = run("dpkg-deb", "--info", self.package, "conffiles").stdout.split()
        of_etc = [path for path, words in self.listed().items()
                  if path.startswith("/etc/") and not words[0].startswith("d")]
        self.assertEqual(sorted(conffiles), sorted(of_etc))

    def test_it_depends_on_every_library_that_the_binary_names(self):
        depends = field(self.package, "Depends")
        for library in ("libc6 (>= ", "libssl3 (>= ", "libstdc++6 (>= ", "libyaml-0-2", "libfmt9",
                        "libspdlog1.10"):
            self.assertIn(library, depends)

    def test_the_version_is_that_of_both_changelogs(self):
        version = field(self.package, "Version")
        changelog = (SOURCE / "deploy/debian/changelog").read_text(encoding="utf-8")
        self.assertTrue(changelog.startswith(f"beta-sidecar ({version}) "), version)
        tree = self.folder / "texts"
        run("dpkg-deb", "--extract", self.package, tree)
        packed = (tree / "usr/share/doc/beta-sidecar/changelog.gz").read_bytes()
        self.assertEqual(gzip.decompress(packed), (SOURCE / "CHANGELOG.md").read_bytes())
        self.assertIn(f"## {version.partition('-')[0]} ", gzip.decompress(packed).decode())

    def test_lintian_finds_nothing_to_mend(self):
        done = run("lintian", "--allow-root", "--no-cfg", "--fail-on", "error,warning",
                   self.package, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)


class Life(Package):
    def setUp(self):
        super().setUp()
        self.root = self.folder / "root"
        for folder in ("info", "updates", "triggers"):
            (self.root / "var/lib/dpkg" / folder).mkdir(parents=True)
        (self.root / "var/lib/dpkg/status").touch()

    def dpkg(self, *words):
        """In the root of the test: what it depends on is this machine's."""
        return run("dpkg", f"--root={self.root}", f"--log={self.root}/log",
                   "--force-script-chrootless,depends,confold", *words)

    def status(self):
        done = run("dpkg-query", f"--admindir={self.root}/var/lib/dpkg", "--show",
                   "--showformat=${db:Status-Status} ${Version}", "beta-sidecar", check=False)
        return done.stdout if done.returncode == 0 else "none"

    def left(self):
        """Files of ours; not dpkg's own, nor what makes a user."""
        return {path.relative_to(self.root).as_posix() for path in self.root.rglob("*beta*")
                if not path.is_relative_to(self.root / "var/lib/dpkg")}

    def test_it_installs_and_makes_the_user_of_the_unit(self):
        self.dpkg("--install", self.package)
        self.assertEqual(self.status(), f"installed {field(self.package, 'Version')}")
        unit = (self.root / UNIT).read_text(encoding="utf-8").splitlines()
        self.assertIn("User=beta-sidecar", unit)
        users = (self.root / "etc/passwd").read_text(encoding="utf-8").splitlines()
        (ours,) = [line.split(":") for line in users if line.startswith("beta-sidecar:")]
        self.assertEqual(ours[5:], ["/var/lib/beta-sidecar", "/usr/sbin/nologin"])
        self.assertRaises(KeyError, pwd.getpwnam, "beta-sidecar")  # not on this machine
        self.assertFalse((self.root / WANTED).is_symlink())
        binary = self.root / "usr/bin/beta-sidecar"
        self.assertEqual(stat.S_IMODE(binary.stat().st_mode), 0o755)
        self.assertIn("beta-sidecar 0.1.0", run(binary, "version").stdout)

    def test_the_examples_are_a_configuration_where_they_lie(self):
        self.dpkg("--install", self.package)
        home = self.root / "etc/beta-sidecar"
        for name in ("sidecar.yaml", "services.yaml"):
            shutil.copy(home / f"{name}.example", home / name)
        authority = self.root / "pki"  # the package has no certificates
        run(SOURCE / "scripts/pki", "init", authority, "--trust-domain", "example.org", "ops",
            "chain", "wallet")
        run(SOURCE / "scripts/pki", "issue", authority, "ops", "api-gateway")
        shutil.copytree(authority / "ops/api-gateway", home / "tls")
        shutil.copytree(authority / "ca", home / "tls/ca")
        run(self.root / "usr/bin/beta-sidecar", "check", "-c", home / "sidecar.yaml")
        for line in (home / "sidecar.yaml").read_text(encoding="utf-8").splitlines()[:1]:
            schema = line.partition("$schema=")[2]
            self.assertTrue((self.root / schema.lstrip("/")).is_file(), schema)

    def test_an_upgrade_keeps_what_was_edited_and_takes_the_rest(self):
        self.dpkg("--install", self.package)
        policy = self.root / POLICY
        policy.write_text("edited", encoding="utf-8")
        self.dpkg("--install", self.next)
        self.assertEqual(self.status(), "installed 9.9.9-1")
        self.assertEqual(policy.read_text(encoding="utf-8"), "edited")
        self.assertIn("of the next version", (self.root / f"{POLICY}.dpkg-dist").read_text())

    def test_an_upgrade_brings_what_nobody_edited(self):
        self.dpkg("--install", self.package)
        self.dpkg("--install", self.next)
        self.assertIn("of the next version", (self.root / POLICY).read_text(encoding="utf-8"))

    def test_removal_keeps_configuration_alone_and_no_link_that_leads_nowhere(self):
        self.dpkg("--install", self.package)
        (self.root / WANTED).parent.mkdir(parents=True)
        (self.root / WANTED).symlink_to(f"/{UNIT}")
        self.dpkg("--remove", "beta-sidecar")
        self.assertTrue(self.status().startswith("config-files"), self.status())
        self.assertTrue((self.root / POLICY).is_file())
        for path in ("usr/bin/beta-sidecar", UNIT, WANTED):
            self.assertFalse(os.path.lexists(self.root / path), path)

    def test_purge_leaves_nothing_of_the_package(self):
        self.dpkg("--install", self.package)
        (self.root / "var/lib/beta-sidecar").mkdir()
        self.dpkg("--purge", "beta-sidecar")
        self.assertEqual(self.status(), "none")
        self.assertEqual(self.left(), set())

    def test_purge_leaves_keys_and_the_audit_log_and_says_so(self):
        self.dpkg("--install", self.package)
        for name in ("var/lib/beta-sidecar/keys.pem", "var/log/beta-sidecar/audit.log"):
            (self.root / name).parent.mkdir(parents=True)
            (self.root / name).touch()
        said = self.dpkg("--purge", "beta-sidecar").stderr
        for name in ("var/lib/beta-sidecar/keys.pem", "var/log/beta-sidecar/audit.log"):
            self.assertTrue((self.root / name).is_file())
            self.assertIn(f"/{name.rpartition('/')[0]} is not empty and stays", said)


if __name__ == "__main__":
    unittest.main()
