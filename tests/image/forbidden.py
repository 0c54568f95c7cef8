"""Forbidden: makes calls that a sidecar never makes, and a few that it does; prints as JSON what
came of each: an errno's name, or fine.
"""
import ctypes
import errno
import json
import os
import platform
import socket
import sys
import threading

# asm/unistd_64.h, and asm-generic/unistd.h for aarch64
NUMBERS = {
    "x86_64": {
        "clone3": 435, "execveat": 322, "ptrace": 101, "process_vm_readv": 310, "bpf": 321,
        "io_uring_setup": 425, "keyctl": 250, "mount": 165, "unshare": 272, "setns": 308,
        "userfaultfd": 323, "perf_event_open": 298, "memfd_create": 319,
    },
    "aarch64": {
        "clone3": 435, "execveat": 281, "ptrace": 117, "process_vm_readv": 270, "bpf": 280,
        "io_uring_setup": 425, "keyctl": 219, "mount": 40, "unshare": 97, "setns": 268,
        "userfaultfd": 282, "perf_event_open": 241, "memfd_create": 279,
    },
}  # fmt: skip
TIOCSTI = 0x5412
libc = ctypes.CDLL(None, use_errno=True)


def outcome(call):
    """`call` answers below zero with errno set, or raises OSError, when it is refused."""
    ctypes.set_errno(0)
    try:
        return errno.errorcode[ctypes.get_errno()] if (call() or 0) < 0 else "fine"
    except OSError as error:
        return errno.errorcode[error.errno]


def fork_and_execute():
    child = os.fork()
    if child == 0:
        os.execv(sys.executable, [sys.executable, "-c", ""])
    os.waitpid(child, 0)


def vfork():
    """By posix_spawn, which glibc makes of clone with CLONE_VFORK."""
    os.waitpid(os.posix_spawn(sys.executable, [sys.executable, "-c", ""], {}), 0)


def thread():
    one = threading.Thread(target=lambda: None)
    one.start()
    one.join()


def plain(number):
    """A call with arguments of zero: refused by the profile before the kernel looks at them."""
    return lambda: libc.syscall(number, 0, 0, 0, 0, 0, 0)


calls = {
    "another program, by fork": fork_and_execute,
    "another process, by vfork": vfork,
    "a netlink socket": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).close(),
    "a packet socket": lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close(),
    "a terminal's input (TIOCSTI)": lambda: libc.ioctl(0, TIOCSTI, b"x"),
    "chmod": lambda: os.chmod("/forbidden.py", 0o700),
    "kill": lambda: os.kill(os.getpid(), 0),
    "a thread": thread,
    "a unix socket": lambda: socket.socket(socket.AF_UNIX).close(),
    "an inet socket": lambda: socket.socket(socket.AF_INET).close(),
}
calls |= {name: plain(number) for name, number in NUMBERS[platform.machine()].items()}
print(json.dumps({name: outcome(call) for name, call in calls.items()}))
