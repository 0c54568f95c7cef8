#!/usr/bin/env python3
"""Round trips of a circuit that a request costs: ours, privoxy, tor's HTTPTunnelPort and curl.

    bench/tor/trips.py [--build DIR] [--rounds N] [--json FILE]

Every relay delays what crosses a channel to it, so that the way takes far longer than any program
on it: time divided by the round trip of a raw stream counts round trips. All ways are of seven
channels. A caller's first call has circuits to make (cold), the later ones go on a kept stream.
"""

import json
import os
import pathlib
import statistics
import sys
import time

import callers
import place
from events import Events
from stage import topology
from stage.app import Answer, App
from stage.sidecar import eventually

DELAY = 0.01  # seconds each way, of each channel
CALLS = 10  # of a caller in a round; the first is cold, the second is not counted
STEPS = ("sidecar and SOCKS", "descriptor", "ways to rendezvous and introduction",
         "introduction, rendezvous", "stream and TLS", "request")


def make(where: place.Place, binary: pathlib.Path) -> list[callers.Caller]:
    return [
        callers.Raw("raw stream by SOCKS", where),
        callers.Raw("the same, request before SOCKS's reply", where, early=True),
        callers.Pair("sidecars, mutual TLS", where, binary),
        callers.Privoxy("privoxy", where),
        callers.Tunnel("HTTPTunnelPort", where),
        callers.KeptCurl("curl", where, CALLS),
    ]


def answered(took: float | None) -> float:
    if took is None:
        raise place.Failed("a call was not answered, or wrongly")
    return took


def measure(caller: callers.Caller) -> dict[str, list[float]]:
    with caller:
        call = caller.line()
        cold = answered(call())
        answered(call())
        return {"cold": [cold], "warm": [answered(call()) for _ in range(CALLS - 2)]}


def measure_ours(pair: callers.Pair, events: Events) -> dict[str, list[float]]:
    """And what is the sidecars' own, and the steps of the first call."""
    with pair:
        events.forget()
        call = pair.line()
        begun = time.perf_counter()
        took = {"cold": [answered(call())], "warm": [], "own": [], "turns": []}
        took |= {name: [step] for name, step in steps(pair, events, begun)}
        answered(call())
        for _ in range(CALLS - 2):
            pair.caller_tap.forget()
            pair.callee_tap.forget()
            begun = time.perf_counter()
            took["warm"].append(answered(call()))
            took["own"].append(own_share(pair, begun, took["warm"][-1]))
            took["turns"].append(pair.caller_tap.turns())
        return took


def own_share(pair: callers.Pair, begun: float, took: float) -> float:
    """Of one call: all of it but what passed between the two taps. The clients', the apps' and the
    taps' own time is in it.
    """
    between = pair.caller_tap.last(up=False) - pair.caller_tap.first(up=True)
    beyond = pair.callee_tap.last(up=False) - pair.callee_tap.first(up=True)
    return took - (between - beyond)


def steps(pair: callers.Pair, events: Events, begun: float) -> list[tuple[str, float]]:
    """How long each step of the first call took."""
    eventually(lambda: "connected" in events.moments(), "tor's word of the stream")
    at = events.moments()
    ends = [at["asked"], at.get("descriptor", at["asked"]), at["introducing"], at["joined"],
            pair.caller_tap.last(up=True), pair.caller_tap.last(up=False)]
    return list(zip(STEPS, (end - start for start, end in zip([begun, *ends], ends))))


def forget_descriptors(where: place.Place, events: Events) -> None:
    events.forget()
    with where.control("client") as control:
        control.ask("SIGNAL NEWNYM")  # tor obeys once in ten seconds
    eventually(lambda: events.saw("SIGNAL NEWNYM"), "new descriptors", 30)


def run(where: place.Place, all_callers: list[callers.Caller], rounds: int) -> dict:
    """name -> what -> seconds of each call"""
    results: dict = {}
    events = Events(where)

    def add(name: str, took: dict[str, list[float]]) -> None:
        for what, values in took.items():
            results.setdefault(name, {}).setdefault(what, []).extend(values)

    for number in range(rounds):
        turn = number % len(all_callers)
        for caller in all_callers[turn:] + all_callers[:turn]:
            if isinstance(caller, callers.Pair):
                add(caller.name, measure_ours(caller, events))
                forget_descriptors(where, events)
                add("no descriptor yet", measure_ours(caller, events))
            else:
                add(caller.name, measure(caller))
        print(f"round {number + 1} of {rounds}", file=sys.stderr, flush=True)
    return results


def report(results: dict, names: list[str]) -> str:
    trip = statistics.median(results[names[0]]["warm"])

    def trips(name: str, what: str) -> str:
        values = sorted(value / trip for value in results[name][what])
        return f"{statistics.median(values):.2f} ({values[0]:.2f}–{values[-1]:.2f})"

    ours = next(name for name in names if "own" in results[name])
    lines = [f"A round trip of the circuit: {trip * 1e3:.0f} ms.", "",
             "| caller | first call | later calls |", "|---|---:|---:|"]
    lines += [f"| {name} | {trips(name, 'cold')} | {trips(name, 'warm')} |" for name in names]
    lines += ["", "| step of a first call | descriptor known | not known |", "|---|---:|---:|"]
    lines += [f"| {step} | {trips(ours, step)} | {trips('no descriptor yet', step)} |"
              for step in (*STEPS, "cold")]
    own = sorted(value / trip * 100 for value in results[ours]["own"])
    turns = results[ours]["turns"]
    lines += ["", f"Later calls of {ours}: the way was gone and come back "
              f"{min(turns)} to {max(turns)} times; their own share {statistics.median(own):.1f} % "
              f"of a round trip (nine of ten at or under {own[len(own) * 9 // 10]:.1f} %), "
              f"of {len(own)} calls."]
    return "\n".join(lines)


def main() -> int:
    arguments = place.parser(__doc__).parse_args()
    if (code := place.enter(arguments.relays)) is not None:
        return code
    where = place.Place()
    where.delay(DELAY)
    apps = [App(port, lambda request: Answer(callers.BODY))
            for port in (place.APP, topology.PAYMENT.app)]
    all_callers = make(where, (arguments.build / "beta-sidecar").resolve())
    try:
        results = run(where, all_callers, arguments.rounds)
    except (place.Failed, OSError, AssertionError) as why:
        print(f"bench: {why}", file=sys.stderr)
        return 1
    finally:
        for app in apps:
            app.close()
    print(f"{arguments.rounds} rounds, {DELAY * 1e3:g} ms each way on each channel; "
          f"load average {os.getloadavg()[0]:.1f}\n"
          f"{report(results, [caller.name for caller in all_callers])}")
    if arguments.json:
        arguments.json.write_text(json.dumps(results), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
