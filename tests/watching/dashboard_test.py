"""Goal: every query of the Grafana dashboard is one that Prometheus understands, and shows
something where the sidecars export what it asks for.
Method: a real Prometheus watches two sidecars; Grafana's variables are filled in.
"""

import json
import unittest

import documents
from prometheus import DEPLOY, PATIENCE
from scene import Scene
from stage.sidecar import eventually

DASHBOARD = DEPLOY / "grafana/beta-sidecar.json"
# What this scene cannot show: nothing is limited, no stream fails, no collector takes spans, and
# not every machine has a cgroup with a limit.
PERHAPS_ABSENT = ("beta_sidecar_rate_limited_total", "beta_sidecar_retries_total", "container_",
                  "beta_sidecar_trace_spans_total", "instance:beta_sidecar_saturation:ratio",
                  "instance:beta_sidecar_throttled_periods:ratio_rate5m")
VARIABLES = {"$__rate_interval": "1m", "$service": ".*"}


def panels(board):
    return [panel for panel in board["panels"] if panel["type"] != "row"]


def queries(board):
    """(title of the panel, query with its variables filled in)"""
    for panel in panels(board):
        for target in panel["targets"]:
            query = target["expr"]
            for name, value in VARIABLES.items():
                query = query.replace(name, value)
            yield panel["title"], query


class Dashboard(Scene):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.board = json.loads(DASHBOARD.read_text(encoding="utf-8"))

    def test_every_query_shows_something_where_there_is_something(self):
        self.start_prometheus()
        missing = list(queries(self.board))

        def nothing_is_missing():
            self.live()
            for title, query in list(missing):
                self.assertNotIn("$", query, title)
                if self.prometheus.query(query) or self.may_be_empty(query):
                    missing.remove((title, query))
            return not missing

        try:
            eventually(nothing_is_missing, "every panel to show something", PATIENCE)
        except AssertionError as late:
            raise AssertionError(f"{late}: {missing}") from late

    def may_be_empty(self, query):
        """Of nothing that is exported here, and that is no mistake; or alerts, of which there are
        none.
        """
        names = {name for name, _ in documents.selectors(query)}
        if not names:
            return query.count("ALERTS") == 1
        return any(name.startswith(PERHAPS_ABSENT) and not self.prometheus.query(name)
                   for name in names)

    def test_panels_are_told_apart_and_do_not_overlap(self):
        everything = self.board["panels"]
        self.assertEqual(len({panel["id"] for panel in everything}), len(everything))
        taken = set()
        for panel in everything:
            place = panel["gridPos"]
            cells = {(x, y) for x in range(place["x"], place["x"] + place["w"])
                     for y in range(place["y"], place["y"] + place["h"])}
            self.assertLessEqual(place["x"] + place["w"], 24, panel["title"])
            self.assertEqual(taken & cells, set(), panel["title"])
            taken |= cells

    def test_every_panel_asks_the_chosen_prometheus(self):
        for panel in panels(self.board):
            for asked in (panel, *panel["targets"]):
                self.assertEqual(asked["datasource"]["uid"], "${datasource}", panel["title"])
                self.assertEqual(asked["datasource"]["type"], "prometheus", panel["title"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
