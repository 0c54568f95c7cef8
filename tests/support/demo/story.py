"""Story: what scripts/demo shows, inside the network's namespace. Every line is a real call's
outcome; one that is not as it should be makes the demo fail.
"""
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

from stage import pki, topology
from stage.topology import CHAIN, GATEWAY, PAYMENT
from stage.wire import Client, request
from tornet.state import State

HERE = pathlib.Path(__file__).resolve().parent
PAYOUTS = "/api/v1/payouts"
CONSENSUS = "/api/v1/consensus"
HASTY_CALLS = 60
WARM_CALLS = 300
HANDSHAKE_REFUSED = (35, 52, 55, 56)  # curl's codes: by an alert, or the stream had an end
COLOURS = sys.stdout.isatty() and "NO_COLOR" not in os.environ
METRICS = (
    "beta_sidecar_requests_total",
    "beta_sidecar_acl_violations_total",
    "beta_sidecar_rate_limited_total",
    "beta_sidecar_tor_connects_total",
)


def paint(code, text):
    return f"\x1b[{code}m{text}\x1b[0m" if COLOURS else text


def heading(text):
    print("\n" + paint(1, text))


class Unexpected(Exception):
    """A call did not end as the demo says it must."""


def expect(true, what):
    if not true:
        raise Unexpected(what)
    print(paint(32, f"    ✓ {what}"))


class Demo:
    def __init__(self, state, binary):
        self._state, self._binary = State(state), binary
        self._network = self._state.read()
        self._run = self._state.folder / "run"

    def certify(self):
        """New authorities each time: those of a demo long ago may be at their end."""
        shutil.rmtree(self._run, ignore_errors=True)
        self._pki = topology.pki(self._run)
        for service in topology.SERVICES.values():
            self._pki.issue(service)
            print(f"    {service.plane:6} ca/{service.plane}.pem signed {pki.identity(service)}")

    def start(self):
        """Three apps and three sidecars, as processes of the network: they end when it does."""
        running = self._state.ask({"do": "status"})["pids"]
        for service in topology.SERVICES.values():
            config = topology.write(self._run, service, self._network["onions"])
            app = HERE / (service.name.replace("-", "_") + ".py")
            proxy = f"http_proxy=http://127.0.0.1:{service.egress}"
            for name, command in (
                (service.name, ["env", proxy, sys.executable, str(app), str(service.app)]),
                (f"{service.name}-sidecar", [self._binary, "run", "-c", str(config)]),
            ):
                if name in running:
                    self._state.ask({"do": "stop", "name": name})
                self._state.ask({"do": "run", "name": name, "command": command})
        for service in topology.SERVICES.values():
            self._await(service)

    def _await(self, service):
        config = self._run / service.name / "sidecar.yaml"
        done = subprocess.run(
            [self._binary, "wait", "--ready", "--timeout", "60s", "-c", str(config)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            log = (self._state.folder / f"{service.name}-sidecar.log").read_text(encoding="utf-8")
            raise Unexpected(
                f"the sidecar of {service.name} is not ready: {done.stderr}{log[-2000:]}"
            )
        print(
            f"    {f'{service.plane}/{service.name}':24} app :{service.app}  "
            f"egress :{service.egress}  "
            f"ingress {' '.join(f':{port} ({plane})' for plane, port in service.ingress.items())}  "
            f"admin :{service.admin}"
        )

    def allowed(self):
        heading("1. The gateway pays: ops/api-gateway → wallet/tron-payment, as a forward proxy")
        status, body = curl(GATEWAY, "-d", '{"amount":"12.50"}', f"http://tron-payment{PAYOUTS}")
        expect(
            status == 201 and json.loads(body)["asked_by_plane"] == "ops",
            "201: by mutual TLS between two sidecars over an onion; the app was told who asks",
        )
        heading("   The same in reverse style, and by the gateway's own app")
        status, _ = curl(
            None, "-H", "Host: tron-payment.wallet", f"http://127.0.0.1:{GATEWAY.egress}{PAYOUTS}"
        )
        expect(status == 200, "200")
        status, _ = curl(
            None, "-d", '{"amount":"3.00"}', f"http://127.0.0.1:{GATEWAY.app}/checkout"
        )
        expect(status == 200, "200: the app calls http://tron-payment/… and knows no onion")

    def denied(self):
        heading("2. The chain node tries to be paid: chain/blockchain-core → wallet/tron-payment")
        status, body = curl(CHAIN, "-d", '{"amount":"12.50"}', f"http://tron-payment{PAYOUTS}")
        expect(status == 403, f"403 before anything left its sidecar: {json.loads(body)['detail']}")
        heading("   The gateway asks the payment service for what is no payment")
        status, body = curl(GATEWAY, "http://tron-payment/api/v1/sessions/1")
        expect(status == 403, f"403: {json.loads(body)['detail']}")
        self.goes_round()

    def goes_round(self):
        """By no sidecar, straight to the onion that the chain is given."""
        heading("   The chain node goes round its own sidecar, straight to the onion, as nobody")
        address = self._network["onions"][PAYMENT.onion_name("chain")]
        home = self._pki.home(CHAIN)
        call = (
            *("--socks5-hostname", f"127.0.0.1:{topology.TOR_SOCKS}", "--http1.1", "--insecure"),
            *("-H", "Host: tron-payment", "-d", "{}"),
        )
        certificate = ("--cert", str(home / "cert.pem"), "--key", str(home / "key.pem"))
        url, shown = (f"https://{host}:80{PAYOUTS}" for host in (address, f"{address[:8]}….onion"))
        curl_refused(*call, url, shown=shown)
        heading("   And as itself, with the certificate of its own sidecar")
        status, _ = curl(None, *call, *certificate, url, shown=shown)
        expect(status == 403, "403 by the payment service's own sidecar: both ends decide")

    def limited(self):
        heading(f"3. The gateway asks for payouts {HASTY_CALLS} times at once: 100/min, burst 20")
        with Client(GATEWAY.egress) as client:
            client.send(request("GET", PAYOUTS) * HASTY_CALLS)
            answers = [client.answer() for _ in range(HASTY_CALLS)]
        refused = [answer for answer in answers if answer.status == 429]
        passed = [answer for answer in answers if answer.status == 200]
        expect(
            len(passed) + len(refused) == HASTY_CALLS and passed and refused,
            f"{len(passed)} passed, {len(refused)} were told to come back: 429, "
            f"Retry-After: {refused[0].one('Retry-After') if refused else None}",
        )

    def metrics(self):
        heading("4. The metrics of it")
        for service, needed in (
            (GATEWAY, 'verdict="allow"'),
            (PAYMENT, 'direction="ingress"'),
            (CHAIN, "acl_violations"),
        ):
            _, text = curl(None, f"http://127.0.0.1:{service.admin}/metrics", quiet=True)
            lines = [
                line
                for line in text.splitlines()
                if line.startswith(METRICS) and not line.endswith(" 0")
            ]
            print(paint(2, f"    {service.name} :{service.admin}/metrics"))
            for line in lines:
                print(f"      {line.removeprefix('beta_sidecar_')}")
            if not any(needed in line for line in lines):
                raise Unexpected(f"no {needed} in the metrics of {service.name}")

    def latency(self):
        heading(
            f"5. The latency of {WARM_CALLS} warm calls, one after the other: "
            "ops/api-gateway → chain/blockchain-core"
        )
        over_tor = times(GATEWAY.egress, CHAIN.name)
        direct = times(CHAIN.app, CHAIN.name)
        for name, values in (
            ("to the app itself", direct),
            ("sidecar → Tor → sidecar → app", over_tor),
        ):
            print(
                f"    {name:32} p50 {statistics.median(values):7.2f} ms   "
                f"p99 {statistics.quantiles(values, n=100)[98]:7.2f} ms"
            )


def curl(service, *arguments, shown=None, quiet=False):
    """(status, body) of a call; `service` gives the sidecar that is its proxy."""
    done = run_curl(service, *arguments, shown=shown, quiet=quiet)
    if done.returncode != 0:
        raise Unexpected(done.stderr.strip())
    body, _, status = done.stdout.rpartition("\n")
    if not quiet:
        print(paint(2, f"      {body.strip()}"))
    return int(status), body


def curl_refused(*arguments, shown):
    done = run_curl(None, *arguments, shown=shown)
    print(paint(2, f"      {done.stderr.strip()}"))
    expect(
        done.returncode in HANDSHAKE_REFUSED,
        "nothing but the end of the handshake: who has no certificate is told nothing",
    )


def run_curl(service, *arguments, shown, quiet=False):
    environment = {
        key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")
    }
    prefix = ""
    if service:
        environment["http_proxy"] = f"http://127.0.0.1:{service.egress}"
        prefix = f"http_proxy={environment['http_proxy']} "
    if not quiet:
        words = [
            f"'{word}'" if set(word) & set(' {"') else word
            for word in (*arguments[:-1], shown or arguments[-1])
        ]
        print(f"    $ {prefix}curl {' '.join(words)}")
    return subprocess.run(
        ["curl", "-sS", "--max-time", "60", "-w", "\n%{http_code}", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def times(port, host):
    """Milliseconds of each warm call, on one connection; of calls that no limit counts."""
    call = request("GET", CONSENSUS, host=host)
    values = []
    with Client(port) as client:
        client.send(call).answer()
        for _ in range(WARM_CALLS):
            begun = time.perf_counter()
            answer = client.send(call).answer()
            values.append((time.perf_counter() - begun) * 1000)
            if answer.status != 200:
                raise Unexpected(f"a warm call ended with {answer.status}")
    return values


def main(state, binary):
    demo = Demo(state, binary)
    try:
        heading("An authority for each plane, and a certificate for each service: scripts/pki")
        demo.certify()
        heading("Three services, each with its sidecar, which know each other by mutual TLS")
        demo.start()
        demo.allowed()
        demo.denied()
        demo.limited()
        demo.metrics()
        demo.latency()
    except Unexpected as error:
        print(paint(31, f"    ✗ not as expected: {error}"))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
