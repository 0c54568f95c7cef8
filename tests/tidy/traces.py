"""Nothing in the tree tells where it was made: no machine's paths, no host that is not meant."""

import fnmatch
import re

from tree import Tree, Violation

HOSTS = "tests/tidy/hosts.txt"

_NOT_TEXT = ("*.png", "*.ico", "*.gz", "tests/fuzz/corpus/*", "LICENSE")
_MACHINE_PATH = re.compile(r"(?<![\w.}])/(?:work|home|root|Users|workspace|builds)/[\w.-]+")
_URL_HOST = re.compile(r"\bhttps?://(?:[^\s/@\"'<>`]*@)?([A-Za-z0-9.-]+)")
_REGISTRY = re.compile(
    r"\b(?:[\w-]+\.)*[\w-]*(?:registry|artifactory|nexus|mirror)[\w-]*(?:\.[\w-]+)*"
    r"\.(?:com|org|net|io|dev|local|internal|corp|lan)\b"
)


def allowed_hosts(tree: Tree) -> list[str]:
    if not tree.exists(HOSTS):
        return []
    return [word for line in tree.lines(HOSTS) for word in line.split("#")[0].split()]


def check(tree: Tree) -> list[Violation]:
    hosts = allowed_hosts(tree)
    violations = []
    for path in tree.files:
        if any(fnmatch.fnmatchcase(path, pattern) for pattern in _NOT_TEXT):
            continue
        for number, line in enumerate(tree.lines(path), 1):
            violations += [Violation(path, number, text) for text in _traces(line, hosts)]
    return violations


def _traces(line: str, hosts: list[str]) -> list[str]:
    found = [f"a machine's path: {match[0]}" for match in _MACHINE_PATH.finditer(line)]
    found += [f"a registry's host: {match[0]}" for match in _REGISTRY.finditer(line)]
    found += [
        f"host {match[1]} is not in {HOSTS}"
        for match in _URL_HOST.finditer(line)
        if "." in match[1].rstrip(".") and not _is_allowed(match[1].lower().rstrip("."), hosts)
    ]
    return found


def _is_allowed(host: str, hosts: list[str]) -> bool:
    return any(fnmatch.fnmatchcase(host, pattern) for pattern in hosts)
