"""Dependencies point down: layers.txt is the plan, the includes are the proof."""

import pathlib
import re

import cpp
from tree import Tree, Violation

PLAN = "tests/tidy/layers.txt"

# A pure unit knows no socket, clock or thread.
_IMPURE_HEADERS = {
    "<thread>", "<mutex>", "<shared_mutex>", "<condition_variable>", "<future>", "<semaphore>",
    "<latch>", "<barrier>", "<stop_token>", "<csignal>",
}
_IMPURE_WORDS = re.compile(
    r"_clock::now\b|\bstd::this_thread\b|\bgetenv\b|\bclock_gettime\b|\bgettimeofday\b"
)
# Rule 3 of the product: no name is ever resolved locally.
_RESOLVERS = re.compile(
    r"\bgetaddrinfo\b|\bgethostbyname\w*\b|\bres_n?(?:query|search)\b"
    r"|\bresolver\b|\basync_resolve\b"
)


class Plan:
    """Sections [modules] and [libraries]: 'name: what it may include', lower ones first; [pure]."""

    def __init__(self, text: str):
        self.modules: dict[str, list[str]] = {}
        self.libraries: dict[str, list[str]] = {}
        self.pure: list[str] = []
        self.violations: list[Violation] = []
        section = ""
        for number, raw in enumerate(text.splitlines(), 1):
            line = raw.split("#")[0].strip()
            if line.startswith("["):
                section = line.strip("[]")
            elif line:
                self._add(section, number, line)

    def _add(self, section: str, number: int, line: str) -> None:
        if section == "pure":
            self.pure += line.split()
            return
        name, _, rest = line.partition(":")
        if section == "libraries":
            self.libraries[name.strip()] = rest.split()
            return
        for lower in rest.split():
            if lower not in self.modules:
                self._complain(number, f"{name} names {lower}, which is not declared above it")
        self.modules[name.strip()] = rest.split()

    def _complain(self, number: int, message: str) -> None:
        self.violations.append(Violation(PLAN, number, message))

    def unit_of(self, path: str) -> str:
        """'upstream/slot' where the plan names that file, else 'upstream'."""
        parts = pathlib.PurePosixPath(path).with_suffix("").parts
        inner = parts[2:] if parts[:2] == ("include", "beta") else parts[1:]
        exact = "/".join(inner)
        return exact if exact in self.modules else inner[0]

    def allows(self, user: str, used: str) -> bool:
        within = used == user or ("/" not in user and used.startswith(user + "/"))
        named = set(self.modules.get(user, []))
        return within or used in named or used.split("/")[0] in named

    def library_of(self, header: str) -> str | None:
        fitting = [prefix for prefix in self.libraries if header.startswith(prefix)]
        return max(fitting, key=len, default=None)

    def is_pure(self, unit: str) -> bool:
        return unit in self.pure or unit.split("/")[0] in self.pure

    def allows_library(self, unit: str, library: str) -> bool:
        users = self.libraries[library]
        return unit in users or unit.split("/")[0] in users


def check(tree: Tree) -> list[Violation]:
    if not tree.exists(PLAN):
        return [Violation(PLAN, 1, "missing: nothing says which module may include which")]
    plan = Plan(tree.text(PLAN))
    violations = list(plan.violations)
    for path in tree.match("include/beta/*", "src/*"):
        if not path.endswith((".hpp", ".cpp")):
            continue
        unit = plan.unit_of(path)
        if unit not in plan.modules:
            violations.append(Violation(path, 1, f"module {unit} is not in {PLAN}"))
            continue
        violations += _check_file(tree, plan, path, unit)
    return violations


def _check_file(tree: Tree, plan: Plan, path: str, unit: str) -> list[Violation]:
    text = tree.text(path)
    violations = []
    for number, header in cpp.includes(text):
        problem = _problem(tree, plan, path, unit, header)
        if problem:
            violations.append(Violation(path, number, problem))
    code = cpp.without_comments_and_strings(text)
    for number, line in enumerate(code.splitlines(), 1):
        if match := _RESOLVERS.search(line):
            violations.append(Violation(path, number, f"{match[0]}: no name is resolved here"))
        if plan.is_pure(unit) and (match := _IMPURE_WORDS.search(line)):
            violations.append(Violation(path, number, f"{unit} is pure, yet uses {match[0]}"))
    return violations


def _problem(tree: Tree, plan: Plan, path: str, unit: str, header: str) -> str | None:
    name = header[1:-1]
    if name.startswith("beta/"):
        used = plan.unit_of("include/" + name)
        return None if plan.allows(unit, used) else f"{unit} must not include {used}"
    if header.startswith('"'):
        beside = pathlib.PurePosixPath(path).parent / name
        return None if tree.exists(str(beside)) else f'"{name}" is neither beta/… nor beside'
    library = plan.library_of(name)
    if library:
        return None if plan.allows_library(unit, library) else f"{unit} must not include <{name}>"
    if name.endswith(".hpp"):
        return f"<{name}> belongs to no library of {PLAN}"
    if plan.is_pure(unit) and (header in _IMPURE_HEADERS or name.endswith(".h")):
        return f"{unit} is pure and must not include <{name}>"
    return None
