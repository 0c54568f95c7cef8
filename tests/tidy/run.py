#!/usr/bin/env python3
"""Checks of style and documents: run.py [--root FOLDER] [CHECK...]; all without a name."""

import argparse
import pathlib
import sys

import corpora
import docs
import exceptions
import formatting
import headers
import layers
import sizes
import traces
from tree import Tree

CHECKS = {
    "layers": layers.check,
    "sizes": sizes.check,
    "headers": headers.check,
    "format": formatting.check,
    "corpora": corpora.check,
    "docs": docs.check,
    "traces": traces.check,
    "exceptions": exceptions.check,
}


def main(arguments: list[str]) -> int:
    here = pathlib.Path(__file__).resolve()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=pathlib.Path, default=here.parents[2])
    parser.add_argument("checks", nargs="*", metavar="CHECK", help=", ".join(CHECKS))
    options = parser.parse_args(arguments)
    if unknown := set(options.checks) - set(CHECKS):
        parser.error(f"no check named {', '.join(sorted(unknown))}; there are {', '.join(CHECKS)}")

    tree = Tree(options.root)
    found = 0
    for name in options.checks or CHECKS:
        violations = exceptions.apply(tree, name, CHECKS[name](tree))
        for violation in sorted(set(violations)):
            print(f"{violation} [{name}]")
        found += len(violations)
        if name == "sizes":
            for warning in sizes.warn(tree):
                print(f"{warning} [sizes, a warning]")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
