"""Prometheus: a real one in a folder of its own, with the files of deploy/prometheus."""

import json
import os
import pathlib
import re
import subprocess
import urllib.error
import urllib.parse
import urllib.request

from stage.metrics import DIRECT
from stage.sidecar import eventually
from tornet import process

DEPLOY = pathlib.Path(__file__).resolve().parents[2] / "deploy"
PATIENCE = 120  # seconds; what takes so long on a busy machine has failed

_TARGET = re.compile(r'^ *- targets: \["127\.0\.0\.1:9090"\]\n.*$', re.MULTILINE)


class QueryFailed(Exception):
    """Prometheus does not understand a query; says its words."""


def configuration(targets: dict[str, int]) -> str:
    """The shipped one, but for who is watched (service -> port) and how often: each second."""
    text = (DEPLOY / "prometheus/prometheus.yaml").read_text(encoding="utf-8")
    ours = "\n".join(f'      - {{ targets: ["127.0.0.1:{port}"], labels: {{ service: {name} }} }}'
                     for name, port in targets.items())
    text, targets_found = _TARGET.subn(ours, text)
    text, times_found = re.subn(r"(_interval:) 15s", r"\1 1s", text)
    assert (targets_found, times_found) == (1, 2), "deploy/prometheus/prometheus.yaml has changed"
    return text.replace("rule_files: [", f"rule_files: [{DEPLOY}/prometheus/").replace(
        ", alerts.yaml", f", {DEPLOY}/prometheus/alerts.yaml")


class Prometheus:
    def __init__(self, folder: pathlib.Path, targets: dict[str, int]):
        folder.mkdir()
        (folder / "prometheus.yaml").write_text(configuration(targets), encoding="utf-8")
        self._log = folder / "log"
        with open(self._log, "wb") as log:
            self._child = subprocess.Popen(
                ["prometheus", f"--config.file={folder}/prometheus.yaml",
                 f"--storage.tsdb.path={folder}/data", "--web.listen-address=127.0.0.1:0"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder,
                preexec_fn=process.dies_with(os.getpid()))
        try:
            self.port = eventually(self._bound, "Prometheus to listen", PATIENCE)
            eventually(self._is_ready, "Prometheus to be ready", PATIENCE)
        except AssertionError:
            self.stop()
            raise

    def stop(self) -> None:
        process.end([self._child], PATIENCE)

    def query(self, expression: str) -> list[dict]:
        """The samples of now: [{"metric": {label: value}, "value": [time, text]}]."""
        data = self._ask("query?" + urllib.parse.urlencode({"query": expression}))
        assert data["resultType"] == "vector", data
        return data["result"]

    def value(self, expression: str) -> float:
        """The sum of its samples; 0 where there is none."""
        return sum(float(sample["value"][1]) for sample in self.query(expression))

    def rules(self) -> list[dict]:
        """Recording rules and alerts, with their health."""
        return [rule for group in self._ask("rules")["groups"] for rule in group["rules"]]

    def targets(self) -> list[dict]:
        return self._ask("targets?state=active")["activeTargets"]

    def _ask(self, what: str):
        try:
            with DIRECT.open(f"http://127.0.0.1:{self.port}/api/v1/{what}", timeout=60) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as refusal:
            raise QueryFailed(f"{what}: {refusal.read().decode()}") from refusal

    def _bound(self) -> int | None:
        words = self._log.read_text(encoding="utf-8")
        if self._child.poll() is not None:
            raise AssertionError(f"Prometheus ended: {words}")
        found = re.search(r'msg="Listening on" address=127\.0\.0\.1:(\d+)', words)
        return int(found[1]) if found else None

    def _is_ready(self) -> bool:
        try:
            with DIRECT.open(f"http://127.0.0.1:{self.port}/-/ready", timeout=10):
                return True
        except (urllib.error.URLError, TimeoutError):
            return False


def promtool(*arguments: str, text: str = "") -> subprocess.CompletedProcess:
    return subprocess.run(["promtool", *arguments], input=text, capture_output=True, text=True,
                          check=False, cwd=DEPLOY / "prometheus")
