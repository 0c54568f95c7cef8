"""Torrc: what a tor of this network may be told. Written here, and checked again before every
start.

Tor without its own authorities calls out to the public network. So a configuration starts only
when it says nothing but what stands in OPTIONS: anything unknown, repeated or off 127.0.0.1 is
refused, and its DirAuthority lines must be exactly those of this network.
"""
import re

PORT = r"127\.0\.0\.1:\d{1,5}"
COUNT = r"\d{1,6}( msec| day)?"
PATH = r'"/[^"\\]+"'
AUTHORITY = rf"a1 (orport=\d{{1,5}} no-v2 v3ident=[0-9A-F]{{40}} )?{PORT} [0-9A-F]{{40}}"

# option -> what its value must look like. Repeatable ones stand in REPEATABLE.
OPTIONS = {
    "TestingTorNetwork": "1",
    "DirAuthority": AUTHORITY,
    "DisableNetwork": "1",
    "DataDirectory": PATH,
    "Nickname": r"[a-z][a-z0-9]{0,18}",
    "Log": "notice stdout",
    "LogTimeGranularity": "1",
    "SafeLogging": "0",
    "ShutdownWaitLength": "0",
    "GeoIPFile": "/dev/null",
    "GeoIPv6File": "/dev/null",
    "ControlPort": PORT,
    "CookieAuthentication": "1",
    "PathsNeededToBuildCircuits": r"0\.67",
    "LearnCircuitBuildTimeout": "0",
    "CircuitBuildTimeout": COUNT,
    "KISTSchedRunInterval": COUNT,
    "ORPort": rf"{PORT}( NoListen| NoAdvertise)?",
    "Address": r"127\.0\.0\.1",
    "HTTPTunnelPort": PORT,
    "SocksPort": rf"0|({PORT}|unix:{PATH}) ExtendedErrors",
    "AssumeReachable": "1",
    "ExitRelay": "[01]",
    "ExitPolicy": r"(accept|reject) \*:\*",  # an exit of a namespace without any way out
    "MapAddress": r"[a-z0-9.-]{1,253} 127\.0\.0\.1",
    "NumCPUs": "1",
    "ServerDNSDetectHijacking": "0",
    "TestingMinTimeToReportBandwidth": COUNT,
    "DirPort": PORT,
    "AuthoritativeDirectory": "1",
    "V3AuthoritativeDirectory": "1",
    "ContactInfo": "nobody",
    "TestingV3AuthInitialVotingInterval": COUNT,
    "TestingV3AuthInitialVoteDelay": COUNT,
    "TestingV3AuthInitialDistDelay": COUNT,
    "V3AuthVotingInterval": COUNT,
    "V3AuthVoteDelay": COUNT,
    "V3AuthDistDelay": COUNT,
    "V3AuthNIntervalsValid": COUNT,
    "TestingV3AuthVotingStartOffset": COUNT,
    "TestingDirAuthVoteExit": r"\*",
    "TestingDirAuthVoteGuard": r"\*",
    "TestingDirAuthVoteHSDir": r"\*",
    "TestingMinExitFlagThreshold": "0",
    "HiddenServiceDir": PATH,
    "HiddenServicePort": rf"\d{{1,5}} ({PORT}|unix:{PATH})",
}
REPEATABLE = {
    "DirAuthority",
    "SocksPort",
    "ORPort",
    "HiddenServiceDir",
    "HiddenServicePort",
    "MapAddress",
}

# Of a tor that joins from outside of the network's own nodes; its DirAuthority line comes after.
NETWORK = """\
TestingTorNetwork 1
GeoIPFile /dev/null
GeoIPv6File /dev/null
PathsNeededToBuildCircuits 0.67
LearnCircuitBuildTimeout 0
CircuitBuildTimeout 10
KISTSchedRunInterval 1 msec
ShutdownWaitLength 0
"""

NO_AUTHORITY = (
    "DirAuthority a1 127.0.0.1:1 " + "0" * 40
)  # nobody: for printing a fingerprint, offline


class Refused(Exception):
    """This configuration could leave the private network; says the line and why."""


def check(text, authorities):
    """Raises Refused unless `text` can only ever speak to the `authorities` (whole lines) on
    127.0.0.1.
    """
    seen = {}
    for number, line in enumerate(text.splitlines(), 1):
        option, _, value = line.partition(" ")
        if option not in OPTIONS:
            raise Refused(f"line {number}: option {option!r} is not one this network uses")
        if not re.fullmatch(OPTIONS[option], value):
            raise Refused(f"line {number}: {option} may not be {value!r} here")
        if option in seen and option not in REPEATABLE:
            raise Refused(f"line {number}: {option} is said twice")
        seen.setdefault(option, []).append(line)
    if "TestingTorNetwork" not in seen:
        raise Refused("TestingTorNetwork 1 is missing")
    if not authorities or seen.get("DirAuthority", []) != list(authorities):
        raise Refused("the DirAuthority lines are not exactly this network's own")
    for needed in ("DataDirectory", "SocksPort"):
        if needed not in seen:
            raise Refused(f"{needed} is missing, and tor's default for it is not ours")
    if authorities == [NO_AUTHORITY] and "DisableNetwork" not in seen:
        raise Refused("no authority of our own yet, and DisableNetwork 1 is missing")


def common(name, directory, control, authorities):
    return [
        "TestingTorNetwork 1",
        *authorities,
        f'DataDirectory "{directory}"',
        f"Nickname {name}",
        f"ControlPort 127.0.0.1:{control}",
        "CookieAuthentication 1",
        "Log notice stdout",
        "LogTimeGranularity 1",
        "SafeLogging 0",
        "ShutdownWaitLength 0",
        "GeoIPFile /dev/null",
        "GeoIPv6File /dev/null",
        "PathsNeededToBuildCircuits 0.67",
        "LearnCircuitBuildTimeout 0",
        "CircuitBuildTimeout 10",
        "KISTSchedRunInterval 1 msec",  # the default adds 15 ms to every cell
    ]


def relay(port, exits=False, behind=None):
    """`exits`: to loopback, which is all that there is. Tor calls nobody an exit who accepts
    less than everything. `behind`: its own port, where `port` is a hop's.
    """
    ports = [f"ORPort 127.0.0.1:{port}"]
    if behind:
        ports = [
            f"ORPort 127.0.0.1:{port} NoListen",
            f"ORPort 127.0.0.1:{behind} NoAdvertise",
        ]
    return [
        *ports,
        "Address 127.0.0.1",
        "SocksPort 0",
        "AssumeReachable 1",
        f"ExitRelay {int(exits)}",
        f"ExitPolicy {'accept' if exits else 'reject'} *:*",
        "ServerDNSDetectHijacking 0",
        "NumCPUs 1",
        # Only one relay with a measured bandwidth would end every path: let none have it.
        "TestingMinTimeToReportBandwidth 1 day",
    ]


def authority(port, interval, offset):
    return [
        f"DirPort 127.0.0.1:{port}",
        "AuthoritativeDirectory 1",
        "V3AuthoritativeDirectory 1",
        "ContactInfo nobody",
        f"TestingV3AuthInitialVotingInterval {interval}",
        f"V3AuthVotingInterval {interval}",
        "TestingV3AuthInitialVoteDelay 2",
        "TestingV3AuthInitialDistDelay 2",
        "V3AuthVoteDelay 2",
        "V3AuthDistDelay 2",
        f"V3AuthNIntervalsValid {24 * 3600 // interval}",  # a consensus lasts a day: warm starts
        f"TestingV3AuthVotingStartOffset {offset}",
        "TestingDirAuthVoteExit *",
        "TestingDirAuthVoteGuard *",
        "TestingDirAuthVoteHSDir *",
        "TestingMinExitFlagThreshold 0",
    ]


def client(port, outside=(), unix=None, tunnel=None):
    """`outside`: names that an exit finds on loopback; there is nobody to resolve them. `unix`:
    the path of a second SOCKS port, for who stands in another namespace. `tunnel`: a port that
    takes HTTP CONNECT.
    """
    return [
        f"SocksPort 127.0.0.1:{port} ExtendedErrors",
        *([f'SocksPort unix:"{unix}" ExtendedErrors'] if unix else []),
        *([f"HTTPTunnelPort 127.0.0.1:{tunnel}"] if tunnel else []),
        *(f"MapAddress {name} 127.0.0.1" for name in outside),
    ]


def onion_host(onions):
    """`onions`: directory -> {virtual port: target}."""
    lines = ["SocksPort 0"]
    for directory, targets in onions.items():
        lines.append(f'HiddenServiceDir "{directory}"')
        lines += [f"HiddenServicePort {port} {target}" for port, target in targets.items()]
    return lines


def fingerprint(directory, name, port):
    """A configuration that only prints a relay's fingerprint: the network stays off."""
    return [
        "TestingTorNetwork 1",
        "DisableNetwork 1",
        NO_AUTHORITY,
        f'DataDirectory "{directory}"',
        f"Nickname {name}",
        f"ORPort 127.0.0.1:{port}",
        "Address 127.0.0.1",
        "SocksPort 0",
    ]
