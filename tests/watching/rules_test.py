"""Goal: the shipped rules are sound: each alert is tested both ways and explained, and every query
names metrics and labels that are exported.
Method: promtool; docs/metrics.md, which other tests hold to be true, for names and labels.
"""

import json
import re
import unittest

import documents
from dashboard_test import DASHBOARD, queries
from prometheus import DEPLOY, promtool

FILES = DEPLOY / "prometheus"
RUNBOOK = "docs/operations.md"


def blocks(name, begin):
    """The parts of a YAML file of ours, each from a line with `begin` to the next."""
    text = (FILES / name).read_text(encoding="utf-8")
    return re.split(rf"(?m)^(?= *- {begin})", text)[1:]


def alerts():
    """Name -> its text."""
    return {block.split()[2]: block for block in blocks("alerts.yaml", "alert:")}


def expression(block):
    """What stands under `expr`, folded or not, without comments."""
    found = re.search(r"expr: (?:>-\n)?((?:.*\n)(?:          .*\n)*)", block)
    return " ".join(found[1].split())


class Rules(unittest.TestCase):
    def assert_content(self, done):
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_promtool_takes_the_configuration_and_the_rules(self):
        self.assert_content(promtool("check", "config", "prometheus.yaml"))
        self.assert_content(promtool("check", "rules", "--lint=all", "--lint-fatal",
                                     "rules.yaml", "alerts.yaml"))

    def test_the_tests_of_the_alerts_pass(self):
        self.assert_content(promtool("test", "rules", "alerts_test.yaml"))

    def test_each_alert_is_tested_to_fire_and_to_be_silent(self):
        found = {}
        for block in blocks("alerts_test.yaml", "alertname:"):
            found.setdefault(block.split()[2], set()).add("exp_alerts: []" in block)
        self.assertEqual(found, {name: {False, True} for name in alerts()})

    def test_each_alert_has_a_severity_and_a_section_that_says_what_to_do(self):
        sections = documents.anchors(RUNBOOK)
        for name, block in alerts().items():
            self.assertRegex(block, r"severity: (page|ticket) ", name)
            self.assertIn(f"runbook_url: {RUNBOOK}#{name.lower()}\n", block)
            self.assertIn(name.lower(), sections)

    def test_no_section_is_about_an_alert_that_is_gone(self):
        named = {anchor for anchor in documents.anchors(RUNBOOK) if anchor.startswith("beta")}
        self.assertEqual(named, {name.lower() for name in alerts()})

    def test_every_query_names_metrics_and_labels_that_are_exported(self):
        known = documents.metrics()
        recorded = {block.split()[2] for block in blocks("rules.yaml", "record:")}
        asked = [(block.split()[2], expression(block)) for block in
                 (*blocks("rules.yaml", "record:"), *alerts().values())]
        asked += queries(json.loads(DASHBOARD.read_text(encoding="utf-8")))
        self.assertGreater(len(asked), 50)
        for where, query in asked:
            for name, labels in documents.selectors(query):
                if name in recorded or name == "up":
                    continue
                self.assertIn(documents.family(name), known, where)
                self.assertLessEqual(labels - documents.OF_THE_TARGET,
                                     known[documents.family(name)].labels, f"{where}: {name}")

    def test_every_recorded_series_is_used(self):
        used = " ".join([*(expression(block) for block in alerts().values()),
                         DASHBOARD.read_text(encoding="utf-8")])
        for block in blocks("rules.yaml", "record:"):
            self.assertIn(block.split()[2], used)


if __name__ == "__main__":
    unittest.main(verbosity=2)
