"""Tap: a port that passes every byte on to another, and remembers when which way something came."""

import dataclasses
import socket
import time

import place  # noqa: F401  # it says where the next one is found
import loopback


@dataclasses.dataclass
class Piece:
    when: float  # perf_counter
    up: bool  # from who connected
    bytes: bytes


class Tap:
    def __init__(self, port: int, beyond: int):
        self.pieces: list[Piece] = []  # of all connections, in the order they came
        self._beyond = beyond
        self._server = loopback.Server(self._serve, port)

    @property
    def port(self) -> int:
        return self._server.port

    def close(self) -> None:
        self._server.close()

    def forget(self) -> None:
        self.pieces = []

    def first(self, up: bool) -> float:
        return next(piece.when for piece in self.pieces if piece.up == up)

    def last(self, up: bool) -> float:
        return next(piece.when for piece in reversed(self.pieces) if piece.up == up)

    def turns(self) -> int:
        """How often something came back after something went: round trips, by what passed."""
        ways = [piece.up for piece in self.pieces]
        return sum(one and not other for one, other in zip(ways, ways[1:]))

    def _serve(self, stream: socket.socket) -> None:
        with socket.create_connection(("127.0.0.1", self._beyond)) as beyond:
            for end in (stream, beyond):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            loopback.join(stream, beyond, self._keep)

    def _keep(self, piece: bytes, up: bool) -> None:
        self.pieces.append(Piece(time.perf_counter(), up, piece))
