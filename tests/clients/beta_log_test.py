"""Goal: what an app says by the clients of docs/clients comes out of the sidecar's log, stamped,
and no fault of the log is one of the app's. Method: each client as its users run it, and the built
binary between it and the test.
"""
import http.client
import json
import logging
import os
import pathlib
import subprocess
import tempfile
import threading
import unittest

import beta_log
from stage import onion
from stage.sidecar import eventually, own_environment
from tornet.process import dies_with, end

CLIENTS = pathlib.Path(__file__).parents[2] / "docs" / "clients"
PATIENCE = 120  # seconds; what takes so long on a busy machine has failed
NASTY = 'quote " backslash \\ bell \a escape \x1b[2J \u20ac \u009b end'


class Sidecar:
    """The built binary with a listener for its app and none for peers."""

    def __init__(self, folder, text=""):
        home = pathlib.Path(folder)
        (home / "services.yaml").write_text(
            "apiVersion: beta.directory/v1\nservices:\n"
            f"  pay: {{ plane: wallet, onion: {onion.invented(['pay'])['pay']} }}\n",
            encoding="utf-8")
        (home / "acl.yaml").write_text(
            "apiVersion: beta.acl/v1\nplane: ops\nallow: []\n", encoding="utf-8")
        (home / "sidecar.yaml").write_text(
            "service: till\nplane: ops\nacl: acl.yaml\nservices: services.yaml\nworkers: 2\n"
            "identity: listener\negress: { address: 127.0.0.1:0 }\nadmin: { address: off }\n"
            + text, encoding="utf-8")
        self._child = subprocess.Popen(
            [os.environ["BETA_SIDECAR"], "run", "-c", home / "sidecar.yaml"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=own_environment(),
            preexec_fn=dies_with(os.getpid()))
        self.lines = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.port = eventually(self._bound, "the sidecar to listen", PATIENCE)
        self.address = f"127.0.0.1:{self.port}"

    def _read(self):
        for line in self._child.stdout:
            self.lines.append(json.loads(line))

    def _bound(self):
        if self._child.poll() is not None:
            raise AssertionError("the sidecar has ended")
        for line in list(self.lines):
            if line.get("message") == "listening" and line["listener"] == "egress":
                return int(line["address"].rpartition(":")[2])
        return None

    def said(self, count):
        """The app's lines, once there are `count`."""

        def lines():
            return [line for line in list(self.lines) if line["log"] == "app"]

        eventually(lambda: len(lines()) >= count, f"{count} lines of the app", PATIENCE)
        return lines()

    def stop(self):
        end([self._child], PATIENCE)
        self._reader.join()
        self._child.stdout.close()


class Case(unittest.TestCase):
    TEXT = ""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.sidecar = Sidecar(folder.name, self.TEXT)
        self.addCleanup(self.sidecar.stop)

    def handler(self, address=""):
        handler = beta_log.Handler(address or self.sidecar.address)
        self.addCleanup(handler.close)
        log = logging.Logger("app")
        log.addHandler(handler)
        return log, handler

    def run_client(self, *command, **more):
        return subprocess.run(
            command, env=own_environment() | {"http_proxy": f"http://{self.sidecar.address}"},
            cwd=CLIENTS, check=True, capture_output=True, timeout=PATIENCE, **more)


class Stamp(Case):
    def test_a_line_says_whose_it_is_and_no_field_of_the_apps_can(self):
        log, _ = self.handler()
        log.warning(NASTY, extra={"log": "audit", "service.name": "x", "timestamp": 1})
        (line,) = self.sidecar.said(1)
        self.assertEqual(line["service.name"], "till")
        self.assertEqual(line["beta.plane"], "ops")
        self.assertEqual(line["level"], "warn")
        self.assertEqual(line["message"], NASTY)
        self.assertEqual(line["app"]["log"], "audit")
        self.assertEqual(line["app"]["timestamp"], 1)
        self.assertTrue(line["beta.request_id"])
        self.assertTrue(line["timestamp"].endswith("Z"))

    def test_the_access_log_tells_of_the_request_and_of_no_decision(self):
        log, _ = self.handler()
        log.info("x")

        def told():
            return [line for line in list(self.sidecar.lines) if line["log"] == "access"]

        (line,) = eventually(told, "the access log", PATIENCE)
        self.assertEqual(line["beta.destination"], "beta.internal")
        self.assertEqual(line["url.path"], "/v1/logs")
        self.assertEqual(line["http.response.status_code"], 202)
        self.assertNotIn("beta.decision", line)
        (said,) = self.sidecar.said(1)
        self.assertEqual(said["beta.request_id"], line["beta.request_id"])


class Python(Case):
    def test_records_come_out_in_order_however_many(self):
        log, handler = self.handler()
        for number in range(3_000):
            log.info("line %d", number, extra={"number": number})
        handler.close()
        numbers = [line["app"]["number"] for line in self.sidecar.said(3_000)]
        self.assertEqual(numbers, list(range(3_000)))

    def test_what_cannot_be_told_is_told_in_part(self):
        log, handler = self.handler()
        log.error("not a number", extra={"value": float("nan")})
        log.error("an object", extra={"value": object()})
        log.error("half a pair \ud800")
        log.error("x" * 100_000)
        log.error("\x01" * 100_000, extra={"more": "\u20ac" * 100_000})
        log.error("no %d", "number")
        log.error("deep", extra={"value": json.loads("[" * 50 + "]" * 50)})
        log.info("last")
        handler.close()
        # One was dropped, and a line says so.
        messages = [line["message"] for line in self.sidecar.said(7)]
        self.assertIn("half a pair ?", messages)
        self.assertIn("not a number", messages)
        self.assertIn("an object", messages)
        self.assertIn("last", messages)
        self.assertTrue(any(message.startswith("x" * 8_000) for message in messages))
        self.assertTrue(any(message.startswith("\x01" * 2_000) for message in messages))

    def test_an_exception_comes_with_its_traceback(self):
        log, _ = self.handler()
        try:
            raise ValueError("broken")
        except ValueError:
            log.exception("it failed")
        (line,) = self.sidecar.said(1)
        self.assertIn("Traceback", line["message"])
        self.assertIn("ValueError: broken", line["message"])

    def test_without_a_sidecar_the_app_goes_on_and_is_not_held(self):
        log, handler = self.handler("127.0.0.1:1")
        for number in range(beta_log.QUEUE + 2_000):
            log.info("line %d", number)
        handler.close()
        log.info("after the end")


class Slow(Case):
    TEXT = "limits: { app_log_rate: 50 }\n"

    def test_a_client_that_is_told_to_wait_sends_it_again_later(self):
        log, handler = self.handler()
        for number in range(3):
            log.info("line %d", number, extra={"number": number})
            self.sidecar.said(number + 1)
        for number in range(3, 120):
            log.info("line %d", number, extra={"number": number})
        self.sidecar.said(3)
        for number in range(120, 125):
            log.info("line %d", number, extra={"number": number})
        numbers = [line["app"]["number"] for line in self.sidecar.said(125)]
        self.assertEqual(numbers, list(range(125)))


class Small(Case):
    TEXT = "log: { queue_lines: 16 }\n"

    def test_a_batch_that_the_queue_could_never_hold_is_refused_with_what_to_do(self):
        link = http.client.HTTPConnection(self.sidecar.address, timeout=PATIENCE)
        self.addCleanup(link.close)
        link.request("POST", "/v1/logs", b"{}\n" * 9,
                     {"Host": "beta.internal", "Content-Type": "application/x-ndjson"})
        answer = link.getresponse()
        self.assertEqual(answer.status, 413)
        self.assertIn("log.queue_lines", json.loads(answer.read())["detail"])


class Node(Case):
    def say(self, program):
        source = "import { createLog } from './beta_log.mjs'\nconst log = createLog()\n"
        return self.run_client(
            "node", "--input-type=module", "--eval", source + program + "\nawait log.close()")

    def test_lines_come_out_in_order_however_many(self):
        self.say("for (let i = 0; i < 3000; ++i) log.info(`line ${i}`, { number: i })")
        said = self.sidecar.said(3_000)
        self.assertEqual([line["app"]["number"] for line in said], list(range(3_000)))
        self.assertEqual(said[0]["level"], "info")
        self.assertEqual(said[0]["message"], "line 0")

    def test_what_cannot_be_told_is_told_in_part(self):
        self.say("const cycle = {}; cycle.self = cycle\n"
                 "log.error('a cycle', cycle)\n"
                 "log.error('a big one', { value: 10n })\n"
                 "log.error('half a pair \\ud800')\n"
                 "log.error('x'.repeat(100000), { more: '\\u20ac'.repeat(100000) })\n"
                 f"log.warn({json.dumps(NASTY)})\n"
                 "log.error({ toString() { throw new Error('no') } })")
        messages = [line["message"] for line in self.sidecar.said(5)]
        self.assertIn("a cycle", messages)
        self.assertIn("a big one", messages)
        self.assertIn("half a pair \ufffd", messages)
        self.assertIn(NASTY, messages)

    def test_without_a_sidecar_the_app_goes_on_and_ends(self):
        self.run_client(
            "node", "--input-type=module", "--eval",
            "import { createLog } from './beta_log.mjs'\n"
            "const log = createLog({ sidecar: '127.0.0.1:1' })\n"
            "for (let i = 0; i < 12000; ++i) log.info('x')\nlog.info('y')\n"
            "await log.close()")


class Shell(Case):
    def test_a_line_with_fields(self):
        done = self.run_client("./beta_log.sh", "info", NASTY, "files=12", 'a"b=c=d\\')
        self.assertEqual(done.stderr, b"")
        (line,) = self.sidecar.said(1)
        self.assertEqual(line["level"], "info")
        self.assertEqual(line["message"], NASTY.replace("\a", " ").replace("\x1b", " "))
        self.assertEqual(line["app"], {"files": "12", 'a"b': "c=d\\"})

    def test_lines_of_a_command(self):
        self.run_client("./beta_log.sh", "-", input=b"one\n\ntwo \xff \x1b[0m\n")
        one, two = self.sidecar.said(2)
        self.assertEqual(one["message"], "one")
        self.assertEqual(two["message"], "two \ufffd \x1b[0m")

    def test_bytes_that_are_no_text_are_left_out(self):
        self.run_client("./beta_log.sh", "warn", b"a\xffb")
        (line,) = self.sidecar.said(1)
        self.assertEqual(line["message"], "ab")

    def test_what_is_not_taken_is_said_and_the_script_goes_on(self):
        done = subprocess.run(
            [CLIENTS / "beta_log.sh", "info", "x"], check=True, capture_output=True,
            env=own_environment() | {"http_proxy": "127.0.0.1:1"}, timeout=PATIENCE)
        self.assertIn(b"not taken", done.stderr)


if __name__ == "__main__":
    unittest.main()
