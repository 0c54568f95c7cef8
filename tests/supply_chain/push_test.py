"""Goal: an image comes to the registry as it is, and the password to nobody else.
Method: skopeo and a docker-registry that asks for a password; wrong settings one at a time.
"""
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import images
import registry

PUSH = pathlib.Path(__file__).resolve().parents[2] / "deploy/supply-chain/push"


class Push(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="beta-push.")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.layout = images.Layout(self.folder / "layout", images.layer(images.DISTROLESS))
        self.image = self.layout.archive(self.folder / "image.tar")
        self.password = self.folder / "password"
        self.password.write_text(registry.PASSWORD, encoding="utf-8")
        self.password.chmod(0o600)
        self.settings = {
            "BETA_REGISTRY": "registry.example:5000/beta",
            "BETA_REGISTRY_USER": registry.USER,
            "BETA_REGISTRY_PASSWORD_FILE": str(self.password),
        }

    def push(self, *words, **changes):
        settings = {**os.environ, **self.settings, **changes}
        words = words or (self.image, "beta-sidecar", "0.1.0")
        done = subprocess.run([PUSH, *map(str, words)], capture_output=True, text=True,
                              check=False, env={k: v for k, v in settings.items() if v is not None})
        for text in (done.stdout, done.stderr):
            self.assertNotIn(registry.PASSWORD, text)
        return done


class Real(Push):
    def test_the_image_is_there_by_the_digest_that_was_said(self):
        with registry.Registry(self.folder) as server:
            self.settings["BETA_REGISTRY"] = f"{server.host}/beta"
            done = self.push()
            self.assertEqual(done.returncode, 0, done.stderr)
            said = f"{server.host}/beta/beta-sidecar@{self.layout.digest}"
            self.assertEqual(done.stdout, f"{said}\n")
            login = f"{registry.USER}:{registry.PASSWORD}"
            there = subprocess.run(
                ["skopeo", "inspect", "--raw", "--tls-verify=false", "--creds", login,
                 f"docker://{said}"], capture_output=True, check=True).stdout
            self.assertEqual(json.loads(there)["layers"][0]["digest"],
                             json.loads(self.manifest())["layers"][0]["digest"])

    def manifest(self):
        return (self.layout.folder / "blobs/sha256" / self.layout.digest[7:]).read_bytes()

    def test_a_wrong_password_pushes_nothing(self):
        with registry.Registry(self.folder) as server:
            self.password.write_text("another", encoding="utf-8")
            done = self.push(BETA_REGISTRY=f"{server.host}/beta")
            self.assertNotEqual(done.returncode, 0)
            self.assertEqual(done.stdout, "")
        self.assertFalse(list(self.folder.rglob("data/**/_manifests")))


class Settings(Push):
    def test_a_dry_run_says_where_to_and_who_and_sends_nothing(self):
        done = self.push(self.image, "beta-sidecar", "0.1.0", "--dry-run")
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        self.assertIn("to registry.example:5000/beta/beta-sidecar:0.1.0 as pusher", done.stderr)
        self.assertIn("nothing was sent", done.stderr)

    def test_the_password_is_in_no_argument_and_on_no_disk_afterwards(self):
        tools = self.folder / "tools"
        tools.mkdir()
        (tools / "skopeo").write_text(
            '#!/bin/sh\nprintf "%s\\n" "$@" > "$SEEN"\nwhile [ "$1" != --authfile ]; do shift; '
            'done\ncat "$2" >> "$SEEN"; stat -c "%a %n" "$2" >> "$SEEN"\nexit 3\n',
            encoding="utf-8")
        (tools / "skopeo").chmod(0o755)
        seen = self.folder / "seen"
        done = self.push(PATH=f"{tools}:{os.environ['PATH']}", SEEN=str(seen))
        self.assertEqual(done.returncode, 3)
        text = seen.read_text(encoding="utf-8")
        self.assertNotIn(registry.PASSWORD, text)
        self.assertIn("--dest-tls-verify=true\n", text)
        mode, login = re.search(r"^(\d+) (.*/config.json)$", text, re.MULTILINE).groups()
        self.assertEqual(mode, "600")
        self.assertFalse(os.path.exists(login))
        self.assertIn('{"auths":{"registry.example:5000":{"auth":"', text)

    def test_settings_that_are_wrong_are_refused_with_the_reason(self):
        opened, empty, long = (self.folder / name for name in ("opened", "empty", "long"))
        for path, text in ((opened, "x"), (empty, ""), (long, "x" * 4097)):
            path.write_text(text, encoding="utf-8")
            path.chmod(0o640 if path == opened else 0o600)
        for code, why, changes in (
            (64, "BETA_REGISTRY is not set", {"BETA_REGISTRY": None}),
            (65, "BETA_REGISTRY is not", {"BETA_REGISTRY": "https://registry.example/beta"}),
            (65, "BETA_REGISTRY is not", {"BETA_REGISTRY": "registry.example"}),
            (65, "BETA_REGISTRY is not", {"BETA_REGISTRY": "registry.example/Beta"}),
            (65, "BETA_REGISTRY is not", {"BETA_REGISTRY": "registry.example/a/../b"}),
            (65, "BETA_REGISTRY is not", {"BETA_REGISTRY": "registry.example/a b"}),
            (65, "belong together", {"BETA_REGISTRY_USER": None}),
            (65, "belong together", {"BETA_REGISTRY_PASSWORD_FILE": None}),
            (65, "no name of a user", {"BETA_REGISTRY_USER": 'a":"b'}),
            (65, "no name of a user", {"BETA_REGISTRY_USER": "a:b"}),
            (65, "no such file", {"BETA_REGISTRY_PASSWORD_FILE": "/nonexistent/password"}),
            (65, "group or world", {"BETA_REGISTRY_PASSWORD_FILE": str(opened)}),
            (65, "is empty", {"BETA_REGISTRY_PASSWORD_FILE": str(empty)}),
            (65, "too long", {"BETA_REGISTRY_PASSWORD_FILE": str(long)}),
            (65, "put it into a file", {"BETA_REGISTRY_PASSWORD": registry.PASSWORD}),
        ):
            with self.subTest(why, **changes):
                done = self.push(self.image, "beta-sidecar", "0.1.0", "--dry-run", **changes)
                self.assertEqual((done.returncode, done.stdout), (code, ""), done.stderr)
                self.assertIn(why, done.stderr)

    def test_arguments_that_are_wrong_are_refused_with_the_reason(self):
        for code, words in (
            (64, (self.image, "beta-sidecar")),
            (64, (self.image, "Beta", "0.1.0")),
            (64, (self.image, "../beta", "0.1.0")),
            (64, (self.image, "beta-sidecar", "latest")),
            (64, (self.image, "beta-sidecar", "-x")),
            (64, (self.image, "beta-sidecar", "a b")),
            (64, (self.image, "beta-sidecar", "0.1.0", "--force")),
            (65, (self.folder / "absent", "beta-sidecar", "0.1.0")),
        ):
            with self.subTest(words):
                done = self.push(*words)
                self.assertEqual((done.returncode, done.stdout), (code, ""), done.stderr)


if __name__ == "__main__":
    unittest.main()
