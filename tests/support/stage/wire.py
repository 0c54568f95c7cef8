"""Wire: HTTP/1.1 messages read as they come, without mending anything: tests look at the bytes."""
import dataclasses
import socket


class BadMessage(Exception):
    """What came is not the HTTP/1.1 message that was awaited."""


@dataclasses.dataclass
class Message:
    start: str  # request line or status line
    headers: list  # (name, value) in order, as sent
    body: bytes = b""
    trailers: list = dataclasses.field(default_factory=list)
    chunked: bool = False

    @property
    def method(self):
        return self.start.split(" ")[0]

    @property
    def target(self):
        return self.start.split(" ")[1]

    @property
    def status(self):
        return int(self.start.split(" ")[1])

    def all(self, name):
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def one(self, name):
        values = self.all(name)
        return values[0] if len(values) == 1 else None

    def names(self):
        return {key.lower() for key, _ in self.headers}


class Reader:
    def __init__(self, stream):
        self._file = stream.makefile("rb")

    def request(self):
        """The next request with its body, or None at the end of the stream."""
        message = self._head()
        return message and self._with_body(message, to_end=False)

    def answer(self, method="GET"):
        """The next final answer; interim ones (1xx) are passed over."""
        while True:
            message = self._head()
            if message is None:
                raise BadMessage("closed before an answer")
            if message.status >= 200:
                break
        if method == "HEAD" or message.status in (204, 304):
            return message
        return self._with_body(message, to_end=True)

    def at_end(self):
        """Waits for the peer to close; False when it says something more."""
        return self._file.read(1) == b""

    def _head(self):
        line = self._file.readline()
        if not line:
            return None
        return Message(self._text(line), self._fields())

    def _fields(self):
        fields = []
        while text := self._text(self._file.readline()):
            name, _, value = text.partition(":")
            fields.append((name, value.strip(" \t")))
        return fields

    @staticmethod
    def _text(line):
        if not line.endswith(b"\r\n"):
            raise BadMessage(f"not a whole line: {line!r}")
        return line[:-2].decode("latin-1")

    def _with_body(self, message, to_end):
        if message.all("Transfer-Encoding"):
            message.chunked = True
            message.body = b"".join(iter(self._chunk, b""))
            message.trailers = self._fields()
        elif message.all("Content-Length"):
            message.body = self._exactly(int(message.one("Content-Length")))
        elif to_end:
            message.body = self._file.read()
        return message

    def _chunk(self):
        size = int(self._text(self._file.readline()).partition(";")[0], 16)
        if size == 0:
            return b""
        data = self._exactly(size)
        self._text(self._file.readline())
        return data

    def _exactly(self, count):
        data = self._file.read(count)
        if len(data) != count:
            raise BadMessage(f"closed after {len(data)} of {count} bytes")
        return data


class Client:
    """One connection to an address on loopback (or one already made), for raw bytes out and
    messages in.
    """

    def __init__(self, port=None, stream=None, timeout=150):
        self.stream = stream or socket.create_connection(("127.0.0.1", port), timeout)
        self.stream.settimeout(timeout)
        self._reader = Reader(self.stream)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stream.close()

    def send(self, data):
        self.stream.sendall(data)
        return self

    def answer(self, method="GET"):
        return self._reader.answer(method)

    def at_end(self):
        return self._reader.at_end()


def request(method, target, host="tron-payment", headers=(), body=b""):
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", *headers]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def chunked(parts, trailers=()):
    """A chunked body: one chunk a part, then the trailers."""
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)
    return chunks + b"0\r\n" + b"".join(f"{line}\r\n".encode() for line in trailers) + b"\r\n"
