"""Goal: a real Prometheus reads what the running sidecars export, answers queries about it, and
evaluates the shipped rules on it; nothing that callers make up adds a series.
Method: the shipped prometheus.yaml, but for who is watched and how often.
"""

import re
import unittest

import documents
import ground
from prometheus import PATIENCE, promtool
from scene import Scene
from stage.sidecar import eventually
from stage.topology import GATEWAY, PAYMENT
from stage.wire import Client, request

MANY = 5_000  # of each: hosts, paths, methods
AT_ONCE = 50  # below limits.pipelined_requests


class Scrape(Scene):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.start_prometheus()

    def await_value(self, query, wanted):
        eventually(lambda: self.prometheus.value(query) == wanted, f"{query} == {wanted}", PATIENCE)

    def test_promtool_has_nothing_to_say_about_what_running_sidecars_export(self):
        self.live()
        for sidecar in self.sidecars.values():
            done = promtool("check", "metrics", text=self.text(sidecar))
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def test_running_sidecars_export_what_is_documented(self):
        self.live()
        known = documents.metrics()
        for sidecar in self.sidecars.values():
            for name, kind in re.findall(r"^# TYPE (\S+) (\S+)$", self.text(sidecar), re.MULTILINE):
                self.assertIn(name, known)
                self.assertEqual(known[name].kind, kind, name)
            for name, labels, _ in self.samples(sidecar):
                self.assertEqual(known[documents.family(name)].labels, labels.keys() - {"le"}, name)

    def test_prometheus_answers_how_many_calls_both_ends_saw(self):
        calls = 'beta_sidecar_requests_total{service="%s", direction="%s", code="200"}'
        seen = self.prometheus.value(calls % (GATEWAY.name, "egress"))
        for _ in range(3):
            self.assertEqual(self.call(), 200)
        exact = self.samples(self.gateway)
        total = sum(value for name, labels, value in exact
                    if name == "beta_sidecar_requests_total" and labels["code"] == "200")
        self.assertGreaterEqual(total, seen + 3)
        self.await_value(calls % (GATEWAY.name, "egress"), total)
        self.await_value(calls % (PAYMENT.name, "ingress"), total)

    def test_every_shipped_rule_is_evaluated_without_an_error(self):
        def all_evaluated():
            rules = self.prometheus.rules()
            self.assertEqual([rule for rule in rules if rule["health"] == "err"], [])
            return rules and all(rule["health"] == "ok" for rule in rules)

        eventually(all_evaluated, "every rule to be evaluated", PATIENCE)

    def test_a_refused_reload_is_seen_and_its_mending_too(self):
        policy = self.payment.home / "acl.yaml"
        good = policy.read_text(encoding="utf-8")

        def state():
            return next(rule["state"] for rule in self.prometheus.rules()
                        if rule["name"] == "BetaSidecarReloadFailed")

        for text, states in ((f"{good}nonsense: true\n", ("pending", "firing")),
                             (good, ("inactive",))):
            fresh = policy.with_suffix(".new")
            fresh.write_text(text, encoding="utf-8")
            fresh.replace(policy)
            eventually(lambda: state() in states, f"the alert to be {states}", PATIENCE)

    def test_any_number_of_hosts_paths_and_methods_adds_no_series(self):
        def shape():
            return {(name, *sorted(labels.items()))
                    for name, labels, _ in self.samples(self.gateway)}

        self.live()
        self.throw(0)
        eventually(lambda: "beta_sidecar_circuits" in {series[0] for series in shape()},
                   "circuits to be shown, which takes until the next tick", PATIENCE)
        before = shape()
        for number in range(0, MANY, AT_ONCE):
            self.throw(number)
        self.assertEqual(shape() - before, set())

    def throw(self, first):
        """Calls of hosts, paths and methods that nobody has ever heard of."""
        numbers = range(first, first + AT_ONCE)
        for batch in ([request("GET", "/", f"nobody-{number}") for number in numbers],
                      [request("GET", f"/closed/{number}") for number in numbers],
                      [request(f"BREW{number}", ground.CLOSED) for number in numbers]):
            with Client(self.gateway.ports["egress"], timeout=PATIENCE) as client:
                client.send(b"".join(batch))
                for _ in batch:
                    self.assertEqual(client.answer().status, 403)


if __name__ == "__main__":
    unittest.main(verbosity=2)
