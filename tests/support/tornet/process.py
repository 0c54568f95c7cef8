"""Process: the one place that starts a tor, and children that never outlive who started them."""
import ctypes
import os
import signal
import subprocess

from . import namespace, torrc

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def dies_with(parent, with_signal=signal.SIGKILL):
    """For preexec_fn: the child gets `with_signal` when `parent` (our pid) ends, however it
    ends.
    """

    def in_child():
        _libc.prctl(PR_SET_PDEATHSIG, with_signal)
        if os.getppid() != parent:  # it ended before prctl
            os._exit(1)

    return in_child


def start_tor(lines, authorities, log):
    """Starts tor in the foreground with these lines. What was checked is what it reads: by
    standard input.
    """
    text = "".join(f"{line}\n" for line in lines)
    torrc.check(text, authorities)
    namespace.require_isolation()
    # The default torrc would add lines that nobody checked. The owner is a second net under
    # prctl: tor looks every 15 s whether we live.
    command = [
        "tor",
        "--defaults-torrc",
        "/dev/null",
        "-f",
        "-",
        "--__OwningControllerProcess",
        str(os.getpid()),
    ]
    child = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=log,
        stderr=log,
        preexec_fn=dies_with(os.getpid()),
        cwd="/",
    )
    child.stdin.write(text.encode())
    child.stdin.close()
    return child


def start(command, log, stdin=subprocess.DEVNULL):
    """Starts something that is not a tor and ends with us."""
    return subprocess.Popen(
        command, stdin=stdin, stdout=log, stderr=log, preexec_fn=dies_with(os.getpid())
    )


def list_fingerprint(lines):
    text = "".join(f"{line}\n" for line in lines)
    torrc.check(text, [torrc.NO_AUTHORITY])
    namespace.require_isolation()
    answer = subprocess.run(
        ["tor", "--defaults-torrc", "/dev/null", "-f", "-", "--quiet", "--list-fingerprint"],
        input=text,
        capture_output=True,
        text=True,
        check=True,
        cwd="/",
    )
    return "".join(answer.stdout.split()[1:])


def end(children, patience=10.0):
    """Asks, waits, insists. Only children of ours, so no pid can have been handed to somebody
    else.
    """
    children = list(children)
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(patience)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
