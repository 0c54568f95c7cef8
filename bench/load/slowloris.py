#!/usr/bin/env python3
"""What 5,000 slow clients do to a good one: its latency beside that of a run without them.

Each of the slow ones holds half a head and adds a byte a second; who is cut off connects again.
Rounds alternate: without them, with them. The good client is bench_load on four connections.

    scripts/bench --quick; bench/load/slowloris.py [--slow 5000] [--rounds 5] [--seconds 2]
"""

import argparse
import contextlib
import pathlib
import selectors
import socket
import statistics
import subprocess
import sys
import time

import run
from processes import Failed, Process

HALF_A_HEAD = b"GET /api/v1/things HTTP/1.1\r\nHost: tron-payment\r\nX-Slow: "
GOOD = ("--connections", "4")


def slow_one(port: int) -> socket.socket:
    stream = socket.create_connection(("127.0.0.1", port), 30)
    stream.setblocking(False)
    stream.send(HALF_A_HEAD)
    return stream


def drip(port: int, count: int) -> None:
    """Runs as a process of its own until its standard input ends."""
    streams = [slow_one(port) for _ in range(count)]
    print("ready", flush=True)
    ends = selectors.DefaultSelector()
    ends.register(sys.stdin, selectors.EVENT_READ)
    while True:
        for part in range(10):  # a tenth of them ten times a second
            if ends.select(0.1):
                return
            for at in range(part, count, 10):
                try:
                    streams[at].send(b"a", socket.MSG_NOSIGNAL)
                except BlockingIOError:
                    pass
                except OSError:
                    streams[at].close()
                    streams[at] = slow_one(port)


@contextlib.contextmanager
def slow_clients(bench: run.Bench, port: int, count: int):
    command = [sys.executable, __file__, "--drip", str(port), "--slow", str(count)]
    process = Process(f"slow-{time.monotonic_ns()}", command, bench.load_core, bench.folder,
                      stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        if process.child.stdout.readline() != b"ready\n":
            raise Failed(f"the slow clients do not start:\n{process.output()}")
        yield
    finally:
        process.child.stdin.close()
        process.stop()
        process.child.stdout.close()


def measure(bench: run.Bench, subject, arguments) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {"without": [], "with": []}
    seconds = ("--seconds", str(arguments.seconds), *GOOD)
    for _ in range(arguments.rounds):
        bench.generate(subject.port, "--seconds", "0.3", *GOOD)
        found["without"].append(bench.generate(subject.port, *seconds))
        with slow_clients(bench, subject.port, arguments.slow):
            found["with"].append(bench.generate(subject.port, *seconds))
    return found


def table(name: str, found: dict[str, list[dict]]) -> None:
    for kind, rounds in found.items():
        row = [statistics.median(one[key] for one in rounds) for key in ("rps", "p50_us", "p99_us")]
        print(f"| {name} | {kind} | {row[0]:,.0f} | {row[1]:,.0f} | {row[2]:,.0f} |")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slow", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--subjects", default="egress,haproxy")
    parser.add_argument("--drip", type=int, help=argparse.SUPPRESS)
    build = pathlib.Path(__file__).resolve().parents[2] / "build" / "release"
    parser.add_argument("--build", type=pathlib.Path, default=build)
    arguments = parser.parse_args()
    if arguments.drip:
        drip(arguments.drip, arguments.slow)
        return 0
    arguments.programs = arguments.build / "bench"
    try:
        with run.bench_of(arguments) as bench:
            names = arguments.subjects.split(",")
            print(f"| proxy | {arguments.slow} slow clients | req/s | p50 µs | p99 µs |")
            print("|---|---|---:|---:|---:|")
            sidecar = arguments.build / "beta-sidecar"
            with run.started(names, bench, 10, sidecar) as running:
                for subject in running:
                    table(subject.name, measure(bench, subject, arguments))
    except Failed as why:
        print(f"slowloris: {why}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
