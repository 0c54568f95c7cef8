"""SOCKS: a raw SOCKS5 client (RFC 1928, RFC 1929) that shows tor's own reply codes."""
import itertools
import os
import socket
import struct

SUCCEEDED, GENERAL_FAILURE, DESCRIPTOR_NOT_FOUND = 0x00, 0x01, 0xF0


_USERS = itertools.count()


class SocksError(Exception):
    """The SOCKS port is not there, or does not speak SOCKS."""


def new_user():
    """Credentials that nobody had: circuits of their own."""
    return f"new-{os.getpid()}-{next(_USERS)}"


def connect(host, port, proxy, user="probe", timeout=60.0, early=b""):
    """(reply code, socket). The name goes to tor as it is; nothing is resolved here. `early`: what
    the stream is to carry first, said before tor has answered.
    """
    try:
        stream = socket.create_connection(proxy, timeout)
    except OSError as error:
        raise SocksError(str(error)) from error
    try:
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stream.sendall(b"\x05\x01\x02")
        _expect(stream, b"\x05\x02")
        name = user.encode()
        stream.sendall(bytes([1, len(name)]) + name + b"\x01x")
        _expect(stream, b"\x01\x00")
        target = host.encode()
        stream.sendall(
            b"\x05\x01\x00\x03"
            + bytes([len(target)])
            + target
            + struct.pack(">H", port)
            + early
        )
        return _read(stream, 10)[1], stream
    except (OSError, SocksError) as error:
        stream.close()
        raise SocksError(str(error)) from error


def _expect(stream, wanted):
    answer = _read(stream, len(wanted))
    if answer != wanted:
        raise SocksError(f"answered {answer.hex()} instead of {wanted.hex()}")


def _read(stream, count):
    data = b""
    while len(data) < count:
        part = stream.recv(count - len(data))
        if not part:
            raise SocksError("closed in the middle of the handshake")
        data += part
    return data
