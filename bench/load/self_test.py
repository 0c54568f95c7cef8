#!/usr/bin/env python3
"""The generator and the backend do what the figures rest on; rules say the same in each dialect.

    self_test.py FOLDER      where bench_backend and bench_load were built
"""

import json
import pathlib
import socket
import subprocess
import sys
import tempfile
import unittest

import certificates
import report
import rules
import subjects
from processes import Process

PROGRAMS = pathlib.Path(sys.argv.pop(1) if len(sys.argv) > 1 else ".").resolve()


class WithBackend(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="beta-bench-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.backend = Process("backend", [str(PROGRAMS / "bench_backend")], 0, self.folder,
                               stdout=subprocess.PIPE)
        self.addCleanup(self.backend.child.stdout.close)
        self.addCleanup(self.backend.stop)
        self.ports = json.loads(self.backend.child.stdout.readline())

    def generate(self, *options, stdin=""):
        command = [str(PROGRAMS / "bench_load"), "--port", str(self.ports["http"]), *options]
        return subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=30,
                              check=False)

    def result(self, *options):
        done = self.generate(*options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)


class Generator(WithBackend):
    def test_it_does_as_many_requests_as_asked_on_its_connections(self):
        found = self.result("--requests", "500", "--connections", "8")
        self.assertEqual(found["connections"], 8)
        self.assertGreaterEqual(found["requests"], 500)

    def test_its_quantiles_are_in_order(self):
        found = self.result("--requests", "500")
        quantiles = [found[key] for key in ("p50_us", "p99_us", "p999_us", "max_us")]
        self.assertEqual(quantiles, sorted(quantiles))
        self.assertGreater(quantiles[0], 0)

    def test_bodies_larger_than_socket_buffers_arrive_whole(self):
        found = self.result("--requests", "20", "--path", "/bytes/9000000", "--connections", "3")
        self.assertGreaterEqual(found["requests"], 20)

    def test_it_posts_bodies_larger_than_socket_buffers(self):
        found = self.result("--requests", "20", "--body", "9000000", "--path", "/bytes/10")
        self.assertGreaterEqual(found["requests"], 20)

    def test_a_new_connection_for_each_request(self):
        found = self.result("--requests", "300", "--new-connections", "yes")
        self.assertEqual(found["connections"], found["requests"])

    def test_a_wrong_length_is_an_error(self):
        done = self.generate("--requests", "10", "--expect-bytes", "1023")
        self.assertEqual(done.returncode, 70)
        self.assertIn("wrong status or length", done.stderr)

    def test_a_wrong_status_is_an_error(self):
        done = self.generate("--requests", "10", "--path", "/nowhere")
        self.assertEqual(done.returncode, 70)
        self.assertIn("wrong status or length", done.stderr)

    def test_idle_connections_are_held_until_stdin_ends(self):
        done = self.generate("--idle", "300")
        held, found = map(json.loads, done.stdout.splitlines())
        self.assertEqual(held["held"], 300)
        self.assertEqual(found["requests"], 300)

    def test_an_option_that_it_does_not_know_is_refused(self):
        self.assertEqual(self.generate("--request", "5").returncode, 64)


    def test_it_begins_when_told_on_connections_that_are_open(self):
        done = self.generate("--requests", "500", "--connections", "8", "--wait", "yes", stdin="x")
        ready, found = map(json.loads, done.stdout.splitlines())
        self.assertEqual(ready["ready"], 8)
        self.assertEqual(found["connections"], 8)
        self.assertGreaterEqual(found["requests"], 500)

    def test_it_does_not_begin_when_nobody_says_so(self):
        done = self.generate("--requests", "5", "--wait", "yes")
        self.assertEqual(done.returncode, 70)
        self.assertIn("nobody said when", done.stderr)


class OverTls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="beta-bench-test-")
        cls.addClassCleanup(folder.cleanup)
        path = pathlib.Path(folder.name)
        cls.ends = certificates.make(path / "tls")
        command = [str(PROGRAMS / "bench_backend"), *cls.ends.callee.for_backend()]
        backend = Process("backend", command, 0, path, stdout=subprocess.PIPE)
        cls.addClassCleanup(backend.child.stdout.close)
        cls.addClassCleanup(backend.stop)
        cls.ports = json.loads(backend.child.stdout.readline())

    def generate(self, *options, end=None):
        end = end or self.ends.caller
        command = [str(PROGRAMS / "bench_load"), "--port", str(self.ports["https"]),
                   *end.for_generator(), *options]
        return subprocess.run(command, input="", capture_output=True, text=True, timeout=60,
                              check=False)

    def result(self, *options):
        done = self.generate(*options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_answers_of_many_records_arrive_whole(self):
        found = self.result("--requests", "50", "--path", "/bytes/1000000", "--connections", "4")
        self.assertGreaterEqual(found["requests"], 50)
        self.assertEqual(found["connections"], 4)

    def test_a_full_handshake_for_each_request_and_a_ticket_for_each(self):
        found = self.result("--requests", "40", "--new-connections", "yes", "--connections", "4")
        self.assertEqual(found["connections"], found["requests"])
        self.assertEqual(found["tickets"], found["requests"])

    def test_every_connection_but_the_first_is_resumed_or_the_run_fails(self):
        found = self.result("--requests", "40", "--new-connections", "yes", "--connections", "4",
                            "--resume", "yes")
        self.assertEqual(found["connections"], found["requests"])

    def test_the_wrong_length_of_a_record_is_an_error(self):
        done = self.generate("--requests", "4", "--path", "/bytes/9000", "--expect-bytes", "8999")
        self.assertEqual(done.returncode, 70)
        self.assertIn("wrong status or length", done.stderr)

    def test_a_peer_of_another_authority_is_refused(self):
        self.assertEqual(self.generate("--requests", "1", end=self.ends.callee).returncode, 70)


class Backend(WithBackend):
    def talk(self, port, *pieces):
        """Sends each piece once the answer to the one before has begun; all that came."""
        with socket.create_connection(("127.0.0.1", port), timeout=10) as stream:
            answers = []
            for piece in pieces:
                stream.sendall(piece)
                answers.append(stream.recv(65536))
            return answers

    def test_socks_with_user_and_password_leads_to_the_backend_itself(self):
        request = b"\x05\x01\x00\x03\x05x.org\x00\x50"
        answers = self.talk(self.ports["socks"], b"\x05\x01\x02", b"\x01\x01u\x01p", request,
                            b"GET /bytes/3 HTTP/1.1\r\n\r\n")
        self.assertEqual(answers[:2], [b"\x05\x02", b"\x01\x00"])
        self.assertEqual(answers[2][:4], b"\x05\x00\x00\x01")
        self.assertTrue(answers[3].endswith(b"\r\n\r\nxxx"))

    def test_socks_byte_by_byte(self):
        with socket.create_connection(("127.0.0.1", self.ports["socks"]), timeout=10) as stream:
            stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for message in (b"\x05\x01\x02", b"\x01\x01u\x01p", b"\x05\x01\x00\x03\x01x\x00\x50"):
                for byte in message:
                    stream.sendall(bytes([byte]))
                self.assertEqual(stream.recv(100)[1] & ~2, 0)

    def test_socks_with_an_address_or_without_password_is_refused(self):
        self.assertEqual(self.talk(self.ports["socks"], b"\x05\x01\x00"), [b"\x05\xff"])
        answers = self.talk(self.ports["socks"], b"\x05\x01\x02", b"\x01\x01u\x01p",
                            b"\x05\x01\x00\x01\x7f\x00\x00\x01\x00\x50")
        self.assertEqual(answers[2][:2], b"\x05\x07")

    def test_pipelined_requests_are_answered_in_order(self):
        with socket.create_connection(("127.0.0.1", self.ports["http"]), timeout=10) as stream:
            stream.sendall(b"GET /bytes/1 HTTP/1.1\r\n\r\nPOST /bytes/2 HTTP/1.1\r\n"
                           b"Content-Length: 3\r\n\r\nabcGET /bytes/3 HTTP/1.1\r\n"
                           b"Connection: close\r\n\r\n")
            text = b"".join(iter(lambda: stream.recv(65536), b""))
        lengths = [int(part.split(b"\r\n")[0]) for part in text.split(b"Content-Length: ")[1:]]
        self.assertEqual(lengths, [1, 2, 3])


class Processes(WithBackend):
    def test_the_cpu_clock_of_a_process_advances_with_its_work(self):
        before = self.backend.cpu_seconds()
        self.result("--requests", "2000")
        used = self.backend.cpu_seconds() - before
        self.assertGreater(used, 2000 * 0.5e-6)
        self.assertLess(used, 5)
        self.assertGreater(self.backend.rss_bytes(), 100_000)


class Rules(unittest.TestCase):
    def test_every_dialect_has_as_many_rules(self):
        counts = {
            rules.for_haproxy(100).count("http-request allow"),
            rules.for_nginx(100).count('" 1;'),
            rules.for_egress(100).count("- name:"),
            rules.for_ingress(100).count("- name:"),
        }
        self.assertEqual(counts, {100})

    def test_one_rule_in_the_middle_matches(self):
        names = [rule.name for rule in rules.rules(10)]
        self.assertEqual(names.index("measured"), 5)
        self.assertEqual(len(set(names)), 10)

    def test_the_onion_address_is_well_formed(self):
        self.assertRegex(subjects.onion_address(), r"^[a-z2-7]{55}d\.onion$")


class Report(unittest.TestCase):
    def test_a_ratio_is_of_the_same_round(self):
        def sample(name, cpu_us):
            return report.Sample(name, 1, cpu_us, 0.5, 1, 1, 1, 1, 1, 0, 1, 0)

        rounds = [{"a": sample("a", 10), "b": sample("b", 5)},
                  {"a": sample("a", 40), "b": sample("b", 40)},
                  {"a": sample("a", 20), "b": sample("b", 10)}]
        self.assertEqual(report.ratios(rounds, "b", "a"), [0.5, 1.0, 0.5])
        self.assertIn("| b | ", report.table(rounds, "a").replace("  ", " "))


if __name__ == "__main__":
    unittest.main()
