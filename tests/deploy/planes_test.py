"""Goal: what deploy/compose promises holds: apps have no way but their sidecar, and planes none to
one another but the calls that the policies allow.
Method: compose.yaml and watch.yaml are brought up as namespaces, with real sidecars, real tors and
a real Prometheus; then each app looks for a way out. That a way would be seen is shown first.
"""
import json
import os
import subprocess
import tempfile
import unittest

from composition import SERVICES
from containers import USER
from planes import PATIENCE, Planes
from stage.sidecar import eventually
from tornet.state import State

ALLOWED = ("api-gateway", "tron-payment", "/api/v1/payouts")
ADMIN, WATCHER = 9090, "prometheus"
# Of a sidecar, an app, a tor, a Prometheus, a DNS server, and what a host often serves.
PORTS = (22, 53, 80, 443, 853, 2375, 8080, 9001, 9030, 9040, 9050, 9051, 9090, 9091, 9150, 15001,
         15006)
LOOPBACK, ANY = "0100007F", "00000000"  # as /proc/net/tcp writes them
ASK = "import sys, urllib.request as u; print(u.urlopen(sys.argv[1], timeout=30).read().decode())"


@unittest.skipUnless(os.geteuid() == 0, "users and mounts of containers are root's to make")
class PlanesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="beta-planes.")
        cls.addClassCleanup(folder.cleanup)
        cls.state = State(os.environ["TORNET_STATE"])
        cls.planes = Planes(folder.name, cls.state)
        cls.addClassCleanup(cls.planes.close)
        try:
            cls.planes.start()
            cls.call_until_it_is_allowed()
        except BaseException:
            print(cls.planes.logs(), flush=True)
            raise

    @classmethod
    def call_until_it_is_allowed(cls):
        """Onions are found a while after they are published."""
        eventually(lambda: cls.call(*ALLOWED)[0] == 200, "an allowed call", PATIENCE)

    @classmethod
    def call(cls, caller, host, path):
        return cls.planes.inside(caller, "call", host, path)

    def room(self, service):
        return self.planes.namespaces[f"{service}-sidecar"]

    def eventually_calls(self, caller, host, path, status):
        """The answer with that status; what Tor owes it until then is no answer of the policy."""
        return eventually(
            lambda: (found := self.call(caller, host, path))[0] == status and found[1],
            f"{status} to {caller} from {host}{path}",
            PATIENCE,
        )

    def addresses(self, networks, most=254):
        """The first that a network has, given to somebody or not."""
        subnets = self.planes.switch.subnets
        return [f"{subnets[network]}.{host}" for network in networks for host in range(1, most + 1)]

    def test_what_the_policies_allow_goes_through(self):
        for caller, host, path in (ALLOWED, ("api-gateway", "blockchain-core", "/")):
            said = json.loads(self.eventually_calls(caller, host, path, 200))
            self.assertEqual(said, {"app": host, "caller": caller})

    def test_what_they_deny_is_403_at_the_callers_own_sidecar(self):
        for caller, host, path in (
            ("tron-payment", "api-gateway", "/"),
            ("tron-payment", "blockchain-core", "/"),
            ("blockchain-core", "tron-payment", "/api/v1/payouts"),
            ("blockchain-core", "api-gateway", "/"),
            ("api-gateway", "tron-payment", "/api/v1/governance/votes"),
        ):
            status, said = self.call(caller, host, path)
            self.assertEqual(status, 403, (caller, host, said))

    def test_in_an_apps_namespace_nobody_listens_but_the_app_and_its_sidecar(self):
        for service in SERVICES:
            room = self.room(service)
            wanted = [(ANY, ADMIN, USER), (LOOPBACK, 8080, USER), (LOOPBACK, 15001, USER)]
            self.assertEqual(sorted(set(room.listening("tcp"))), wanted)
            for protocol in ("tcp6", "udp", "udp6"):
                self.assertEqual(room.listening(protocol), [])

    def test_from_an_app_nothing_answers_on_any_address_of_any_network(self):
        for service, plane in SERVICES.items():
            others = self.addresses(self.planes.switch.subnets.keys() - {plane})
            found = self.planes.inside(service, "scan", others, PORTS)
            self.assertEqual(found, {"open": [], "refused": []}, service)

    def test_on_its_own_network_an_app_finds_its_sidecar_and_a_watcher_who_listens_to_nobody(self):
        for service, plane in SERVICES.items():
            ours = self.room(service).addresses[plane]
            watcher = self.planes.namespaces[WATCHER].addresses[plane]
            near = self.addresses([plane], most=8)
            found = self.planes.inside(service, "scan", near, [ADMIN, 8080])
            self.assertEqual(found["open"], [[ours, ADMIN]])
            refusing = sorted([[ours, 8080], [watcher, 8080], [watcher, ADMIN]])
            self.assertEqual(sorted(found["refused"]), refusing)

    def test_an_app_that_needs_no_route_reaches_neither_the_watcher_nor_other_planes(self):
        watcher = self.planes.namespaces[WATCHER]
        for service, plane in SERVICES.items():
            others = [
                address
                for room in self.planes.namespaces.values()
                for network, address in room.addresses.items()
                if network != plane
            ]
            watched = watcher.addresses["watch"]
            self.assertIn(watched, others)
            watcher.set("net.ipv4.conf.all.arp_ignore", 0)
            seen = self.planes.inside(service, "scan", [watched], [ADMIN], "eth0")
            self.assertEqual(seen["open"], [[watched, ADMIN]], "the way that arp_ignore closes")
            watcher.set("net.ipv4.conf.all.arp_ignore", 1)
            self.room(service).run("ip", "neigh", "flush", "all")
            found = self.planes.inside(service, "scan", others, [ADMIN, 8080, 15001], "eth0")
            self.assertEqual(found, {"open": [], "refused": []}, service)

    def test_tor_has_no_port_and_an_app_cannot_see_its_sockets(self):
        inside_tornet = self.state.entry(self.state.read())
        for protocol in ("tcp", "tcp6", "udp", "udp6"):
            table = subprocess.run(
                [*inside_tornet, "cat", f"/proc/net/{protocol}"],
                capture_output=True, text=True, check=True,
            ).stdout
            listening = [row.split() for row in table.splitlines()[1:]]
            state = "0A" if protocol.startswith("tcp") else "07"
            ours = [row for row in listening if row[3] == state and int(row[7]) == USER]
            self.assertEqual(ours, [])
        sockets = ["/run/tor/socks", "/run/tor/control", "/run/ingress/ops", "/run/ingress/wallet"]
        for service in SERVICES:
            self.assertEqual(self.planes.inside(service, "knock_at_sockets", *sockets), [])

    def test_no_name_has_an_address(self):
        names = ["example.com", "tron-payment", "tron-payment-sidecar", "prometheus"]
        for service in SERVICES:
            self.assertEqual(self.planes.inside(service, "look_up", *names), [])

    def test_prometheus_scrapes_every_sidecar(self):
        watcher = self.planes.containers[WATCHER]
        address = self.planes.namespaces[WATCHER].addresses["watch"]
        query = f"http://{address}:{ADMIN}/api/v1/query?query=up"

        def up():
            done = watcher.run("python3", "-c", ASK, query)
            if done.returncode != 0:
                return False
            result = json.loads(done.stdout)["data"]["result"]
            return sorted(one["metric"]["service"] for one in result if one["value"][1] == "1")

        eventually(lambda: up() == sorted(SERVICES), "three sidecars to be scraped", PATIENCE)


if __name__ == "__main__":
    unittest.main(verbosity=2)
