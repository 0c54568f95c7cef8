"""Goal: who has no certificate of the right plane hears nothing, and who has one is who it says.
Method: raw SOCKS clients straight to the payment sidecar, with a certificate, with none, with
another's, and with one that was taken back.
"""
import os
import signal

from stage.case import E2E, PAYOUTS, main
from stage.sidecar import eventually
from stage.topology import CHAIN, GATEWAY, PAYMENT, Service
from stage.wire import request

ONION = "tron-payment-ops"
OTHER = Service("other-service", "ops", 0, 0, 0, {})
SECONDS = 60


class PeerIdentity(E2E):
    services = (PAYMENT,)

    def answered(self, caller):
        """Whether a request by TLS with that certificate is answered; None: without one."""
        try:
            with self.pki.connect(self.plain_onion(ONION).stream, caller, PAYMENT) as stream:
                stream.sendall(request("GET", PAYOUTS))
                return stream.recv(1) != b""
        except TimeoutError:
            raise
        except OSError:  # an alert, or closed: TLS 1.3 refuses a client behind its handshake
            return False

    def assert_refused(self, caller):
        self.assertFalse(self.answered(caller))
        self.assert_no_request_reached_the_app()
        self.assertTrue(self.answered(GATEWAY), "nobody is answered at all")

    def reload(self):
        os.kill(self.sidecars[PAYMENT].pid, signal.SIGHUP)

    def test_without_a_certificate_nothing_is_answered(self):
        self.assert_refused(None)

    def test_without_tls_no_http_comes_back(self):
        stream = self.plain_onion(ONION).send(request("GET", PAYOUTS)).stream
        said = b""
        try:
            while part := stream.recv(4096):
                said += part
        except ConnectionError:
            pass
        self.assertNotIn(b"HTTP", said)
        self.assert_no_request_reached_the_app()

    def test_a_certificate_of_another_plane_is_refused(self):
        self.assert_refused(CHAIN)

    def test_the_app_is_told_the_service_of_the_certificate(self):
        lie = ["X-Beta-Source-Service: tron-payment"]
        stream = self.onion(ONION, as_service=GATEWAY)
        answer = stream.send(request("GET", PAYOUTS, headers=lie)).answer()
        self.assertEqual(answer.status, 200)
        seen = self.app.next_request()
        self.assertEqual(seen.one("X-Beta-Source-Service"), "api-gateway")
        self.assertEqual(seen.one("X-Beta-Source-Plane"), "ops")

    def test_another_service_of_the_plane_is_denied_whatever_it_says_that_it_is(self):
        lie = ["X-Beta-Source-Service: api-gateway"]
        stream = self.onion(ONION, as_service=OTHER)
        answer = stream.send(request("GET", PAYOUTS, headers=lie)).answer()
        self.assertEqual(answer.status, 403)
        self.assert_no_request_reached_the_app()

    def test_a_certificate_that_was_taken_back_is_refused_and_a_new_one_is_not(self):
        taken = Service("taken-back", "ops", 0, 0, 0, {})
        self.assertTrue(self.answered(taken))
        self.pki.revoke(taken)
        self.reload()
        eventually(lambda: not self.answered(taken), "the refusal", SECONDS)
        self.pki.issue(taken)
        self.assertTrue(self.answered(taken))

    def test_a_new_certificate_is_taken_in_place(self):
        def serial():
            stream = self.onion(ONION).stream
            return stream.getpeercert()["serialNumber"]

        before = serial()
        self.pki.issue(PAYMENT)
        self.reload()
        eventually(lambda: serial() != before, "the new certificate", SECONDS)


if __name__ == "__main__":
    main()
