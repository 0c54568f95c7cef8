"""Namespace: a network that has nothing but loopback, so that nothing started in it can call
out.
"""
import fcntl
import os
import socket
import struct
import subprocess

SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1


class NotIsolated(Exception):
    """There is no private network namespace here, and without one nothing is started."""


def maker():
    """The command that runs another one in a fresh namespace, and whether it makes a user
    namespace too.
    """
    for command, own_users in (
        (["unshare", "-n", "--"], False),
        (["unshare", "-r", "-n", "--"], True),
    ):
        if subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0:
            return command, own_users
    raise NotIsolated(
        "cannot make a network namespace: unshare -n (root) and unshare -r -n are refused.\n"
        "The private Tor network never runs beside real interfaces. Run as root, or give\n"
        "the container CAP_SYS_ADMIN, or set kernel.unprivileged_userns_clone=1 on the host."
    )


def entry(pid, own_users):
    """The command that runs another one in the namespace of process `pid`."""
    users = ["-U", "--preserve-credentials"] if own_users else []
    return ["nsenter", "-t", str(pid), *users, "-n", "--"]


def _flags(probe, name, setting=None):
    request = struct.pack("16sH14x", name.encode(), setting or 0)
    reply = fcntl.ioctl(probe, SIOCSIFFLAGS if setting else SIOCGIFFLAGS, request)
    return struct.unpack_from("H", reply, 16)[0]


def raise_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        _flags(probe, "lo", _flags(probe, "lo") | IFF_UP)


def require_isolation():
    """Raises NotIsolated unless loopback is the only interface that is up and nothing routes
    elsewhere.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        up = [name for _, name in socket.if_nameindex() if _flags(probe, name) & IFF_UP]
    routes = _interfaces("/proc/net/route", 0, 1) | _interfaces("/proc/net/ipv6_route", -1, 0)
    if set(up) | routes != {"lo"}:
        raise NotIsolated(
            f"more than loopback here: up {up}, routed {sorted(routes)}; nothing is started"
        )


def _interfaces(table, column, heading_lines):
    if not os.path.exists(table):
        return set()
    with open(table, encoding="ascii") as file:
        return {line.split()[column] for line in file.readlines()[heading_lines:]}
