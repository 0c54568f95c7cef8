"""Other HTTP parsers, each a function from bytes to the messages that it cuts them into."""

import dataclasses
import http.client
import io
import json
import struct
import subprocess

import h11


@dataclasses.dataclass
class Message:
    method: str = ""
    target: str = ""
    status: int = 0
    payload: int = 0
    whole: bool = False


@dataclasses.dataclass
class Cut:
    messages: list[Message] = dataclasses.field(default_factory=list)
    refused: str = ""  # why it went no further


class Child:
    """A program that reads framed streams and answers each with a line of JSON."""

    def __init__(self, *command: str):
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    def ask(self, kind: str, stream: bytes) -> dict:
        self._process.stdin.write(kind.encode() + struct.pack(">I", len(stream)) + stream)
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._process.args[0]} ended")
        return json.loads(line)

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


class Llhttp:
    def __init__(self, node: str, script: str):
        self._child = Child(node, script)

    def cut(self, kind: str, stream: bytes) -> Cut:
        said = self._child.ask(kind, stream)
        return Cut([Message(**message) for message in said["messages"]], said["error"])

    def close(self) -> None:
        self._child.close()


def _h11_events(connection: h11.Connection, cut: Cut) -> bool:
    """Reads one message; False when the bytes end."""
    while True:
        event = connection.next_event()
        if event in (h11.NEED_DATA, h11.PAUSED) or isinstance(event, h11.ConnectionClosed):
            return False
        if isinstance(event, h11.Request):
            cut.messages.append(Message(event.method.decode(), event.target.decode("latin-1")))
        elif isinstance(event, h11.InformationalResponse):
            cut.messages.append(Message(status=event.status_code, whole=True))
        elif isinstance(event, h11.Response):
            cut.messages.append(Message(status=event.status_code))
        elif isinstance(event, h11.Data):
            cut.messages[-1].payload += len(event.data)
        elif isinstance(event, h11.EndOfMessage):
            cut.messages[-1].whole = True
            return True


def h11_requests(stream: bytes) -> Cut:
    cut = Cut()
    connection = h11.Connection(h11.SERVER)
    connection.receive_data(stream)
    try:
        while _h11_events(connection, cut):
            connection.send(h11.Response(status_code=200, headers=[("content-length", "0")]))
            connection.send(h11.EndOfMessage())
            if connection.our_state is not h11.DONE:
                cut.refused = "closes"
                break
            connection.start_next_cycle()
    except h11.RemoteProtocolError as error:
        cut.refused = str(error)
    return cut


def h11_answers(stream: bytes) -> Cut:
    cut = Cut()
    connection = h11.Connection(h11.CLIENT)
    request = h11.Request(method="GET", target="/", headers=[("host", "a")])
    try:
        connection.send(request)
        connection.send(h11.EndOfMessage())
        connection.receive_data(stream)
        connection.receive_data(b"")
        while _h11_events(connection, cut):
            if connection.their_state is not h11.DONE:
                cut.refused = "closes"
                break
            connection.start_next_cycle()
            connection.send(request)
            connection.send(h11.EndOfMessage())
    except h11.RemoteProtocolError as error:
        cut.refused = str(error)
    return cut


class _Received(io.BytesIO):
    """What http.client takes for a socket; many answers are read from it."""

    def makefile(self, _mode: str) -> "_Received":
        return self

    def close(self) -> None:
        pass


def http_client_answers(stream: bytes) -> Cut:
    cut = Cut()
    received = _Received(stream)
    try:
        while received.tell() < len(stream):
            answer = http.client.HTTPResponse(received, method="GET")
            answer.begin()
            message = Message(status=answer.status)
            cut.messages.append(message)
            closes = answer.will_close
            message.payload = len(answer.read())
            message.whole = True
            if closes:
                cut.refused = "closes"
                break
    except (http.client.HTTPException, ValueError) as error:
        cut.refused = repr(error)
    return cut
