"""Files and functions short enough to be read at once, lines narrow enough to stand in pairs."""

import ast

import cpp
from tree import Tree, Violation

LONGEST_FILE = 450
LONG_FILE = 300
LONGEST_FUNCTION = 70
WIDEST_LINE = 100
LONGEST_BY_NAME = {"src/main.cpp": 60}
LONGEST_FUZZ_TARGET = 30

_MEASURED = ("*.hpp", "*.cpp", "*.py", "*.sh", "*.cmake", "*CMakeLists.txt", "scripts/*", ".ci/*")


def longest_allowed(path: str) -> int:
    if path.startswith("tests/fuzz/") and path.endswith(".cpp"):
        return LONGEST_FUZZ_TARGET
    return LONGEST_BY_NAME.get(path, LONGEST_FILE)


def check(tree: Tree) -> list[Violation]:
    violations = []
    for path in tree.match(*_MEASURED):
        lines = tree.lines(path)
        longest = longest_allowed(path)
        if len(lines) > longest:
            violations.append(Violation(path, len(lines), f"{len(lines)} lines, over {longest}"))
        violations += [
            Violation(path, number, f"{len(line)} characters wide, over {WIDEST_LINE}")
            for number, line in enumerate(lines, 1)
            if len(line) > WIDEST_LINE
        ]
        violations += [
            Violation(path, line, f"{name} has {count} lines, over {LONGEST_FUNCTION}")
            for line, count, name in _functions(tree, path)
            if count > LONGEST_FUNCTION
        ]
    return violations


def warn(tree: Tree) -> list[Violation]:
    """What is worth a look and fails nothing."""
    return [
        Violation(path, len(tree.lines(path)), f"{len(tree.lines(path))} lines, over {LONG_FILE}")
        for path in tree.match(*_MEASURED)
        if LONG_FILE < len(tree.lines(path)) <= longest_allowed(path)
    ]


def _functions(tree: Tree, path: str) -> list[tuple[int, int, str]]:
    if path.endswith((".hpp", ".cpp")):
        return [(f.line, f.lines, f.name) for f in cpp.functions(tree.text(path))]
    if path.endswith(".py"):
        nodes = ast.walk(ast.parse(tree.text(path)))
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
        return [
            (node.lineno, node.end_lineno - node.lineno + 1, node.name)
            for node in nodes
            if isinstance(node, kinds)
        ]
    return []
