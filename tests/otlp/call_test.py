"""A call from one sidecar to another, both of which send their spans to the sidecar of a collector:
whose child each span is, and whether OpenTelemetry's own code reads them as we mean them.
"""
import json
import os
import pathlib
import subprocess
import tempfile
import threading
import unittest

from loopback import socks
from stage import onion
from stage.app import Answer, App
from stage.pki import Pki
from stage.sidecar import eventually, own_environment
from stage.topology import Service
from stage.wire import Client, request
from tornet.process import dies_with, end

PATIENCE = 120  # seconds; what takes so long on a busy machine has failed
JUDGE = pathlib.Path(__file__).with_name("judge.cjs")
GATEWAY = Service("api-gateway", "ops", 0, 0, 0, {})
PAYMENT = Service("tron-payment", "wallet", 0, 0, 0, {"ops": 0})
COLLECTOR = Service("otel-collector", "chain", 0, 0, 0, {"ops": 0, "wallet": 0})
SERVICES = (GATEWAY, PAYMENT, COLLECTOR)
ONIONS = onion.invented(
    [service.onion_name(plane) for service in SERVICES for plane in (*service.ingress, "any")]
)
TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
HOSTILE = 'a"b\\c \xe9\xff'

PAYS = """
  - name: pays
    from: { plane: ops, services: [api-gateway] }
    to: { plane: wallet, services: [tron-payment] }
    paths: ["/pay/**"]"""
SPANS = """
  - name: spans
    from: { plane: "*" }
    to: { plane: chain, services: [otel-collector] }
    methods: [POST]
    paths: [/v1/traces]
"""


def directory():
    lines = ["apiVersion: beta.directory/v1", "services:"]
    for service in SERVICES:
        routes = ", ".join(f"{p}: {ONIONS[service.onion_name(p)]}" for p in service.ingress)
        by_any = ONIONS[service.onion_name("any")]
        where = f"onions: {{ {routes} }}" if routes else f"onion: {by_any}"
        lines.append(f"  {service.name}: {{ plane: {service.plane}, {where} }}")
    return "\n".join(lines) + "\n"


class Sidecar:
    """One process; what listens where is in `ports` once it does."""

    def __init__(self, folder, pki, service, app, tor, traced):
        home = folder / service.name
        home.mkdir()
        tracing = "collector: otel-collector, flush: 100ms, sample: 0%" if traced else ""
        block = ", ".join(f"{key}: {value}" for key, value in pki.block(service).items())
        ingress = [f"  - {{ plane: {plane}, address: 127.0.0.1:0 }}" for plane in service.ingress]
        files = {
            "services.yaml": directory(),
            "acl.yaml": f"apiVersion: beta.acl/v1\nplane: {service.plane}\nallow:"
            + (PAYS if service is not COLLECTOR else "")
            + SPANS,
            "sidecar.yaml": "\n".join(
                [
                    f"service: {service.name}\nplane: {service.plane}\napp: 127.0.0.1:{app}",
                    f"acl: acl.yaml\nservices: services.yaml\ntls: {{ {block} }}",
                    f"tor: {{ socks: 127.0.0.1:{tor} }}\ntracing: {{ {tracing} }}",
                    "egress: { address: 127.0.0.1:0 }\nadmin: { address: 127.0.0.1:0 }",
                    *(["ingress:", *ingress] if ingress else []),
                    "workers: 2\n",
                ]
            ),
        }
        for name, content in files.items():
            (home / name).write_text(content, encoding="utf-8")
        self._lines = []
        self._errors = open(home / "errors", "w+", encoding="utf-8")
        self._child = subprocess.Popen(
            [os.environ["BETA_SIDECAR"], "run", "-c", home / "sidecar.yaml"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=own_environment(),
            preexec_fn=dies_with(os.getpid()),
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.ports = eventually(self._bound, f"{service.name} to listen", PATIENCE)

    def _read(self):
        for line in self._child.stdout:
            self._lines.append(json.loads(line))

    def log(self):
        return list(self._lines)

    def _bound(self):
        if self._child.poll() is not None:
            self._errors.seek(0)
            raise AssertionError(f"ended: {self._errors.read()}")
        ports = {
            line["listener"]: int(line["address"].rpartition(":")[2])
            for line in self.log()
            if line.get("message") == "listening"
        }
        return ports if "admin" in ports else None

    def stop(self):
        """Drains it; its whole log is read then."""
        end([self._child], PATIENCE)
        self._reader.join()
        self._child.stdout.close()
        self._errors.close()


class Call(unittest.TestCase):
    """The gateway calls the payment service, and both tell the collector."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="beta-otlp.")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        pki = Pki(cls.folder / "pki", sorted({service.plane for service in SERVICES}))
        cls.app = App(0)
        cls.collector = App(0, lambda asked: Answer(headers=[("Content-Type", "application/json")]))
        for app in (cls.app, cls.collector):
            cls.addClassCleanup(app.close)
        ports = {}  # of onions
        tor = socks(lambda host: ports[host])
        cls.addClassCleanup(tor.close)
        cls.sidecars = {}
        for service, app in ((COLLECTOR, cls.collector), (PAYMENT, cls.app), (GATEWAY, cls.app)):
            traced = service is not COLLECTOR
            sidecar = Sidecar(cls.folder, pki, service, app.port, tor.port, traced)
            cls.addClassCleanup(sidecar.stop)
            cls.sidecars[service] = sidecar
            for plane in service.ingress:
                ports[ONIONS[service.onion_name(plane)]] = sidecar.ports[f"ingress:{plane}"]
        cls.bodies = []

    def call(self, path, agent="test"):
        """One call that is part of a recorded trace; what reached the app, where one did."""
        client = Client(self.sidecars[GATEWAY].ports["egress"], timeout=PATIENCE)
        self.addCleanup(client.stream.close)
        headers = [
            f"traceparent: 00-{TRACE}-{PARENT}-01",
            "tracestate: app=1",
            f"User-Agent: {agent}",
            "Connection: close",
        ]
        return client.send(request("GET", path, PAYMENT.name, headers)).answer()

    def spans(self, count):
        """(service, span) of the next exports, until there are so many."""
        found = []
        while len(found) < count:
            message = self.collector.next_request(PATIENCE)
            self.bodies.append(message.body.decode("ascii"))
            self.assertEqual(message.one("Content-Type"), "application/json")
            for whose in json.loads(message.body)["resourceSpans"]:
                said = {
                    one["key"]: one["value"]["stringValue"]
                    for one in whose["resource"]["attributes"]
                }
                for scope in whose["scopeSpans"]:
                    self.assertEqual(scope["scope"]["name"], "beta-sidecar")
                    found += [(said, span) for span in scope["spans"]]
        self.assertEqual(len(found), count)
        return found

    def judged(self):
        """What OpenTelemetry's own code says of all exports so far."""
        texts = self.folder / "exports"
        texts.write_text("".join(f"{body}\n" for body in self.bodies), encoding="utf-8")
        done = subprocess.run(
            [os.environ["BETA_NODE"], JUDGE, texts], capture_output=True, text=True, check=False
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_each_span_is_the_child_of_the_one_before(self):
        self.assertEqual(self.call("/pay/1?card=4711").status, 200)
        seen = self.app.next_request(PATIENCE)
        spans = {said["service.name"]: (said, span) for said, span in self.spans(2)}
        said, caller = spans[GATEWAY.name]
        self.assertEqual(said["service.namespace"], "ops")
        _, callee = spans[PAYMENT.name]
        self.assertEqual({caller["traceId"], callee["traceId"]}, {TRACE})
        self.assertEqual(caller["parentSpanId"], PARENT)
        self.assertEqual(callee["parentSpanId"], caller["spanId"])
        self.assertEqual(seen.all("traceparent"), [f"00-{TRACE}-{callee['spanId']}-01"])
        self.assertEqual(seen.all("tracestate"), ["app=1"])
        self.assertEqual((caller["kind"], callee["kind"]), (3, 2))
        text = "".join(self.bodies)
        self.assertNotIn(".onion", text)
        self.assertNotIn("card=4711", text)
        self.judged()

    def test_a_failure_and_strange_bytes_are_told_as_opentelemetry_would(self):
        self.assertEqual(self.call("/other", HOSTILE).status, 403)
        ((said, span),) = self.spans(1)
        self.assertEqual(said["service.name"], GATEWAY.name)
        self.assertEqual(span["status"], {"code": 2})
        self.judged()

    def test_the_log_names_the_span(self):
        self.assertEqual(self.call("/pay/2").status, 200)
        self.app.next_request(PATIENCE)
        ids = {span["spanId"] for _, span in self.spans(2)}

        def logged():
            lines = [line for sidecar in self.sidecars.values() for line in sidecar.log()]
            return ids <= {line.get("span_id") for line in lines}

        eventually(logged, "the lines of both spans", PATIENCE)


if __name__ == "__main__":
    unittest.main(verbosity=2)
