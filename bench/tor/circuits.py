#!/usr/bin/env python3
"""Several circuits beside one, curl and privoxy, on a private Tor network with one relay slowed.

    bench/tor/circuits.py [--build DIR] [--rounds N] [--seconds S] [--json FILE]

In each round every caller in turn gets new circuits and a moment to warm up; then a relay on one of
ITS circuits becomes slow, not one that all circuits of an end begin at: nothing leads round that.
All relays delay a little, as far ones do.
"""

import argparse
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import random
import sys
import threading
import time

import callers
import place
from stage.app import Answer, App

CLIENTS = 4  # that call at the same time
BASE, SLOW = 0.005, 0.15  # seconds each way, of what crosses a channel to a relay
WARM_UP, SETTLE = 2.5, 2  # seconds before a relay becomes slow, and until it is measured
REFERENCE = "circuits 1"


def make(where: place.Place, binary: pathlib.Path, counts: list[int]) -> list[callers.Caller]:
    several = [callers.Egress(f"circuits {count}", where, binary, f"circuits: {count}")
               for count in counts]
    hedged = callers.Egress(f"circuits {counts[-1]}, hedge p95", where, binary,
                            f"circuits: {counts[-1]}, hedge: p95")
    return [callers.Egress(REFERENCE, where, binary, "circuits: 1"), *several, hedged,
            callers.Curl("curl", where), callers.Privoxy("privoxy", where)]


@dataclasses.dataclass
class Took:
    """Of the calls from the moment when a relay became slow; None: no answer, or a wrong one."""

    slowed: str
    seconds: list[float | None]
    settled: list[float | None]  # of these, the ones that began after a while


def measure(where: place.Place, caller: callers.Caller, seconds: float,
            chance: random.Random) -> Took:
    """Clients call one after another, each on its own."""
    where.delay(BASE)
    guards, before = where.guards(), where.ways()
    with caller, concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
        ended = threading.Event()
        clients = [pool.submit(call_until, ended, caller.line()) for _ in range(CLIENTS)]
        try:
            ended.wait(WARM_UP)  # the length of a phase, and nobody ends it sooner
            ways = [way for circuit, way in where.ways().items() if circuit not in before]
            relays = sorted(set(chance.choice(ways)) - guards) if ways else []
            if not relays:
                raise place.Failed(f"{caller.name} has made no circuit that leads round a relay")
            slowed = chance.choice(relays)
            where.delay(SLOW, slowed)
            since = time.perf_counter()
            ended.wait(SETTLE + seconds)
        finally:
            ended.set()
        calls = [call for client in clients for call in client.result()]
    return Took(slowed, [took for begun, took in calls if begun >= since],
                [took for begun, took in calls if begun >= since + SETTLE])


def call_until(ended: threading.Event, call) -> list[tuple[float, float | None]]:
    """[(when it began, what it took)]"""
    calls = []
    while not ended.is_set():
        begun = time.perf_counter()
        calls.append((begun, call()))
    return calls


def quantile(values: list[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)]


def run(where: place.Place, all_callers: list[callers.Caller],
        arguments: argparse.Namespace) -> list[dict[str, Took]]:
    chance = random.Random(arguments.seed)
    rounds = []
    for number in range(arguments.rounds):
        turn = number % len(all_callers)
        took = {caller.name: measure(where, caller, arguments.seconds, chance)
                for caller in all_callers[turn:] + all_callers[:turn]}
        rounds.append({caller.name: took[caller.name] for caller in all_callers})
        shown = "  ".join(f"{name} {one.slowed} {quantile(answered(one.settled), 0.5) * 1e3:.0f}/"
                          f"{p99(one.settled) * 1e3:.0f}" for name, one in rounds[-1].items())
        print(f"round {number + 1}: relay p50/p99 ms: {shown}", file=sys.stderr, flush=True)
    return rounds


def answered(took: list[float | None]) -> list[float]:
    return [one for one in took if one is not None] or [float("nan")]


def p99(took: list[float | None]) -> float:
    return quantile(answered(took), 0.99)


def table(rounds: list[dict[str, Took]]) -> str:
    lines = ["| caller | calls | failed | p50 ms | p99 ms | p99 × one circuit | p99 ms at once |",
             "|---|---:|---:|---:|---:|---:|---:|"]
    reference = p99([one for each in rounds for one in each[REFERENCE].settled])
    for name in rounds[0]:
        settled = [one for each in rounds for one in each[name].settled]
        at_once = [one for each in rounds for one in each[name].seconds]
        lines.append(
            f"| {name} | {len(settled):,} | {settled.count(None)} "
            f"| {quantile(answered(settled), 0.5) * 1e3:.0f} | {p99(settled) * 1e3:.0f} "
            f"| {p99(settled) / reference:.2f} | {p99(at_once) * 1e3:.0f} |")
    return "\n".join(lines)


def parse_arguments() -> argparse.Namespace:
    parser = place.parser(__doc__)
    parser.add_argument("--circuits", default="3,6", help="beside 1; the last also with hedging")
    parser.add_argument("--seconds", type=float, default=5, help="of each caller in a round")
    parser.add_argument("--seed", type=int, default=1, help="of which relay is slowed")
    # Of few relays one is on most circuits; more would cost this machine more than they tell.
    parser.set_defaults(relays=13)
    return parser.parse_args()


def main() -> int:
    arguments = parse_arguments()
    if (code := place.enter(arguments.relays)) is not None:
        return code
    where = place.Place()
    app = App(place.APP, lambda request: Answer(callers.BODY))
    try:
        counts = [int(count) for count in arguments.circuits.split(",")]
        binary = (arguments.build / "beta-sidecar").resolve()
        rounds = run(where, make(where, binary, counts), arguments)
    except (place.Failed, OSError) as why:
        print(f"bench: {why}", file=sys.stderr)
        return 1
    finally:
        app.close()
    print(f"{len(rounds)} rounds of {arguments.seconds:g} s, {CLIENTS} clients at once, "
          f"{arguments.relays + 1} relays, each {BASE * 1e3:g} ms each way and one "
          f"{SLOW * 1e3:g} ms; load average {os.getloadavg()[0]:.1f}\n{table(rounds)}")
    if arguments.json:
        arguments.json.write_text(json.dumps(rounds, default=dataclasses.asdict), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
