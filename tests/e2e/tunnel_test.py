"""Goal: TLS in a tunnel reaches a host outside through a Tor exit, only where a rule says so.
Method: a real TLS server where the exit finds it; the payment service calls it through its
sidecar with Python's ssl and with curl, both of which verify its certificate.
"""
import hashlib
import pathlib
import random
import socket
import ssl
import subprocess
import threading

from stage import topology
from stage.case import E2E, main
from stage.metrics import total
from stage.sidecar import eventually

DATA = random.Random(4).randbytes(2 << 20)
AUTHORITY = f"{topology.OUTSIDE}:{topology.OUTSIDE_PORT}"
BYTES = "beta_sidecar_tunnel_bytes_total"


def certificate(folder):
    """A self-signed one for the host outside: key and certificate files."""
    key, cert = pathlib.Path(folder) / "key.pem", pathlib.Path(folder) / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-days", "2", "-keyout", str(key), "-out", str(cert)]
    command += ["-subj", f"/CN={topology.OUTSIDE}"]
    command += ["-addext", f"subjectAltName=DNS:{topology.OUTSIDE}"]
    subprocess.run(command, check=True, capture_output=True)
    return key, cert


class Bank:
    """A TLS server: answers a GET with DATA, and anything else with the digest of what came."""

    def __init__(self, key, cert):
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(cert, key)
        self.accepted = 0
        self._listener = socket.create_server(("127.0.0.1", topology.OUTSIDE_PORT))
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self):
        while True:
            try:
                stream, _ = self._listener.accept()
            except OSError:
                return
            self.accepted += 1
            threading.Thread(target=self._serve, args=(stream,), daemon=True).start()

    def _serve(self, stream):
        with self._context.wrap_socket(stream, server_side=True) as inside:
            file = inside.makefile("rb")
            line = file.readline()
            length = 0
            while field := file.readline().strip():
                if field.lower().startswith(b"content-length:"):
                    length = int(field.split(b":")[1])
            digest = hashlib.sha256(file.read(length)).hexdigest().encode()
            body = DATA if line.startswith(b"GET ") else digest
            head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
            inside.sendall(head.encode() + body)


class Tunnel(E2E):
    services = (topology.PAYMENT, topology.GATEWAY)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key, cls.cert = certificate(cls.folder)
        cls.bank = Bank(cls.key, cls.cert)
        cls.addClassCleanup(cls.bank.close)

    def connect(self, service, authority=AUTHORITY):
        client = self.egress(service)
        client.send(f"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n".encode())
        return client

    def open_tunnel(self):
        """The raw stream of a tunnel that is up: nothing behind the answer has been read."""
        stream = self.connect(topology.PAYMENT).stream
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += stream.recv(1)
        self.assertTrue(head.startswith(b"HTTP/1.1 200 "), head)
        return stream

    def test_a_verified_tls_session_passes_megabytes_both_ways(self):
        context = ssl.create_default_context(cafile=self.cert)
        with context.wrap_socket(self.open_tunnel(), server_hostname=topology.OUTSIDE) as inside:
            inside.sendall(
                b"POST /up HTTP/1.1\r\nHost: bank\r\nContent-Length: %d\r\n\r\n" % len(DATA)
            )
            inside.sendall(DATA)
            answer = inside.makefile("rb").read()
        self.assertTrue(answer.endswith(hashlib.sha256(DATA).hexdigest().encode()), answer[:100])

    def test_curl_downloads_through_the_tunnel_and_the_bytes_are_counted(self):
        before = self.counted()
        done = subprocess.run(
            ["curl", "-sS", "--max-time", "120", "--cacert", self.cert]
            + ["--proxy", f"http://127.0.0.1:{topology.PAYMENT.egress}"]
            + [f"https://{AUTHORITY}/down"],
            capture_output=True,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(hashlib.sha256(done.stdout).digest(), hashlib.sha256(DATA).digest())
        eventually(lambda: self.counted() >= before + len(DATA), "the bytes in a metric")

    def counted(self):
        return total(self.sidecars[topology.PAYMENT].metrics(), BYTES, direction="egress")

    def test_who_has_finished_sending_still_gets_the_whole_answer(self):
        context = ssl.create_default_context(cafile=self.cert)
        with context.wrap_socket(self.open_tunnel(), server_hostname=topology.OUTSIDE) as inside:
            inside.sendall(b"GET /down HTTP/1.1\r\nHost: bank\r\n\r\n")
            socket.socket.shutdown(inside, socket.SHUT_WR)  # TCP's end, under a session that lives
            body = inside.makefile("rb").read().partition(b"\r\n\r\n")[2]
        self.assertEqual(hashlib.sha256(body).digest(), hashlib.sha256(DATA).digest())

    def test_a_tunnel_that_has_ended_is_one_line_of_the_log_with_its_bytes(self):
        sidecar = self.sidecars[topology.PAYMENT]
        wanted = {"direction": "egress", "decision": "allow", "destination": "tron-mainnet"}
        before = len(sidecar.access(**wanted))
        context = ssl.create_default_context(cafile=self.cert)
        with context.wrap_socket(self.open_tunnel(), server_hostname=topology.OUTSIDE) as inside:
            inside.sendall(b"GET /down HTTP/1.1\r\nHost: bank\r\n\r\n")
            inside.makefile("rb").read()
        lines = eventually(lambda: sidecar.access(**wanted)[before:], "the tunnel's line")
        self.assertEqual(len(lines), 1)
        self.assertEqual(lines[0]["http.request.method"], "CONNECT")
        self.assertEqual(lines[0]["http.response.status_code"], 200)
        self.assertEqual(lines[0]["beta.rule"], "payment-reaches-tron-network")
        self.assertGreater(lines[0]["http.request.body.size"], 100)  # TLS's first flight at least
        self.assertGreater(lines[0]["http.response.body.size"], len(DATA))

    def test_another_port_and_another_service_are_refused_without_a_call(self):
        before = self.bank.accepted
        for service, authority in (
            (topology.PAYMENT, f"{topology.OUTSIDE}:443"),
            (topology.PAYMENT, f"127.0.0.1:{topology.OUTSIDE_PORT}"),
            (topology.GATEWAY, AUTHORITY),
            (topology.GATEWAY, "tron-payment:80"),
        ):
            with self.subTest(service=service.name, authority=authority):
                self.assertEqual(self.connect(service, authority).answer().status, 403)
        self.assertEqual(self.bank.accepted, before)


if __name__ == "__main__":
    main()
