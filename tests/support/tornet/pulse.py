"""Pulse: a few throw-away circuits twice a second, so that no channel between relays is ever idle.

A relay flushes a queued DESTROY cell only when something else uses that channel: on an idle
network the death of a peer would stay unseen for over a minute. Real networks are never that
idle.
"""
import base64
import sys
import time

from .control import Control, ControlError

PERIOD = 0.5  # seconds


def relays(control):
    """Fingerprints of all relays but the authority, which is where the circuits begin."""
    found = []
    for line in control.ask("GETINFO ns/all"):
        fields = line.removeprefix("ns/all=").split()
        if fields[0] == "r" and fields[1] != "a1":
            found.append("$" + base64.b64decode(fields[2] + "=").hex().upper())
    return found


def beat(control, paths):
    circuits = [control.ask("EXTENDCIRCUIT 0 " + ",".join(path))[0].split()[1] for path in paths]
    time.sleep(PERIOD)  # this is the rate itself, nothing waits for it
    for circuit in circuits:
        try:
            control.ask(f"CLOSECIRCUIT {circuit}")
        except ControlError:
            pass  # it failed by itself


def main(port, cookie):
    with Control(int(port), cookie) as control:
        ring = relays(control)
        # Every rotation of the ring, three hops each: with three relays, every pair of them.
        paths = [(ring + ring)[start : start + 3] for start in range(len(ring))]
        while True:
            beat(control, paths)


if __name__ == "__main__":
    main(*sys.argv[1:])
