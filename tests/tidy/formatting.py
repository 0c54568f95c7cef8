"""clang-format has nothing to change."""

import re
import shutil
import subprocess

from tree import Tree, Violation

FORMATTER = "clang-format-19"


def check(tree: Tree) -> list[Violation]:
    if shutil.which(FORMATTER) is None:
        return [Violation(".clang-format", 1, f"{FORMATTER} is missing: run scripts/setup")]
    if not tree.cpp_files:
        return []
    done = subprocess.run(
        [FORMATTER, "--dry-run", "--style=file", *tree.cpp_files],
        cwd=tree.root, capture_output=True, text=True, check=False,
    )
    places = re.findall(r"^(.+?):(\d+):\d+: (?:warning|error): code should be", done.stderr, re.M)
    first: dict[str, int] = {}
    for path, line in places:
        first.setdefault(path, int(line))
    return [
        Violation(path, line, f"run {FORMATTER} -i {path}") for path, line in first.items()
    ]
