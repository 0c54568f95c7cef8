"""Goal: whatever befalls them, sidecars send nothing but to tor and the app, and look up no name.
Method: two sidecars and the app in a namespace of their own, where loopback is the way to
everywhere and tor is a unix socket. From before their start until their end every packet is
captured, and whoever opens /etc/hosts or /etc/resolv.conf is seen. That both would show a look-up
is shown first, by one.
"""
import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile

import loopback
from stage import topology
from stage.app import Answer
from stage.capture import Capture
from stage.case import E2E, PAYOUTS, main
from stage.look_ups import FILES, NAMESERVER, LookUps
from stage.sidecar import Sidecar, eventually
from stage.wire import BadMessage, request
from tornet import namespace
from tornet.process import dies_with

INSIDE = "NO_LEAK_INSIDE"  # the folder of both sides
DNS, PATIENCE = 53, 90
LOOK_UP = "import socket; socket.getaddrinfo('tron-payment.wallet', 80)"
UNAVAILABLE = (502, 503, 504)
OTHER_HOSTS = ("tron-payment.local", "localhost", "127.0.0.1", "example.com")
WEBSOCKET = (
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
)
SWITCHED = (
    b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n\x81\x05hello"
)
OUR_PORTS = {
    *(one.app for one in (topology.GATEWAY, topology.PAYMENT)),  # the gateway's is down, and asked
    *(one.egress for one in (topology.GATEWAY, topology.PAYMENT)),
    *(one.admin for one in (topology.GATEWAY, topology.PAYMENT)),
}


def is_ours(packet):
    """Whether it is of a TCP connection on 127.0.0.1 to the app or to a sidecar."""
    return (
        packet.protocol == socket.IPPROTO_TCP
        and packet.source == packet.target == "127.0.0.1"
        and (packet.to_port in OUR_PORTS or (packet.from_port in OUR_PORTS and not packet.opens))
    )


@contextlib.contextmanager
def wrong_tor(path, words):
    """Another server in tor's place: says that to whoever comes, and hangs up."""

    def serve(stream):
        stream.recv(4096)
        stream.sendall(words)

    path.unlink(missing_ok=True)
    with contextlib.closing(loopback.Server(serve, str(path))):
        yield
    path.unlink()


class NoLeak(E2E):
    services = ()  # they start when all eyes are open

    @staticmethod
    def reply(request):
        return Answer(raw=SWITCHED) if request.one("Upgrade") else Answer(b"paid")

    @classmethod
    def setUpClass(cls):
        namespace.raise_loopback()
        for version in ("-4", "-6"):
            subprocess.run(
                ["ip", version, "route", "add", "default", "dev", "lo"],
                check=version == "-4",  # there may be no IPv6 at all
            )
        super().setUpClass()
        cls.home = pathlib.Path(os.environ[INSIDE])
        cls.socks = cls.tornet.socks("client")
        cls.capture = Capture()
        cls.addClassCleanup(cls.capture.close)
        cls.look_ups = LookUps(cls.home)
        cls.addClassCleanup(cls.look_ups.close)

    def setUp(self):
        self.addCleanup(self.tornet.ask, {"do": "start", "name": "client"})
        self.show_that_a_look_up_would_be_seen()
        self.begin = self.capture.mark()
        for service in (topology.PAYMENT, topology.GATEWAY):
            self.start(service)
        for one in self.sidecars.values():
            one.wait_ready(PATIENCE)

    def show_that_a_look_up_would_be_seen(self):
        subprocess.run([sys.executable, "-c", LOOK_UP], capture_output=True, check=False)
        self.capture.mark()
        asked = {packet.target for packet in self.capture.packets() if packet.to_port == DNS}
        self.assertEqual(asked, {NAMESERVER})
        self.assertEqual(self.look_ups.seen(), set(FILES))

    def start(self, service):
        one = Sidecar(os.environ["BETA_SIDECAR"], self.folder, service, self.onions)
        text = one.config.read_text(encoding="utf-8")
        text = text.replace(f"127.0.0.1:{topology.TOR_SOCKS}", f"unix:{self.socks}")
        for plane, port in service.ingress.items():
            text = text.replace(f"127.0.0.1:{port} ", f"unix:{self.home}/{plane}-{port} ")
        one.config.write_text(text, encoding="utf-8")
        self.sidecars[service] = one
        self.addCleanup(one.stop)
        one.start()

    def get(self, host="tron-payment"):
        """The answer; none when the connection ended first."""
        with self.egress() as client, contextlib.suppress(BadMessage, OSError):
            return client.send(request("GET", PAYOUTS, host)).answer()
        return None

    def wait_for_answers(self):
        def answered():
            answer = self.get()
            return answer and answer.status == 200 and answer.body == b"paid"

        eventually(answered, "an answer of the app", PATIENCE)

    def use_everything(self):
        self.wait_for_answers()
        for host in (*OTHER_HOSTS, *self.onions.values()):
            self.assertIn(self.get(host).status, (400, 403), host)
        self.switch(
            topology.GATEWAY, request("GET", PAYOUTS, headers=WEBSOCKET), b"\x81\x05hello"
        )
        outside = f"{topology.OUTSIDE}:{topology.OUTSIDE_PORT}"
        self.switch(topology.PAYMENT, request("CONNECT", outside, outside), b"outside")

    def switch(self, service, head, wanted):
        """A tunnel that is up when what comes through it ends like that."""

        def came():
            data = b""
            with self.egress(service, timeout=30) as client, contextlib.suppress(OSError):
                client.send(head)
                while not data.endswith(wanted) and (part := client.stream.recv(4096)):
                    data += part
            return data.endswith(wanted)

        eventually(came, f"{wanted} through a tunnel", PATIENCE)

    def assert_unavailable(self):
        answer = self.get()
        self.assertIn(answer.status, UNAVAILABLE)
        self.assertIn("error=", answer.one("Proxy-Status"))

    def take_tor_away(self):
        self.assertNotIn("error", self.tornet.ask({"do": "kill", "name": "client"}))
        self.assert_unavailable()
        for words in (b"HTTP/1.0 400 Bad Request\r\n\r\n", bytes(range(256)), b""):
            with wrong_tor(self.socks, words):
                self.assert_unavailable()
                with self.egress(topology.PAYMENT) as client:
                    outside = f"{topology.OUTSIDE}:{topology.OUTSIDE_PORT}"
                    client.send(request("CONNECT", outside, outside))
                    self.assertIn(client.answer().status, UNAVAILABLE)
        self.tornet.ask({"do": "start", "name": "client"})

    def reload(self):
        for one in self.sidecars.values():
            one.signal(signal.SIGHUP)
            eventually(
                lambda: any(line.get("message", "").startswith("reloaded") for line in one.log()),
                "a reload",
                PATIENCE,
            )

    def restart(self):
        for one in self.sidecars.values():
            one.stop()
            one.start()
        for one in self.sidecars.values():
            one.wait_ready(PATIENCE)

    def drain(self):
        for one in self.sidecars.values():
            one.signal(signal.SIGTERM)
        for one in self.sidecars.values():
            self.assertEqual(one.exit_code(PATIENCE), 0)

    def test_nothing_is_sent_but_to_tor_and_the_app_and_no_name_is_looked_up(self):
        self.use_everything()
        self.take_tor_away()
        self.use_everything()
        self.restart()
        self.wait_for_answers()
        self.reload()
        self.wait_for_answers()
        self.drain()

        self.capture.mark()
        seen = self.capture.packets(self.begin)
        self.assertEqual([packet for packet in seen if not is_ours(packet)], [])
        self.assertEqual({packet.to_port for packet in seen if packet.opens}, OUR_PORTS)
        self.assertEqual(self.look_ups.seen(), set())
        self.assertEqual(self.capture.lost(), 0)


def outside():
    """In tor's namespace: ways from its services to the sidecars, and a host beyond its exit."""
    with tempfile.TemporaryDirectory(prefix="beta-e2e.") as folder:
        for plane, port in topology.PAYMENT.ingress.items():
            loopback.bridge_to_unix(port, f"{folder}/{plane}-{port}")
        loopback.Server(lambda stream: stream.sendall(b"outside"), topology.OUTSIDE_PORT)
        make, _ = namespace.maker()
        command = [*make, "unshare", "-m", "--", sys.executable, __file__]
        return subprocess.run(
            command,
            env=os.environ | {INSIDE: folder},
            preexec_fn=dies_with(os.getpid()),
            check=False,
        ).returncode


if __name__ == "__main__":
    if INSIDE in os.environ:
        main()
    else:
        sys.exit(outside())
