#!/usr/bin/env python3
"""What a good client feels of 5,000 connections that drip their heads: its latency beside that of a
run without them, interleaved, for the sidecar and for HAProxy and nginx.

    bench/load/slowloris.py [--build DIR] [--rounds N] [--seconds S] [--attackers N]
"""

import argparse
import pathlib
import statistics
import sys

import run
import subjects
from attackers import Attackers
from processes import Failed

_ROOT = pathlib.Path(__file__).resolve().parents[2]
_GOOD = ("--connections", "1")  # one client that asks, waits, and asks again
_HEAD = ("| subject | | req/s | p50 µs | p99 µs | p99.9 µs | cut off |\n"
         "|---|---|---:|---:|---:|---:|---:|")


def measure(bench: run.Bench, subject: subjects.Subject, seconds: float) -> dict:
    return bench.generate(subject.port, "--seconds", str(seconds), *_GOOD)


def row(name: str, what: str, samples: list[dict], cut_off: int | str) -> str:
    middle = {key: statistics.median(sample[key] for sample in samples)
              for key in ("rps", "p50_us", "p99_us", "p999_us")}
    return (f"| {name} | {what} | {middle['rps']:,.0f} | {middle['p50_us']:.0f} | "
            f"{middle['p99_us']:.0f} | {middle['p999_us']:.0f} | {cut_off} |")


def compare(bench: run.Bench, subject: subjects.Subject, options: argparse.Namespace) -> None:
    alone, beside, cut_off = [], [], 0
    measure(bench, subject, options.seconds / 4)  # warm
    for _ in range(options.rounds):
        alone.append(measure(bench, subject, options.seconds))
        with Attackers(subject.port, options.attackers) as attackers:
            beside.append(measure(bench, subject, options.seconds))
        cut_off += attackers.cut_off
    print(row(subject.name, "alone", alone, ""))
    print(row(subject.name, f"beside {options.attackers:,}", beside, cut_off), flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=_ROOT / "build/release")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=15.0, help="of each measurement")
    parser.add_argument("--attackers", type=int, default=5000)
    options = parser.parse_args()
    options.programs = options.build.resolve() / "bench"
    sidecar = (options.build / "beta-sidecar").resolve()
    run.raise_file_limit()
    print(f"{options.rounds} rounds of {options.seconds:g} s each; medians\n\n{_HEAD}", flush=True)
    try:
        with run.bench_of(options) as bench:
            for name in ("egress", "haproxy", "nginx"):
                if why := subjects.missing(name, sidecar):
                    print(f"without {name}: {why}", file=sys.stderr)
                    continue
                with run.started([name], bench, 10, sidecar) as running:
                    compare(bench, running[0], options)
    except Failed as why:
        print(f"bench: {why}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
