"""Rounds to figures: medians, ratios of the same round, tables."""

import dataclasses
import statistics


@dataclasses.dataclass
class Sample:
    """One subject in one round."""

    subject: str
    requests: int
    cpu_us: float  # of the proxy, a request
    kernel: float  # share of it
    rps: float
    p50_us: float
    p99_us: float
    p999_us: float
    rss_bytes: int
    others: float  # share of the proxy's core that went to neither it nor idleness
    log_lines: float  # a request
    upstream: float  # connections to the backend, a request


Rounds = list[dict[str, Sample]]  # subject -> its sample


def ratios(rounds: Rounds, subject: str, reference: str) -> list[float]:
    return [
        one[subject].cpu_us / one[reference].cpu_us
        for one in rounds
        if subject in one and reference in one
    ]


def median(rounds: Rounds, subject: str, field: str) -> float:
    return statistics.median(getattr(one[subject], field) for one in rounds if subject in one)


_COLUMNS = ("", "× HAProxy", "(range)", "µs/req", "kernel", "req/s", "p50 ms", "p99 ms",
            "p99.9 ms", "RSS MiB", "log/req", "conn/req", "others")


def table(rounds: Rounds, reference: str) -> str:
    subjects = list(dict.fromkeys(name for one in rounds for name in one))
    return _layout([_COLUMNS, *(_row(rounds, name, reference) for name in subjects)])


def _row(rounds: Rounds, subject: str, reference: str) -> tuple[str, ...]:
    def of(field: str) -> float:
        return median(rounds, subject, field)

    found = ratios(rounds, subject, reference)
    return (
        subject,
        f"{statistics.median(found):.2f}" if found else "-",
        f"{min(found):.2f}-{max(found):.2f}" if found else "-",
        f"{of('cpu_us'):.1f}", f"{of('kernel'):.0%}", f"{of('rps'):,.0f}",
        *(f"{of(field) / 1e3:.2f}" for field in ("p50_us", "p99_us", "p999_us")),
        f"{of('rss_bytes') / 2**20:.1f}", f"{of('log_lines'):.2f}", f"{of('upstream'):.3f}",
        f"{of('others'):.0%}",
    )


def idle_table(growth: dict[str, dict[str, float]]) -> str:
    rows = [("", "RSS before MiB", "RSS with all MiB", "bytes a connection")]
    rows += [
        (name, f"{one['before'] / 2**20:.1f}", f"{one['held'] / 2**20:.1f}",
         f"{one['bytes_each']:.0f}")
        for name, one in growth.items()
    ]
    return _layout(rows)


def _layout(rows: list[tuple[str, ...]]) -> str:
    """A Markdown table that also reads well as text."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for number, row in enumerate(rows):
        cells = [
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths))
        ]
        lines.append("| " + " | ".join(cells) + " |")
        if number == 0:
            rules = ["-" * width if at == 0 else "-" * (width - 1) + ":"
                     for at, width in enumerate(widths)]
            lines.append("| " + " | ".join(rules) + " |")
    return "\n".join(lines)
