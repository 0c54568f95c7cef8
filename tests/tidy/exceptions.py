"""Violations put up with for now: as many as exceptions.txt says, never more than before."""

import subprocess

from tree import Tree, Violation, git

FILE = "tests/tidy/exceptions.txt"


def parse(text: str) -> dict[tuple[str, str], int]:
    """'check path count  # why' -> {(check, path): count}."""
    entries = {}
    for raw in text.splitlines():
        words = raw.split("#")[0].split()
        if words:
            check, path, count = words
            entries[check, path] = int(count)
    return entries


def apply(tree: Tree, check: str, violations: list[Violation]) -> list[Violation]:
    """What is left of a check's violations; an entry that allows too much is one itself."""
    entries = parse(tree.text(FILE)) if tree.exists(FILE) else {}
    allowed = {path: count for (name, path), count in entries.items() if name == check}
    left = [v for v in violations if v.path not in allowed]
    for path, count in allowed.items():
        found = [v for v in violations if v.path == path]
        if len(found) > count:
            left += found
        elif len(found) < count:
            left.append(Violation(FILE, 1, f"{check} {path}: {len(found)} left; lower the count"))
    return left


def check(tree: Tree) -> list[Violation]:
    """The sum of all counts is at most what it was in any earlier commit."""
    if not tree.exists(FILE):
        return [Violation(FILE, 1, "missing")]
    total = sum(parse(tree.text(FILE)).values())
    fewest = min(_earlier_totals(tree), default=total)
    if total > fewest:
        return [Violation(FILE, 1, f"{total} exceptions, once there were {fewest}: mend, not add")]
    return []


def _earlier_totals(tree: Tree) -> list[int]:
    try:
        commits = git(tree.root, "log", "--format=%H", "--", FILE).split()
    except (OSError, subprocess.CalledProcessError):
        return []  # an archive without history
    totals = []
    for commit in commits:
        try:
            text = git(tree.root, "show", f"{commit}:{FILE}")
        except subprocess.CalledProcessError:
            continue  # the commit that removed it
        totals.append(sum(parse(text).values()))
    return totals
