#!/usr/bin/env python3
"""What mutual TLS costs the sidecar, beside HAProxy and nginx with the same certificates.

    bench/load/tls.py [--build DIR] [--rounds N] [--seconds S] [--scenarios get-1k,…] [--idle N]

As run.py measures, in interleaved rounds: ingress ends TLS before a plain app; egress (a plain
client before it) speaks TLS to a peer, over connections that are kept.
"""

import argparse
import dataclasses
import json
import os
import pathlib
import statistics
import sys

import report
import run
import subjects
from processes import Failed
from scenarios import Scenario

_ROOT = pathlib.Path(__file__).resolve().parents[2]
_INGRESS = ("haproxy", "haproxy-again", "nginx", "ingress")
_EGRESS = ("haproxy-to-tls", "haproxy-to-tls-again", "nginx-to-tls", "egress")
_RULES = 10
_KEPT = ("--wait", "yes")  # their handshakes are none of the figure
_BIG = (*_KEPT, "--path", "/bytes/65536")
_NEW = ("--new-connections", "yes")
_CALLED = (
    Scenario("get-1k", "mTLS, GET 1 KiB, 32 kept connections", _KEPT),
    Scenario("get-64k", "mTLS, GET 64 KiB, 32 kept connections", _BIG),
    Scenario("full", "GET 1 KiB, each after a full handshake, 32 at once", _NEW),
    Scenario("resumed", "GET 1 KiB, each after a resumed handshake, 32 at once",
             (*_NEW, "--resume", "yes")),
)
_CALLING = (
    Scenario("egress-1k", "GET 1 KiB in clear, mTLS to the peer, 32 kept connections", _KEPT),
    Scenario("egress-64k", "GET 64 KiB in clear, mTLS to the peer, 32 kept connections", _BIG),
)


def measure(bench: run.Bench, names: list[str], wanted: list[Scenario],
            arguments: argparse.Namespace) -> dict[str, report.Rounds]:
    """The first of the names is what all are compared with."""
    results = {}
    if not wanted or not names:
        return results
    with run.started(names, bench, _RULES, arguments.sidecar) as running:
        for subject in running:
            if subject.asked:
                print(f"{subject.name}: {tickets(bench, subject):.2f} tickets a full handshake")
        for scenario in wanted:
            rounds = run.run_rounds(bench, running, scenario, arguments)
            print(f"\n{scenario.name}: {scenario.says}; {len(rounds)} rounds of "
                  f"{arguments.seconds:g} s; load average {os.getloadavg()[0]:.1f}\n"
                  f"{report.table(rounds, names[0])}", flush=True)
            results[scenario.name] = rounds
    return results


def tickets(bench: run.Bench, subject: subjects.Subject) -> float:
    done = bench.generate(subject.port, "--requests", "32", *_NEW, *subject.asked)
    return done["tickets"] / done["connections"]


def hold(bench: run.Bench, names: list[str], arguments: argparse.Namespace) -> dict:
    results = {}
    for name in names:
        if name.endswith("-again"):
            continue
        with run.started([name], bench, _RULES, arguments.sidecar) as running:
            results[name] = run.run_idle(bench, running[0], arguments.idle)
    print(f"\nidle: {arguments.idle:,} idle connections of mTLS, each after one GET of 1 KiB\n"
          f"{report.idle_table(results)}", flush=True)
    return results


def summary(results: dict[str, report.Rounds], reference: str) -> str:
    """One line a scenario, as the README has it."""
    lines = []
    for name, rounds in results.items():
        cells = [f"{report.median(rounds, reference, 'cpu_us'):.1f}"]
        for subject in list(rounds[0])[1:]:
            found = report.ratios(rounds, subject, reference)
            cells.append(f"{statistics.median(found):.2f} ({min(found):.2f}–{max(found):.2f})")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def parse_arguments() -> argparse.Namespace:
    names = [scenario.name for scenario in (*_CALLED, *_CALLING)] + ["idle"]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=_ROOT / "build/release")
    parser.add_argument("--sidecar", type=pathlib.Path, help="another than the build's")
    parser.add_argument("--scenarios", default=",".join(names), help="default: %(default)s")
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--seconds", type=float, default=0.5, help="of each measurement")
    parser.add_argument("--idle", type=int, default=10_000, help="connections to hold")
    parser.add_argument("--json", type=pathlib.Path, help="every sample, for later")
    arguments = parser.parse_args()
    arguments.programs = arguments.build.resolve() / "bench"
    arguments.sidecar = (arguments.sidecar or arguments.build / "beta-sidecar").resolve()
    arguments.scenarios = arguments.scenarios.split(",")
    if unknown := set(arguments.scenarios) - set(names):
        parser.error(f"no scenario named {', '.join(sorted(unknown))}")
    return arguments


def present(names: tuple[str, ...], sidecar: pathlib.Path) -> list[str]:
    found = []
    for name in names:
        why = subjects.missing(name, sidecar)
        print(f"bench: without {name}: {why}") if why else found.append(name)
    return found


def main() -> int:
    arguments = parse_arguments()
    run.raise_file_limit()
    about = run.environment()
    print("; ".join(f"{key} {value}" for key, value in about.items()), flush=True)
    called, calling = (present(names, arguments.sidecar) for names in (_INGRESS, _EGRESS))
    results = {}
    try:
        with run.bench_of(arguments, with_tls=True) as bench:
            for names, scenarios in ((called, _CALLED), (calling, _CALLING)):
                wanted = [one for one in scenarios if one.name in arguments.scenarios]
                measured = measure(bench, names, wanted, arguments)
                if measured:
                    print(f"\n{summary(measured, names[0])}", flush=True)
                results |= measured
            if "idle" in arguments.scenarios:
                results["idle"] = hold(bench, called, arguments)
    except Failed as why:
        print(f"bench: {why}", file=sys.stderr)
        return 1
    if arguments.json:
        arguments.json.write_text(json.dumps(
            {"about": about, "results": results}, default=dataclasses.asdict, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
