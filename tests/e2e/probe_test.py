"""Goal: the probe names the step at which a call over Tor ends.
Method: `beta-sidecar probe` by the gateway's files, with directories that lead to the payment
service, to an onion that nobody publishes, to a port that it does not serve and to the wrong
service.
"""
import json
import pathlib

from stage import topology
from stage.case import E2E, PAYOUTS, main
from stage.onion import NOBODYS_KEY, address_of

NOBODY = ["plane: wallet", f"onion: {address_of(NOBODYS_KEY)}", "port: 80"]
STEPS = ["name", "acl", "tor", "descriptor", "introduction", "rendezvous", "port", "tls"]


class Probe(E2E):
    services = (topology.GATEWAY, topology.PAYMENT)

    def probe(self, *options, service="tron-payment"):
        """(exit code, [(step, ok)], the whole answer)"""
        gateway = self.sidecars[topology.GATEWAY]
        done = gateway.command(
            "probe", service, "-c", str(gateway.config), "--json", "--path", PAYOUTS, *options
        )
        self.assert_no_onion_in(done.stdout + done.stderr)
        self.assertEqual(done.stderr, "")
        steps = json.loads(done.stdout)["steps"]
        return done.returncode, [(one["step"], one["ok"]) for one in steps], done.stdout

    def with_entries(self, entries):
        """The gateway's directory with these lines of services, for this test."""
        file = pathlib.Path(self.sidecars[topology.GATEWAY].config).parent / "services.yaml"
        before = file.read_text(encoding="utf-8")
        self.addCleanup(file.write_text, before, encoding="utf-8")
        text = topology.directory(self.onions, entries)
        file.write_text(text, encoding="utf-8")

    def assert_ends_at(self, step, *options):
        code, steps, words = self.probe(*options)
        passed = STEPS[: STEPS.index(step)]
        self.assertEqual(steps, [*((one, True) for one in passed), (step, False)], words)
        self.assertEqual(code, 69, words)

    def test_a_call_that_passes_is_followed_to_both_certificates(self):
        code, steps, words = self.probe()
        self.assertEqual(code, 0, words)
        self.assertEqual(steps, [(step, True) for step in STEPS], words)
        self.assertIn("takes our certificate", words)
        self.assert_no_request_reached_the_app()

    def test_a_request_reaches_the_app_when_it_is_asked_for(self):
        code, steps, words = self.probe("--request")
        self.assertEqual(code, 0, words)
        self.assertEqual(steps[-1], ("app", True), words)
        self.assertEqual(self.app.next_request().one("X-Beta-Source-Service"), "api-gateway")

    def test_a_name_that_nobody_has_is_65(self):
        code, steps, _ = self.probe(service="nobody")
        self.assertEqual((code, steps), (65, [("name", False)]))

    def test_a_call_that_the_policy_denies_is_1(self):
        code, steps, _ = self.probe("--method", "DELETE")
        self.assertEqual((code, steps), (1, [("name", True), ("acl", False)]))

    def test_an_onion_that_nobody_publishes_has_no_descriptor(self):
        self.with_entries({"tron-payment": NOBODY})
        self.assert_ends_at("descriptor")

    def test_a_port_that_the_onion_does_not_serve_is_the_port(self):
        onion = self.onions[topology.PAYMENT.onion_name("ops")]
        lines = ["plane: wallet", f"onion: {onion}", "port: 4711"]
        self.with_entries({"tron-payment": lines})
        self.assert_ends_at("port")

    def test_another_service_behind_the_onion_is_told_by_its_certificate(self):
        onion = self.onions[topology.PAYMENT.onion_name("ops")]
        lines = ["plane: chain", f"onion: {onion}", "port: 80"]
        self.with_entries({"tron-payment": NOBODY, "blockchain-core": lines})
        code, steps, words = self.probe(service="blockchain-core")
        self.assertEqual((code, steps[-1]), (69, ("tls", False)), words)
        self.assertEqual(steps[:-1], [(step, True) for step in STEPS[:-1]], words)


if __name__ == "__main__":
    main()
