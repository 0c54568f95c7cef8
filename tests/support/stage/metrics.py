"""Metrics: the Prometheus text of an admin port, as samples."""
import re
import urllib.request

SAMPLE = re.compile(r"(?P<name>[a-zA-Z_:][\w:]*)(\{(?P<labels>.*)\})? (?P<value>\S+)")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def scrape(port):
    """[(name, labels, value)]"""
    with DIRECT.open(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    samples = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            parts = SAMPLE.fullmatch(line)
            samples.append(
                (parts["name"], dict(LABEL.findall(parts["labels"] or "")), float(parts["value"]))
            )
    return samples


def total(samples, name, **labels):
    """The sum of the samples of that name that have these labels."""
    return sum(
        value for sample, has, value in samples if sample == name and labels.items() <= has.items()
    )
