"""Goal: at ingress the right certificate is let in and every other is refused before HTTP, and
the reason is counted.
Method: openssl, gnutls-cli, curl and Python ask the payment service, with each kind of certificate.
"""
from stage.pki import Pki
from stage.topology import CHAIN, GATEWAY, Service

import forge
import tools
from ground import AtIngress, main

TAKEN_BACK = Service("taken-back", "ops", 0, 0, 0, {})


class Callers(AtIngress):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        name = forge.name_of(GATEWAY)
        cls.foreign = Pki(cls.folder / "foreign", ["ops"]).home(GATEWAY)
        cls.posing = forge.certificate(cls.pki, "chain", name)
        cls.expired = forge.certificate(cls.pki, "ops", name, (-3, -1))
        cls.early = forge.certificate(cls.pki, "ops", name, (1, 3))
        cls.by_dns = forge.certificate(cls.pki, "ops", "DNS:api-gateway")
        cls.revoked = cls.pki.home(TAKEN_BACK)
        cls.pki.revoke(TAKEN_BACK)
        cls.sidecar.reload()

    def assert_refused(self, port, home, word, alert):
        """By each tool; the one that sends nothing is sure to hear the alert: no request of its
        own crosses it.
        """
        for tool in tools.ALL:
            with self.subTest(tool.__name__):
                with self.ends(word):
                    heard = tool(port, home)
                self.assertNotIn(b"HTTP/", heard.answer)
                if tool is not tools.python:  # to it an end behind the handshake is just an end
                    self.assertNotEqual(heard.code, 0, heard)
        with self.subTest("alert"), self.ends(word):
            self.assertIn(alert, tools.openssl(port, home, send=b"").words)
        self.assert_no_request_reached_the_app()

    def test_the_right_certificate_is_let_in_and_the_app_is_told_whose_it_is(self):
        for port, home, service in (
            (self.ops, self.mine, GATEWAY),
            (self.chain, self.chains, CHAIN),
        ):
            for tool in tools.ALL:
                with self.subTest(f"{tool.__name__} of {service.name}"):
                    with self.ends("full"):
                        heard = tool(port, home)
                    self.assertTrue(heard.answer.startswith(b"HTTP/1.1 200 "), heard)
                    self.assert_app_asked_by(service)

    def test_no_certificate(self):
        self.assert_refused(self.ops, None, "no_certificate", "certificate required")

    def test_an_authority_of_somebody_else(self):
        self.assert_refused(self.ops, self.foreign, "untrusted", "unknown ca")

    def test_a_certificate_of_another_plane(self):
        self.assert_refused(self.ops, self.chains, "untrusted", "unknown ca")
        self.assert_refused(self.chain, self.mine, "untrusted", "unknown ca")

    def test_a_name_of_this_plane_by_the_authority_of_another(self):
        self.assert_refused(self.ops, self.posing, "untrusted", "unknown ca")

    def test_a_name_of_another_plane_by_the_authority_of_this_one(self):
        self.assert_refused(self.chain, self.posing, "other_plane", "")

    def test_an_expired_certificate(self):
        self.assert_refused(self.ops, self.expired, "expired", "certificate expired")

    def test_a_certificate_that_is_not_valid_yet(self):
        self.assert_refused(self.ops, self.early, "not_yet_valid", "bad certificate")

    def test_a_revoked_certificate(self):
        self.assert_refused(self.ops, self.revoked, "revoked", "certificate revoked")

    def test_a_certificate_with_a_dns_name_alone(self):
        self.assert_refused(self.ops, self.by_dns, "no_uri", "")


if __name__ == "__main__":
    main()
