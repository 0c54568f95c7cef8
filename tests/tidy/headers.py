"""A header begins by saying what it is, and may be included twice."""

import re

from tree import Tree, Violation

_SAYS_WHAT_IT_IS = re.compile(r"// \S.{15,}")


def check(tree: Tree) -> list[Violation]:
    violations = []
    for path in tree.match("*.hpp"):
        lines = tree.lines(path)
        if not lines or not _SAYS_WHAT_IT_IS.match(lines[0]):
            violations.append(Violation(path, 1, "the first line does not say what this is"))
        if "#pragma once" not in lines:
            violations.append(Violation(path, 1, "no #pragma once"))
    return violations
