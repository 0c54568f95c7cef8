"""Every fuzz target has a corpus that replays as a test, and every corpus its target."""

import pathlib

from tree import Tree, Violation

FEWEST_INPUTS = 10
LARGEST_INPUT = 64 * 1024
_NOT_A_TARGET = "tests/fuzz/replay_main.cpp"


def check(tree: Tree) -> list[Violation]:
    inputs: dict[str, list[str]] = {}
    for path in tree.match("tests/fuzz/corpus/*/*"):
        inputs.setdefault(path.split("/")[3], []).append(path)
    targets = {
        pathlib.PurePosixPath(path).stem: path
        for path in tree.match("tests/fuzz/*.cpp")
        if path.count("/") == 2 and path != _NOT_A_TARGET
    }
    violations = []
    for name, path in targets.items():
        count = len(inputs.get(name, []))
        if count < FEWEST_INPUTS:
            wanted = f"tests/fuzz/corpus/{name} has {count} inputs, fewer than {FEWEST_INPUTS}"
            violations.append(Violation(path, 1, wanted))
    for name, paths in inputs.items():
        if name not in targets:
            violations.append(Violation(paths[0], 1, f"no fuzz target {name}.cpp"))
        violations += [
            Violation(path, 1, f"an input larger than {LARGEST_INPUT} bytes")
            for path in paths
            if (tree.root / path).stat().st_size > LARGEST_INPUT
        ]
    return violations
