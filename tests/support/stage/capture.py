"""Capture: every packet of a network namespace, off a raw packet socket while a test goes on."""
import collections
import contextlib
import os
import socket
import struct
import threading

from .sidecar import eventually

ALL_PROTOCOLS, IPV4, IPV6 = 0x0003, 0x0800, 0x86DD  # if_ether.h
SOL_PACKET, STATISTICS, SO_RCVBUFFORCE = 263, 6, 33  # if_packet.h, socket.h
ROOM = 64 << 20  # bytes of packets that wait to be read
HEADERS = 256  # of a packet, and what a marker says; nothing else is looked at

# `opens`: a TCP SYN. What is neither TCP nor UDP has ports of 0.
Packet = collections.namedtuple("Packet", "protocol source from_port target to_port opens start")


class Capture:
    """Runs from construction to close(); on loopback each packet is seen going out and coming
    in.
    """

    def __init__(self):
        self._packets = []
        # Somebody takes the markers: an answer that nobody does would be one more packet.
        self._marked = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._marked.bind(("127.0.0.1", 0))
        self._socket = socket.socket(
            socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL_PROTOCOLS)
        )
        with contextlib.suppress(OSError):  # more than the usual room is for the privileged
            self._socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, ROOM)
        self._socket.settimeout(0.2)  # close() is seen
        self._thread = threading.Thread(target=self._read)
        self._closed = False
        self._thread.start()

    def close(self):
        self._closed = True
        self._thread.join()
        self._socket.close()
        self._marked.close()

    def mark(self):
        """Sends a packet and waits until it is captured: all that was sent before it has been.
        How many packets that are.
        """
        sign = os.urandom(16)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(sign, self._marked.getsockname())
        eventually(
            lambda: any(packet.start == sign for packet in self._packets),
            "a marker to be captured",
            60,
        )
        return len(self._packets)

    def packets(self, begin=0):
        """Those that were captured after the first `begin`, without markers."""
        marker = (socket.IPPROTO_UDP, self._marked.getsockname()[1])
        return [
            packet
            for packet in self._packets[begin:]
            if (packet.protocol, packet.to_port) != marker
        ]

    def lost(self):
        """How many packets found no room since the last time that somebody asked."""
        return struct.unpack("II", self._socket.getsockopt(SOL_PACKET, STATISTICS, 8))[1]

    def _read(self):
        while not self._closed:
            with contextlib.suppress(TimeoutError):
                self._packets.append(parsed(self._socket.recv(HEADERS)))


def parsed(frame):
    kind, packet = int.from_bytes(frame[12:14]), frame[14:]
    if kind == IPV4:
        protocol, begin = packet[9], (packet[0] & 15) * 4
        family, ends = socket.AF_INET, (packet[12:16], packet[16:20])
    elif kind == IPV6:
        protocol, begin = packet[6], 40
        family, ends = socket.AF_INET6, (packet[8:24], packet[24:40])
    else:
        return Packet(f"ethertype {kind:#x}", "", 0, "", 0, False, b"")
    source, target = (socket.inet_ntop(family, end) for end in ends)
    from_port = to_port = 0
    if protocol in (socket.IPPROTO_TCP, socket.IPPROTO_UDP):
        from_port, to_port = struct.unpack_from(">HH", packet, begin)
    opens = protocol == socket.IPPROTO_TCP and packet[begin + 13] & 0x12 == 0x02
    return Packet(protocol, source, from_port, target, to_port, opens, packet[begin + 8 :][:16])
