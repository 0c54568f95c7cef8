"""A registry of the test's own on 127.0.0.1, by Debian's docker-registry: who pushes logs in."""

import crypt
import pathlib
import re
import subprocess
import threading

USER, PASSWORD = "pusher", "a password: with, all \"sorts\" of $signs"
LONG = 120  # seconds; only a failing test waits for so long

_CONFIG = """version: 0.1
log: {{ level: info, formatter: json }}
storage:
  filesystem: {{ rootdirectory: "{folder}/data" }}
  delete: {{ enabled: true }}
http: {{ addr: "127.0.0.1:0", secret: "of this test" }}
auth: {{ htpasswd: {{ realm: test, path: "{folder}/htpasswd" }} }}
"""


class Registry:
    """A context; `host` is where it listens."""

    def __init__(self, folder: pathlib.Path):
        hashed = crypt.crypt(PASSWORD, crypt.mksalt(crypt.METHOD_BLOWFISH, rounds=1 << 5))
        (folder / "htpasswd").write_text(f"{USER}:{hashed}\n", encoding="utf-8")
        (folder / "config.yml").write_text(_CONFIG.format(folder=folder), encoding="utf-8")
        self.process = subprocess.Popen(
            ["docker-registry", "serve", folder / "config.yml"], text=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.text = ""
        self.host = None
        self._listening = threading.Event()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        if not self._listening.wait(LONG) or not self.host:
            self.stop()
            raise AssertionError(f"docker-registry does not listen: {self.text}")

    def _read(self):
        for line in self.process.stderr:
            self.text += line
            if found := re.search(r"listening on (127\.0\.0\.1:\d+)", line):
                self.host = found[1]
                self._listening.set()
        self._listening.set()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self._reader.join()
        self.process.stderr.close()
