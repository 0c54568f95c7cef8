"""Goal: the raw peers of end-to-end tests prove and demand identities as a sidecar does.
Method: a TLS server of Python with the payment service's certificate stands where a sidecar would.
"""
import pathlib
import socket
import ssl
import tempfile
import threading
import unittest

from stage import pki
from stage.topology import CHAIN, GATEWAY, PAYMENT, Service

IMPOSTOR = Service("impostor", "wallet", 0, 0, 0, {})


class StagePki(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="beta-pki.")
        cls.addClassCleanup(folder.cleanup)
        planes = [service.plane for service in (GATEWAY, PAYMENT, CHAIN)]
        cls.pki = pki.Pki(pathlib.Path(folder.name) / "pki", planes)
        for service in (GATEWAY, PAYMENT, CHAIN, IMPOSTOR):
            cls.pki.home(service)

    def serve(self, service):
        """Answers `hello` to one caller of ops; gives a stream to it, not yet TLS."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*(self.pki.home(service) / f"{n}.pem" for n in ("cert", "key")))
        context.load_verify_locations(self.pki.folder / "ca" / "ops.pem")
        context.verify_mode = ssl.CERT_REQUIRED
        ours, theirs = socket.socketpair()

        def answer():
            try:
                with context.wrap_socket(theirs, server_side=True) as stream:
                    self.seen = stream.getpeercert()["subjectAltName"]
                    stream.sendall(b"hello")
            except OSError:
                theirs.close()

        thread = threading.Thread(target=answer)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(ours.close)
        ours.settimeout(60)
        return ours

    def test_two_services_know_each_other(self):
        stream = self.pki.connect(self.serve(PAYMENT), GATEWAY, PAYMENT)
        self.assertEqual(stream.recv(5), b"hello")
        self.assertEqual(stream.version(), "TLSv1.3")
        self.assertEqual(self.seen, (("URI", pki.identity(GATEWAY)),))
        stream.close()

    def test_without_a_certificate_or_with_one_of_another_plane_nothing_is_heard(self):
        for caller in (None, CHAIN):
            with self.subTest(caller and caller.name), self.assertRaises(OSError):
                with self.pki.connect(self.serve(PAYMENT), caller, PAYMENT) as stream:
                    self.assertEqual(stream.recv(5), b"")
                raise OSError("closed without a word")

    def test_a_callee_of_another_plane_is_not_believed(self):
        with self.assertRaises(ssl.SSLCertVerificationError):
            self.pki.connect(self.serve(CHAIN), GATEWAY, PAYMENT)

    def test_another_service_of_the_same_plane_is_not_taken_for_the_callee(self):
        with self.assertRaises(pki.WrongPeer):
            self.pki.connect(self.serve(IMPOSTOR), GATEWAY, PAYMENT)

    def test_the_same_folder_goes_on_with_the_same_certificates(self):
        before = (self.pki.home(GATEWAY) / "cert.pem").read_bytes()
        again = pki.Pki(self.pki.folder, ["ops"])
        self.assertEqual((again.home(GATEWAY) / "cert.pem").read_bytes(), before)

    def test_what_goes_wrong_is_told_with_the_words_of_the_script(self):
        with self.assertRaisesRegex(pki.PkiFailed, "no authority of plane dmz"):
            self.pki.issue(Service("web", "dmz", 0, 0, 0, {}))


if __name__ == "__main__":
    unittest.main()
