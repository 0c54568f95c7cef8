"""Hop: a TCP relay in front of relays' ORPorts that can make any of them slow: what comes by a
channel that others opened to it, or goes back by one, is passed on later, in order.

Standard input says `NAME SECONDS`; each line is said again on standard output once it holds.
"""
import asyncio
import os
import sys

LISTENING = "listening"
TICK = 1e-6  # seconds: two pieces are never due at once, or the loop might swap them


class Half(asyncio.Protocol):
    """One end of a connection; what it reads, `other` writes after a delay. Tor's own windows
    bound what is on the way.
    """

    def __init__(self, delay, other=None):
        self._delay, self._due = delay, 0.0
        self.other, self.transport = other, None

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self._later(self.other.transport.write, data)

    def connection_lost(self, _error):
        if self.other and self.other.transport:
            self._later(self.other.transport.close)

    def _later(self, act, *arguments):
        loop = asyncio.get_running_loop()
        now, seconds = loop.time(), self._delay()
        if seconds == 0 and self._due < now:
            act(*arguments)
            return
        self._due = max(now + seconds, self._due + TICK)
        loop.call_at(self._due, act, *arguments)


class Front(Half):
    """The end of who calls; nothing is read before the relay behind has been reached."""

    def __init__(self, delay, port):
        super().__init__(delay)
        self._port, self._reaching = port, None

    def connection_made(self, transport):
        super().connection_made(transport)
        transport.pause_reading()
        self._reaching = asyncio.ensure_future(self._reach())

    async def _reach(self):
        try:
            _, self.other = await asyncio.get_running_loop().create_connection(
                lambda: Half(self._delay, self), "127.0.0.1", self._port
            )
        except OSError:
            self.transport.abort()
            return
        if self.transport.is_closing():
            self.other.transport.abort()
        else:
            self.transport.resume_reading()


class Hops:
    def __init__(self, relays):
        """`relays`: name -> (port in front, its own port)."""
        self._delays = dict.fromkeys(relays, 0.0)
        self._relays = relays

    async def run(self):
        loop = asyncio.get_running_loop()
        servers = [
            await loop.create_server(self._front(name, back), "127.0.0.1", front)
            for name, (front, back) in self._relays.items()
        ]
        print(LISTENING, *(one.sockets[0].getsockname()[1] for one in servers), flush=True)
        ended = loop.create_future()
        loop.add_reader(sys.stdin, self._obey, ended)
        await ended

    def _front(self, name, back):
        return lambda: Front(lambda: self._delays[name], back)

    def _obey(self, ended):
        text = os.read(sys.stdin.fileno(), 4096).decode()
        if not text:
            ended.set_result(None)
        for line in text.splitlines():
            name, seconds = line.split()
            self._delays[name] = float(seconds)
            print(line, flush=True)


def main(words):
    relays = (word.split(",") for word in words)
    asyncio.run(Hops({name: (int(front), int(back)) for name, front, back in relays}).run())


if __name__ == "__main__":
    main(sys.argv[1:])
