#!/usr/bin/env python3
"""What these measurements say of calls that are known: no network, no tor, no clock."""

import socket
import unittest

import circuits
import place
import trips
from tap import Piece, Tap

import loopback


def took(*seconds: float | None) -> circuits.Took:
    return circuits.Took("r1", list(seconds), list(seconds))


class Circuits(unittest.TestCase):
    def test_the_quantile_is_one_of_the_values(self):
        values = [float(number) for number in range(100, 0, -1)]
        self.assertEqual(circuits.quantile(values, 0.5), 51)
        self.assertEqual(circuits.quantile(values, 0.99), 100)
        self.assertEqual(circuits.quantile([7], 0.99), 7)

    def test_calls_of_all_rounds_are_taken_together_and_compared_with_one_circuit(self):
        rounds = [{circuits.REFERENCE: took(0.1, 0.4), "curl": took(0.1, 0.2)},
                  {circuits.REFERENCE: took(0.1), "curl": took(None, 0.1)}]
        rows = circuits.table(rounds).splitlines()[2:]
        self.assertEqual(rows[0], "| circuits 1 | 3 | 0 | 100 | 400 | 1.00 | 400 |")
        self.assertEqual(rows[1], "| curl | 4 | 1 | 100 | 200 | 0.50 | 200 |")


class Trips(unittest.TestCase):
    def test_times_become_round_trips_of_the_raw_stream(self):
        ours = {"cold": [0.6], "warm": [0.105], "own": [0.002], "turns": [1],
                **{step: [0.1] for step in trips.STEPS}}
        results = {"raw": {"cold": [0.5], "warm": [0.1]}, "ours": ours, "no descriptor yet": ours}
        text = trips.report(results, ["raw", "ours"])
        self.assertIn("| raw | 5.00 (5.00–5.00) | 1.00 (1.00–1.00) |", text)
        self.assertIn("| ours | 6.00 (6.00–6.00) | 1.05 (1.05–1.05) |", text)
        self.assertIn("their own share 2.0 %", text)

    def test_a_call_without_an_answer_ends_the_run(self):
        with self.assertRaises(place.Failed):
            trips.answered(None)


class Taps(unittest.TestCase):
    def test_a_tap_passes_all_on_and_knows_which_way_it_went(self):
        def echo(stream: socket.socket) -> None:
            while data := stream.recv(100):
                stream.sendall(data)

        server = loopback.Server(echo)
        self.addCleanup(server.close)
        tap = Tap(0, server.port)
        self.addCleanup(tap.close)
        with socket.create_connection(("127.0.0.1", tap.port), 30) as stream:
            for _ in range(3):
                stream.sendall(b"ping")
                self.assertEqual(stream.recv(4, socket.MSG_WAITALL), b"ping")
        self.assertEqual(tap.turns(), 3)
        self.assertLessEqual(tap.first(up=True), tap.first(up=False))

    def test_pieces_that_go_on_the_same_way_are_no_turn(self):
        server = loopback.Server(lambda stream: None)
        self.addCleanup(server.close)
        tap = Tap(0, server.port)
        self.addCleanup(tap.close)
        tap.pieces = [Piece(at, up, b"") for at, up in enumerate([True, True, False, False, True])]
        self.assertEqual(tap.turns(), 1)
        self.assertEqual((tap.last(up=True), tap.last(up=False)), (4, 3))


if __name__ == "__main__":
    unittest.main()
