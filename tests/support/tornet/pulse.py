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
HOPS = 7  # and the authority before them: tor knows no longer circuit
BEATING = "beating"


def relays(control):
    """Fingerprints of all relays but the authority, which is where the circuits begin."""
    found = []
    for line in control.ask("GETINFO ns/all"):
        fields = line.removeprefix("ns/all=").split()
        if fields[:1] == ["r"] and fields[1] != "a1":
            found.append("$" + base64.b64decode(fields[2] + "=").hex().upper())
    return found


def walks(places):
    """Few paths on which every two of `places` are neighbours: a zigzag around a ring, turned."""
    count = len(places)
    found = []
    for turn in range((count + 1) // 2):
        zigzag = [places[(turn + step) % count] for step in _zigzag(count)]
        found += [zigzag[at : at + HOPS] for at in range(0, count - 1, HOPS - 1)]
    return found


def _zigzag(count):
    return [-step // 2 if step % 2 == 0 else (step + 1) // 2 for step in range(count)]


def asked(control, command):
    """The first line of the reply, or nothing: a relay may be away, a circuit fail by itself."""
    try:
        return control.ask(command)[0]
    except ControlError:
        return None


def beat(control, paths):
    begun = [asked(control, "EXTENDCIRCUIT 0 " + ",".join(path)) for path in paths]
    time.sleep(PERIOD)  # this is the rate itself, nothing waits for it
    for circuit in begun:
        if circuit:
            asked(control, f"CLOSECIRCUIT {circuit.split()[1]}")


def main(port, cookie):
    with Control(int(port), cookie) as control:
        paths = walks(relays(control))
        beat(control, paths)
        print(BEATING, flush=True)
        while True:
            beat(control, paths)


if __name__ == "__main__":
    main(*sys.argv[1:])
