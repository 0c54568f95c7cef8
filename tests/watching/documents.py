"""Documents: what docs/metrics.md says of each metric, and which metrics a query names."""

import dataclasses
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
OF_THE_TARGET = {"job", "instance", "service"}  # labels that Prometheus adds

_ROW = re.compile(r"^\| `(\w+)` \| (\w+) \| ([^|]*)\|", re.MULTILINE)
_NAME = r"up|(?:beta_sidecar|process|container)_\w+|instance:\w+:\w+"
_SELECTOR = re.compile(rf"(?<![\w:])({_NAME})(?![\w:(])(?:\{{([^}}]*)\}})?")


@dataclasses.dataclass(frozen=True)
class Metric:
    kind: str
    labels: frozenset


def metrics() -> dict[str, Metric]:
    """Name -> metric, of the tables of docs/metrics.md, which render_test.cpp holds to be true."""
    text = (ROOT / "docs/metrics.md").read_text(encoding="utf-8")
    found = {name: Metric(kind, frozenset(re.findall(r"`(\w+)`", labels)))
             for name, kind, labels in _ROW.findall(text)}
    assert len(found) > 20, "docs/metrics.md has other tables now"
    return found


def selectors(query: str) -> list[tuple[str, set]]:
    """(name, labels that it asks for) of each series that a query names."""
    return [(name, set(re.findall(r"(\w+) *(?:=|!=|=~|!~) *\"", matchers)))
            for name, matchers in _SELECTOR.findall(query)]


def family(series: str) -> str:
    """The metric of a series: those of a histogram have suffixes."""
    return re.sub(r"_(bucket|sum|count)$", "", series)


def anchors(document: str) -> set:
    """Where a link into this document may point: its headings, as GitHub and GitLab name them."""
    headings = re.findall(r"^#+ (.*)$", (ROOT / document).read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
