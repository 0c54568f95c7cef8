"""Goal: without tor there is a 503, and never a packet to anywhere but tor's port and the app's.
Method: a world of its own (a nested namespace) with the sidecar and no tor, where loopback is
the way to everywhere; a packet socket sees whatever is sent, a name look-up included.
"""
import os
import socket
import struct
import subprocess
import sys
import tempfile
import unittest

from stage import onion, topology
from stage.case import PAYOUTS, main
from stage.sidecar import Sidecar
from stage.wire import Client, request
from tornet import namespace

ONIONS = onion.invented(topology.tornet_spec()["onions"])
INSIDE = "BETA_INSIDE"


def packets_until_quiet(sniffer):
    """(protocol, destination port, is a TCP SYN) of what was sent so far."""
    seen = []
    while True:
        try:
            data, (_, _, direction, *_) = sniffer.recvfrom(65535)
        except BlockingIOError:
            return seen
        if direction == socket.PACKET_OUTGOING:
            continue  # loopback shows each packet going out and coming in
        packet = data[14:]
        start = (packet[0] & 15) * 4 if packet[0] >> 4 == 4 else 40
        protocol = packet[9] if packet[0] >> 4 == 4 else packet[6]
        port = struct.unpack_from(">H", packet, start + 2)[0]
        seen.append(
            (protocol, port, protocol == socket.IPPROTO_TCP and packet[start + 13] & 0x12 == 0x02)
        )


class TorDown(unittest.TestCase):
    def setUp(self):
        namespace.raise_loopback()
        subprocess.run(["ip", "route", "add", "default", "dev", "lo"], check=True)
        self.sniffer = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self.sniffer.setblocking(False)
        self.addCleanup(self.sniffer.close)
        folder = tempfile.TemporaryDirectory(prefix="beta-e2e.")
        self.addCleanup(folder.cleanup)
        self.sidecar = Sidecar(os.environ["BETA_SIDECAR"], folder.name, topology.GATEWAY, ONIONS)
        self.addCleanup(self.sidecar.stop)
        self.sidecar.start()

    def call(self, **options):
        with Client(topology.GATEWAY.egress) as client:
            return client.send(request("GET", PAYOUTS, **options)).answer()

    def test_every_call_is_503_and_nothing_is_dialled_but_tor(self):
        self.sidecar.wait_alive()
        answer = self.call()
        self.assertEqual(answer.status, 503)
        self.assertIn("error=", answer.one("Proxy-Status") or "")
        for host in (
            "tron-payment.wallet",
            "tron-payment:80",
            *ONIONS.values(),
            "localhost",
            "127.0.0.1",
            "example.com",
        ):
            self.assertIn(self.call(host=host).status, (400, 403, 503), host)
        seen = packets_until_quiet(self.sniffer)
        dialled = {port for _, port, opens in seen if opens}
        gateway = topology.GATEWAY  # whose app is down, and asked for its health
        self.assertEqual(
            dialled - {gateway.egress, gateway.admin, gateway.app}, {topology.TOR_SOCKS}
        )
        self.assertEqual(
            {protocol for protocol, _, _ in seen}, {socket.IPPROTO_TCP}, "something was sent by UDP"
        )


if __name__ == "__main__":
    if INSIDE in os.environ:
        main()
    else:
        make, _ = namespace.maker()
        os.execvpe(make[0], [*make, sys.executable, __file__], os.environ | {INSIDE: "1"})
