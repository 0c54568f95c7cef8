"""Goal: a websocket passes both sidecars and Tor untouched: frames, pings, fragments, its close.
Method: Debian's node-ws is the app's client and Debian's python3-websockets the server; neither
knows of the sidecars.
"""
import json
import pathlib
import subprocess

from stage import topology
from stage.case import E2E, PAYOUTS, main
from stage.metrics import total
from stage.sidecar import eventually
from stage.wire import request

PEERS = pathlib.Path(__file__).parent / "peers"
MESSAGES = 3000
HANDSHAKE = (
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
)


class Server:
    """The payment service's app, for once a websocket server of somebody else."""

    def __init__(self, port):
        # Debian's own Python has Debian's packages.
        self._process = subprocess.Popen(
            ["/usr/bin/python3", "-B", PEERS / "websocket_server.py", str(port)],
            stdout=subprocess.PIPE,
        )
        if self._process.stdout.readline() != b"listening\n":
            raise RuntimeError("the websocket server does not listen")

    def close(self):
        self._process.terminate()
        self._process.wait(20)
        self._process.stdout.close()


class Websocket(E2E):
    @classmethod
    def make_app(cls):
        return Server(topology.PAYMENT.app)

    def test_thousands_of_frames_large_ones_fragments_pings_and_a_close(self):
        done = subprocess.run(
            ["node", PEERS / "websocket_client.cjs", str(topology.GATEWAY.egress)]
            + ["tron-payment", PAYOUTS, str(MESSAGES)],
            env={"NODE_PATH": "/usr/share/nodejs", "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=150,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        seen = json.loads(done.stdout)
        self.assertEqual(
            seen,
            {
                "echoed": MESSAGES,
                "wrong": 0,
                "large": 3,
                "fragmented": 1,
                "pings": 1,
                "pongs": MESSAGES // 500 + 1,
                "code": 4001,
                "reason": "as asked",
            },
        )
        for service, direction in ((topology.GATEWAY, "egress"), (topology.PAYMENT, "ingress")):
            with self.subTest(direction=direction):
                self.assert_seen(self.sidecars[service], direction)

    def assert_seen(self, sidecar, direction):
        """One finished tunnel in the metrics and one line in the log, with its bytes."""
        wanted = {"direction": direction, "decision": "allow"}
        line = eventually(lambda: sidecar.access(**wanted), "the websocket's line")[-1]
        self.assertEqual(line["http.response.status_code"], 101)
        samples = sidecar.metrics()
        ends, passed = "beta_sidecar_tunnel_ends_total", "beta_sidecar_tunnel_bytes_total"
        labels = {"direction": direction}
        self.assertEqual(total(samples, ends, reason="finished", **labels), 1)
        self.assertEqual(total(samples, ends, **labels), 1)
        for way, field in (("sent", "request"), ("received", "response")):
            size = line[f"http.{field}.body.size"]
            self.assertGreater(size, 3 << 20)
            self.assertEqual(total(samples, passed, way=way, **labels), size)

    def test_who_comes_by_the_onion_of_the_chain_gets_no_websocket(self):
        stream = self.onion("tron-payment-chain")
        answer = stream.send(request("GET", PAYOUTS, headers=HANDSHAKE)).answer()
        self.assertEqual(answer.status, 403)

    def test_a_websocket_that_the_policy_denies_is_refused(self):
        answer = self.egress().send(request("GET", "/other", headers=HANDSHAKE)).answer()
        self.assertEqual(answer.status, 403)


if __name__ == "__main__":
    main()
