"""Tools: one request by the TLS clients that Debian has, each with a certificate or without."""
import contextlib
import dataclasses
import os
import socket
import ssl
import subprocess
import tempfile

from stage.wire import request
from tornet.process import dies_with

from ground import OPEN, PATIENCE

HOST = "tron-payment"


def ask(path=OPEN):
    return request("GET", path, headers=["Connection: close"])


@dataclasses.dataclass
class Heard:
    """What came out of TLS, what the tool said besides, and its exit code."""

    answer: bytes
    words: str
    code: int


def openssl(port, home, *options, send=None):
    words = ["openssl", *s_client(port, home), "-quiet", *options]
    return run(words, ask() if send is None else send)


def s_client(port, home):
    return ["s_client", "-connect", f"127.0.0.1:{port}", *_pair(home, "-cert", "-key")]


def gnutls(port, home, *options):
    pair = _pair(home, "--x509certfile", "--x509keyfile")
    to = ["--insecure", "--logfile=/dev/null", f"--port={port}", "127.0.0.1"]
    return run(["gnutls-cli", *pair, *options, *to], ask())


def curl(port, home, *options, scheme="https"):
    pair = _pair(home, "--cert", "--key")
    fixed = ["--silent", "--show-error", "--insecure", "--include", "--noproxy", "*"]
    url = f"{scheme}://127.0.0.1:{port}{OPEN}"
    return run(["curl", *fixed, *pair, *options, "--header", f"Host: {HOST}", url], b"")


def python(port, home, *versions):
    try:
        with connect(port, home, *versions) as stream:
            stream.sendall(ask())
            return Heard(read_all(stream), "", 0)
    except OSError as error:
        if isinstance(error, TimeoutError):
            raise
        return Heard(b"", str(error), 1)


ALL = (openssl, gnutls, curl, python)


def client_context(home, version=ssl.TLSVersion.TLSv1_3):
    """Believes any server: it is the server that is tested."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.maximum_version = version
    if home:
        context.load_cert_chain(home / "cert.pem", home / "key.pem")
    return context


def connect(port, home, *version):
    stream = socket.create_connection(("127.0.0.1", port), PATIENCE)
    try:
        return client_context(home, *version).wrap_socket(stream)
    except OSError:
        stream.close()
        raise


def read_all(stream):
    """Until the end, or what there was before a reset."""
    said = b""
    with contextlib.suppress(ConnectionError):
        while part := stream.recv(65536):
            said += part
    return said


def run(command, send):
    """The input stays open: not all tools wait for an answer once it ends."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child, into = start_at_packets(command, stdout=out, stderr=err)
        with contextlib.suppress(BrokenPipeError):
            for line in send.splitlines(keepends=True):
                os.write(into, line)
        try:
            code = child.wait(PATIENCE)
        finally:
            child.kill()
            os.close(into)
        out.seek(0)
        err.seek(0)
        return Heard(out.read(), err.read().decode(errors="replace"), code)


def start_at_packets(command, **streams):
    """The tool, and a pipe into it of which each read gives what one write put there: gnutls-cli
    sees one line a read, and openssl one command.
    """
    out, into = os.pipe2(os.O_DIRECT | os.O_CLOEXEC)
    try:
        return start(command, stdin=out, **streams), into
    finally:
        os.close(out)


def start(command, **streams):
    return subprocess.Popen(
        [str(word) for word in command], preexec_fn=dies_with(os.getpid()), **streams
    )


def _pair(home, certificate, key):
    return [certificate, home / "cert.pem", key, home / "key.pem"] if home else []
