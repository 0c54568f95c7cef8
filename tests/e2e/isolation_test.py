"""Goal: calls for different planes or destinations never share a circuit of tor.
Method: two sidecars call two destinations; tor's control port lists its circuits with the SOCKS
user of each.
"""
import re

from stage import topology
from stage.case import E2E, PAYOUTS, main
from stage.wire import request

CIRCUIT = re.compile(r'SOCKS_USERNAME="(?P<user>[^"]*)" SOCKS_PASSWORD="(?P<word>[^"]*)"')


class Isolation(E2E):
    services = (topology.GATEWAY, topology.PAYMENT, topology.CHAIN)

    def users(self, rendezvous_with):
        """The credentials of the circuits that serve streams to that onion."""
        address = self.onions[rendezvous_with].removesuffix(".onion")
        with self.tornet.control("client") as control:
            lines = control.ask("GETINFO circuit-status")
        return {
            CIRCUIT.search(line).groups()
            for line in lines
            if f"REND_QUERY={address}" in line and CIRCUIT.search(line)
        }

    def test_each_destination_has_credentials_of_its_own(self):
        before = self.users("tron-payment-ops") | self.users("blockchain-core-ops")
        self.egress(topology.GATEWAY).send(request("GET", PAYOUTS)).answer()
        self.egress(topology.GATEWAY).send(request("GET", PAYOUTS)).answer()
        self.egress(topology.GATEWAY).send(request("GET", "/", host="blockchain-core")).answer()
        payment = self.users("tron-payment-ops") - before
        chain = self.users("blockchain-core-ops") - before
        self.assertEqual((len(payment), len(chain)), (1, 1))
        self.assertNotEqual(payment, chain)
        for user, _ in payment | chain:
            self.assertFalse(user.startswith("<torS0X>"), "tor reads that prefix as a command")



if __name__ == "__main__":
    main()
