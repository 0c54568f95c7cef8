"""Goal: what is signed is proved, offline, and whatever is not as signed is refused.
Method: cosign itself, with a registry of the test's own, where cosign is installed (Debian 12 does
not have it); everywhere the commands that it would be given, and all that is refused before them.
"""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import images
import registry

HOME = pathlib.Path(__file__).resolve().parents[2] / "deploy/supply-chain"
IMAGE = f"registry.example/beta/beta-sidecar@sha256:{'a' * 64}"
KEY_PASSWORD = "of the key"


class Signature(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="beta-sign.")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.settings = {"BETA_COSIGN_PASSWORD_FILE": str(self.write("password", KEY_PASSWORD)),
                         "HOME": str(self.folder)}

    def write(self, name, text, mode=0o600):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        return path

    def signature(self, *words, **changes):
        settings = {**os.environ, **self.settings, **changes}
        done = subprocess.run([HOME / "signature", *map(str, words)], capture_output=True,
                              text=True, check=False,
                              env={k: v for k, v in settings.items() if v is not None})
        for text in (done.stdout, done.stderr):
            self.assertNotIn(KEY_PASSWORD, text)
            self.assertNotIn(registry.PASSWORD, text)
        return done


class Commands(Signature):
    def setUp(self):
        super().setUp()
        self.key = self.write("cosign.key", "-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n")
        self.public = self.write("cosign.pub", "-----BEGIN PUBLIC KEY-----\n")
        self.bill = self.write("image.spdx.json", "{}")

    def shown(self, *words):
        done = self.signature(*words, "--dry-run")
        self.assertEqual(done.returncode, 0, done.stderr)
        return [line.split() for line in done.stdout.splitlines()]

    def test_nothing_is_asked_of_or_told_to_anybody_else(self):
        key = str(self.key)
        self.assertEqual(self.shown("sign", IMAGE, "--key", key), [
            ["cosign", "sign", "--key", key, "--tlog-upload=false", "--yes", IMAGE]])
        self.assertEqual(
            self.shown("attest", IMAGE, "--key", key, "--sbom", self.bill),
            [["cosign", "attest", "--key", key, "--tlog-upload=false", "--yes", "--type",
              "spdxjson", "--predicate", str(self.bill), IMAGE]])
        offline = ["--key", str(self.public), "--insecure-ignore-tlog=true"]
        self.assertEqual(
            self.shown("verify", IMAGE, "--key", self.public, "--sbom", self.bill),
            [["cosign", "verify", *offline, IMAGE],
             ["cosign", "verify-attestation", *offline, "--type", "spdxjson", IMAGE]])

    def test_plain_http_is_for_this_machine_alone(self):
        local = IMAGE.replace("registry.example", "127.0.0.1:5000")
        self.assertIn("--allow-http-registry", self.shown("sign", local, "--key", self.key)[0])
        for host in ("127.0.0.1.example", "localhost.example"):
            image = IMAGE.replace("registry.example", host)
            self.assertNotIn("--allow-http-registry",
                             self.shown("sign", image, "--key", self.key)[0])

    def test_what_is_missing_is_said(self):
        done = self.signature("verify", IMAGE, "--key", self.public, PATH="/usr/bin-without:/bin")
        if shutil.which("cosign", path="/bin"):
            self.skipTest("cosign is in /bin")
        self.assertEqual(done.returncode, 69)
        self.assertIn("cosign is missing", done.stderr)

    def test_what_should_not_be_signed_so_is_refused(self):
        opened = self.write("opened.key", self.key.read_text(encoding="utf-8"), 0o640)
        plain = self.write("plain.key", "-----BEGIN PRIVATE KEY-----\n")
        key = ("--key", self.key)
        for code, why, words, changes in (
            (64, "by its digest", ("sign", "registry.example/beta/beta-sidecar:0.1.0", *key), {}),
            (64, "by its digest", ("sign", f"{IMAGE}b", *key), {}),
            (64, "by its digest", ("verify", f"--x/{IMAGE}", *key), {}),
            (64, "no such file", ("sign", IMAGE), {}),
            (64, "no such file", ("sign", IMAGE, "--key", self.folder / "absent"), {}),
            (64, "needs --sbom", ("attest", IMAGE, *key), {}),
            (64, "that is attest", ("sign", IMAGE, *key, "--sbom", self.bill), {}),
            (64, "a name ends in", ("attest", IMAGE, *key, "--sbom", self.key), {}),
            (64, "unknown option", ("sign", IMAGE, *key, "--recursive"), {}),
            (64, "needs a file", ("sign", IMAGE, "--key"), {}),
            (64, "signature sign IMAGE", ("publish", IMAGE), {}),
            (64, "what?", ("sign",), {}),
            (65, "group or world", ("sign", IMAGE, "--key", opened), {}),
            (65, "not an encrypted key", ("sign", IMAGE, "--key", plain), {}),
            (64, "is not set", ("sign", IMAGE, *key), {"BETA_COSIGN_PASSWORD_FILE": None}),
            (65, "belong together", ("sign", IMAGE, *key), {"BETA_REGISTRY_USER": "a"}),
        ):
            with self.subTest(why, words=words):
                done = self.signature(*words, **{"BETA_REGISTRY": "registry.example/b", **changes})
                self.assertEqual((done.returncode, done.stdout), (code, ""), done.stderr)
                self.assertIn(why, done.stderr)


@unittest.skipUnless(shutil.which("cosign"), "cosign is not installed: Debian 12 does not have it")
class Real(Signature):
    def setUp(self):
        super().setUp()
        server = registry.Registry(self.folder)
        self.addCleanup(server.stop)
        self.settings |= {
            "BETA_REGISTRY": f"{server.host}/beta",
            "BETA_REGISTRY_USER": registry.USER,
            "BETA_REGISTRY_PASSWORD_FILE": str(self.write("login", registry.PASSWORD)),
        }
        self.image = self.pushed("image", images.DISTROLESS)
        for name in ("ours", "theirs"):
            subprocess.run(
                ["cosign", "generate-key-pair", "--output-key-prefix", self.folder / name],
                check=True, capture_output=True, cwd=self.folder,
                env={**os.environ, "COSIGN_PASSWORD": KEY_PASSWORD, "HOME": str(self.folder)})
        self.private, self.public = self.folder / "ours.key", self.folder / "ours.pub"

    def pushed(self, name, files):
        layout = images.Layout(self.folder / name, images.layer(files))
        archive = layout.archive(self.folder / f"{name}.tar")
        done = subprocess.run([HOME / "push", archive, name, "0.1.0"], capture_output=True,
                              text=True, check=True, env={**os.environ, **self.settings})
        return done.stdout.strip()

    def good(self, *words):
        done = self.signature(*words)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def bad(self, *words):
        done = self.signature(*words)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)

    def test_a_signed_image_is_proved_by_our_key_and_no_other(self):
        self.bad("verify", self.image, "--key", self.public)  # not signed yet
        self.good("sign", self.image, "--key", self.private)
        said = self.good("verify", self.image, "--key", self.public)
        self.assertIn(f"{self.image} is signed", said)
        self.bad("verify", self.image, "--key", self.folder / "theirs.pub")
        other = self.pushed("other", images.DISTROLESS | {"beta-sidecar": "changed"})
        self.bad("verify", other, "--key", self.public)

    def test_an_attested_bill_is_that_bill_and_no_other(self):
        self.good("sign", self.image, "--key", self.private)
        for ending in ("spdx", "cdx"):
            bill = self.write(f"bill.{ending}.json", json.dumps({"name": "this", "n": [1]}))
            other = self.write(f"other.{ending}.json", json.dumps({"name": "other"}))
            self.bad("verify", self.image, "--key", self.public, "--sbom", bill)
            self.good("attest", self.image, "--key", self.private, "--sbom", bill)
            self.good("verify", self.image, "--key", self.public, "--sbom", bill)
            self.bad("verify", self.image, "--key", self.public, "--sbom", other)


if __name__ == "__main__":
    unittest.main()
