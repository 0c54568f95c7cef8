"""nginx and HAProxy as running programs, and a backend that records what they forward to it."""

import pathlib
import socket
import subprocess
import threading
import time

from parsers import Cut, Message

MARKER = b"GET /the-end HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
PATIENCE = 5  # seconds, for a proxy that waits for bytes which do not come

NGINX = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 64; }}
http {{
  access_log off; client_max_body_size 0;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{
    listen unix:{listen};
    location / {{ proxy_pass http://unix:{backend}:; proxy_http_version 1.1; }}
  }}
}}
"""
HAPROXY = """
defaults
  mode http
  timeout connect 5s
  timeout client 10s
  timeout server 10s
  http-reuse never
frontend in
  bind unix@{listen}
  default_backend out
backend out
  server backend unix@{backend}
"""


class Recorder:
    """A server that answers each request of a proxy with 200 and keeps how it was cut."""

    def __init__(self, path: pathlib.Path):
        self._requests: list[Message] = []
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()

    def take(self) -> list[Message]:
        taken, self._requests = self._requests, []
        return taken

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as stream:
            line = stream.readline().decode("latin-1").split(" ")
            if len(line) != 3:
                return
            headers = {}
            while (field := stream.readline()) not in (b"\r\n", b""):
                name, _, value = field.decode("latin-1").partition(":")
                headers[name.lower()] = value.strip()
            payload = self._body(stream, headers)
            if payload is None:
                return
            self._requests.append(Message(line[0], line[1], 0, payload, True))
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    @staticmethod
    def _body(stream, headers: dict[str, str]) -> int | None:
        """Its length, as the proxy framed it; None when it breaks off."""
        if "transfer-encoding" not in headers:
            size = int(headers.get("content-length", "0"))
            return size if len(stream.read(size)) == size else None
        total = 0
        while True:
            line = stream.readline().split(b";")[0].strip()
            if not line:
                return None
            size = int(line, 16)
            if size == 0:
                break
            if len(stream.read(size)) != size or stream.readline() != b"\r\n":
                return None
            total += size
        while stream.readline() not in (b"\r\n", b""):
            pass
        return total


class Proxy:
    def __init__(self, name: str, command: list[str], config: str, folder: pathlib.Path):
        self.name = name
        self._listen = folder / f"{name}.in"
        backend = folder / f"{name}.out"
        self._recorder = Recorder(backend)
        file = folder / f"{name}.conf"
        file.write_text(config.format(folder=folder, listen=self._listen, backend=backend))
        self._process = subprocess.Popen([*command, str(file)], stderr=subprocess.DEVNULL)
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + 20
        while True:
            try:
                self._connect().close()
                return
            except OSError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"{self.name} does not start") from None
                time.sleep(0.01)  # it says nowhere when it listens

    def _connect(self) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(PATIENCE)
        connection.connect(str(self._listen))
        return connection

    def cut(self, stream: bytes) -> Cut:
        cut = Cut()
        with self._connect() as connection:
            answered = b""
            try:
                connection.sendall(stream + MARKER)
                while piece := connection.recv(65536):
                    answered += piece
            except TimeoutError:
                cut.messages.append(Message("waits for more"))
            except OSError:
                cut.refused = "resets"
        found = self._recorder.take()
        if not found or found[-1].target != "/the-end":
            cut.refused = answered[:30].decode("latin-1") or "closes"
        cut.messages = [one for one in found if one.target != "/the-end"] + cut.messages
        return cut

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(20)


def nginx(folder: pathlib.Path) -> Proxy:
    return Proxy("nginx", ["nginx", "-p", str(folder), "-c"], NGINX, folder)


def haproxy(folder: pathlib.Path) -> Proxy:
    return Proxy("haproxy", ["haproxy", "-db", "-q", "-f"], HAPROXY, folder)
