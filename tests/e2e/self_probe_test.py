"""Goal: a sidecar sees that callers no longer find its onion, and publishes it again; what works
goes on.
Method: another tor publishes by the same key, and is killed: the directories keep its descriptor,
whose introduction points lead nowhere. The sidecar's own tor is made to forget what it knew.
"""
import base64
import hashlib

from stage import topology
from stage.case import PAYOUTS, main
from stage.fault import Fault
from stage.metrics import total
from stage.publishing import Publishing
from stage.sidecar import eventually
from stage.wire import request

SUCCESS, HEALED = "beta_sidecar_probe_success", "beta_sidecar_onion_republished_total"
POINTS, AGE = "beta_sidecar_onion_introduction_points", "beta_sidecar_onion_descriptor_age_seconds"
HANDSHAKES = "beta_sidecar_tls_handshakes_total"


def tor_key(pem):
    """The key as ADD_ONION takes it (control-spec §3.27): PKCS#8 ends in the seed, which tor wants
    expanded (RFC 8032 §5.1.5).
    """
    der = base64.b64decode("".join(pem.splitlines()[1:-1]))
    key = bytearray(hashlib.sha512(der[-32:]).digest())
    key[0] &= 248
    key[31] = key[31] & 63 | 64
    return "ED25519-V3:" + base64.b64encode(key).decode()


class SelfProbe(Publishing, Fault):
    more = ", probe: 1s"
    limits = f"{Publishing.limits}, keep_alive_time: 10m"  # of the connection that goes on

    def metric(self, name, **labels):
        return total(self.sidecars[topology.PAYMENT].metrics(), name, **labels)

    def succeeds(self):
        return self.metric(SUCCESS, plane="ops") == 1

    def wait_uploaded(self, watcher):
        """Until every directory that another tor sends its descriptors to has them."""
        sent, heard = 0, 0
        while sent == 0 or heard < sent:
            _, action, onion, *_ = watcher.event().split()
            if not self.onions[topology.PAYMENT.onion_name("ops")].startswith(onion):
                continue
            sent += action == "UPLOAD"
            heard += action in ("UPLOADED", "FAILED")

    def test_an_onion_whose_descriptor_leads_nowhere_is_published_again(self):
        eventually(self.succeeds, "an onion that is reached", 90)
        eventually(lambda: self.metric(POINTS, plane="ops") >= 1, "introduction points", 60)
        self.assertIn(AGE, [name for name, *_ in self.sidecars[topology.PAYMENT].metrics()])
        self.assertEqual(self.metric(HEALED), 0)
        held = self.onion(topology.PAYMENT.onion_name("ops"))
        self.assertEqual(held.send(request("GET", PAYOUTS)).answer().status, 200)

        key = tor_key(self.key_of("ops").read_text(encoding="ascii"))
        with self.tornet.control("host") as watcher, self.tornet.control("host") as usurper:
            watcher.ask("SETEVENTS HS_DESC")
            usurper.ask(f"ADD_ONION {key} Port=80,127.0.0.1:9")
            self.wait_uploaded(watcher)
            with self.tornet.control("client") as client:
                client.ask("SIGNAL NEWNYM")  # it drops what it knows of onions (control-spec §3.7)
            eventually(lambda: not self.succeeds(), "an onion that is not reached", 90)
            self.kill("host")
        eventually(lambda: self.metric(HEALED, plane="ops") >= 1, "an onion published again", 120)
        eventually(self.succeeds, "an onion that is reached again", 120)

        self.assertEqual(held.send(request("GET", PAYOUTS)).answer().status, 200)
        self.assertEqual(self.metric(HEALED, plane="chain"), 0, "one that worked was torn down")
        self.assertEqual(self.metric(HANDSHAKES, direction="ingress", result="untrusted"), 0)
        self.assertGreaterEqual(self.metric(HANDSHAKES, direction="ingress", result="self"), 1)
        self.assert_no_onion_in(self.sidecars[topology.PAYMENT].words())


if __name__ == "__main__":
    main()
