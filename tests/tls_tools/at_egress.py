"""AtEgress: the gateway's sidecar, and callees that are not what they should be."""
from loopback import GRANTED, Server, socks, socks_request
from stage import onion
from stage.topology import GATEWAY, Service
from stage.wire import Client, request

from ground import PATIENCE, Ground

SECRET = "a-secret-of-the-request"


def callee(name):
    return Service(name, "wallet", 0, 0, 0, {})


class AtEgress(Ground):
    """`callees`: services of wallet that the gateway may call; a class says where SOCKS leads."""

    direction = "egress"
    callees = ()
    limits = "{}"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.names = {address: name for name, address in onion.invented(cls.callees).items()}
        tor = cls.tor()
        cls.addClassCleanup(tor.close)
        cls.sidecar = cls.start(
            GATEWAY,
            f"tor: {{ socks: 127.0.0.1:{tor.port} }}\negress: {{ address: 127.0.0.1:0 }}\n"
            f"limits: {cls.limits}",
            callees=cls.callees,
        )

    @classmethod
    def by_process(cls, ports):
        """A SOCKS port that leads to ports[name] of this machine."""
        return socks(lambda host: ports[cls.names[host]])

    @classmethod
    def by_hand(cls, serve):
        """A SOCKS port that is the callee too: serve(stream, name) once it has connected."""

        def both(stream):
            name = cls.names[socks_request(stream)]
            stream.settimeout(PATIENCE)
            stream.sendall(GRANTED)
            serve(stream, name)

        return Server(both)

    def call(self, name):
        """A connection on which a request for that service is on its way."""
        client = Client(self.sidecar.ports["egress"], timeout=PATIENCE)
        self.addCleanup(client.stream.close)
        return client.send(request("GET", f"/open/{SECRET}", name, ["Connection: close"]))

    def assert_failed(self, name, status, error, word):
        """Every try of it ends in this word; there may be several, each by another circuit."""
        before = self.sidecar.handshakes(self.direction)
        answer = self.call(name).answer()
        happened = self.sidecar.handshakes(self.direction) - before
        self.assertEqual(set(happened), {word})
        self.assertEqual(answer.status, status)
        self.assertIn(f"error={error}", answer.one("Proxy-Status"))
