"""Events: what the client's tor says it does while a first call is made, with the time of each."""

import contextlib
import threading
import time

import place
from tornet.control import ControlError

# The moments of a first call: what of tor's events is one, in the order in which they come.
_MOMENTS = (
    ("asked", ("STREAM", " NEW ", "PURPOSE=USER")),
    ("descriptor", ("HS_DESC RECEIVED",)),
    ("introducing", ("CIRC_MINOR", "HS_STATE=HSCI_INTRO_SENT")),
    ("joined", ("CIRC_MINOR", "HS_STATE=HSCR_JOINED")),
    ("connected", ("STREAM", " SUCCEEDED ", ".onion:")),
)


class Events:
    def __init__(self, where: place.Place):
        self._lines: list[tuple[float, str]] = []
        self._control = where.control("client")
        self._control.ask("SETEVENTS STREAM HS_DESC CIRC_MINOR SIGNAL")
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with contextlib.suppress(ControlError, ValueError):  # until the connection ends
            while line := self._control.event(None):
                self._lines.append((time.perf_counter(), line))

    def forget(self) -> None:
        self._lines = []

    def saw(self, *words: str) -> bool:
        return any(all(word in line for word in words) for _, line in list(self._lines))

    def moments(self) -> dict[str, float]:
        """The first time of each that came."""
        found = {}
        for when, line in list(self._lines):
            for name, words in _MOMENTS:
                if name not in found and all(word in line for word in words):
                    found[name] = when
        return found
