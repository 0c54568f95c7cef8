"""Loopback: sidecars as processes, and a SOCKS port that leads to them instead of into Tor."""

import contextlib
import json
import pathlib
import socket
import subprocess
import threading

from stage import onion

_PIECE = 256 * 1024


class Sidecar:
    """One process of the built binary with one worker; its ports are free ones."""

    def __init__(self, binary: str, folder: pathlib.Path, service: str, text: str):
        folder.mkdir()
        (folder / "services.yaml").write_text(
            "apiVersion: beta.directory/v1\nservices:\n"
            f"  pay: {{ plane: wallet, onion: {onion.invented(['pay'])['pay']}, port: 80 }}\n",
            encoding="utf-8",
        )
        plane = "wallet" if service == "pay" else "ops"
        (folder / "acl.yaml").write_text(
            f"apiVersion: beta.acl/v1\nplane: {plane}\nallow:\n  - name: all\n"
            '    from: { plane: ops }\n    to: { plane: wallet, services: [pay] }\n'
            '    paths: ["/**"]\n',
            encoding="utf-8")
        (folder / "sidecar.yaml").write_text(
            f"service: {service}\nplane: {plane}\nacl: acl.yaml\nservices: services.yaml\n"
            "identity: listener\n"
            f"workers: 1\nadmin: {{ address: off }}\n{text}", encoding="utf-8")
        self._child = subprocess.Popen([binary, "run", "-c", str(folder / "sidecar.yaml")],
                                       stdout=subprocess.PIPE, env={})
        event = {}
        while "address" not in event:  # warnings come first
            event = json.loads(self._child.stdout.readline())
        self.port = int(event["address"].rpartition(":")[2])
        self._log = threading.Thread(target=self._child.stdout.read, daemon=True)
        self._log.start()

    def memory(self, kind: str = "VmRSS") -> int:
        """Bytes: VmRSS now, VmHWM at most since forget_peak()."""
        status = pathlib.Path(f"/proc/{self._child.pid}/status").read_text(encoding="utf-8")
        line = next(line for line in status.splitlines() if line.startswith(kind))
        return int(line.split()[1]) * 1024

    def forget_peak(self) -> None:
        pathlib.Path(f"/proc/{self._child.pid}/clear_refs").write_text("5", encoding="utf-8")

    def stop(self) -> None:
        self._child.terminate()
        self._child.wait()
        self._log.join()
        self._child.stdout.close()


class Server:
    """Accepts on a port (0: a free one) or the path of a unix socket, each connection on a thread
    of its own, until close().
    """

    def __init__(self, serve, place: int | str = 0):
        self._serve = serve
        if isinstance(place, str):
            self._listener = socket.socket(socket.AF_UNIX)
            self._listener.bind(place)
            self._listener.listen()
        else:
            self._listener = socket.create_server(("127.0.0.1", place))
            self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                stream, _ = self._listener.accept()
                threading.Thread(target=self._run, args=(stream,), daemon=True).start()

    def _run(self, stream: socket.socket) -> None:
        with contextlib.suppress(OSError), stream:
            self._serve(stream)


GRANTED = b"\x05\x00\x00\x01" + bytes(6)  # what a SOCKS port says once it has connected


def socks_request(stream: socket.socket) -> str:
    """What a SOCKS5 client says first (RFC 1928, RFC 1929), answered as far as the host that it
    wants. GRANTED is for the caller to say.
    """
    _read(stream, _read(stream, 2)[1])
    stream.sendall(b"\x05\x02")
    _read(stream, _read(stream, 2)[1])
    _read(stream, _read(stream, 1)[0])
    stream.sendall(b"\x01\x00")
    host = _read(stream, _read(stream, 5)[4])
    _read(stream, 2)
    return host.decode()


def socks_to(port: int) -> Server:
    """A SOCKS5 port behind which every destination is this one."""
    return socks(lambda host: port)


def socks(port_of) -> Server:
    """A SOCKS5 port that leads to port_of(host), of this machine too."""

    def serve(stream: socket.socket) -> None:
        host = socks_request(stream)
        with socket.create_connection(("127.0.0.1", port_of(host))) as beyond:
            stream.sendall(GRANTED)
            join(stream, beyond)

    return Server(serve)


def bridge_to_unix(port: int, path: str) -> Server:
    """A port that leads to the unix socket `path`, which another namespace may listen on."""

    def serve(stream: socket.socket) -> None:
        with socket.socket(socket.AF_UNIX) as beyond:
            beyond.connect(path)
            join(stream, beyond)

    return Server(serve, port)


def join(stream: socket.socket, beyond: socket.socket, seen=None) -> None:
    """Passes bytes both ways until both have ended. `seen` hears of each piece before it is passed
    on, and whether it came from `stream`.
    """
    back = threading.Thread(target=_carry, args=(beyond, stream, seen, False), daemon=True)
    back.start()
    _carry(stream, beyond, seen, True)
    back.join()


def _read(stream: socket.socket, size: int) -> bytes:
    piece = stream.recv(size, socket.MSG_WAITALL)
    if len(piece) < size:
        raise ConnectionError("who only looked whether somebody listens")
    return piece


def _carry(source: socket.socket, sink: socket.socket, seen, up: bool) -> None:
    room = memoryview(bytearray(_PIECE))
    with contextlib.suppress(OSError):
        while size := source.recv_into(room):
            if seen:
                seen(bytes(room[:size]), up)
            sink.sendall(room[:size])
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
