"""What the documents name exists, and what exists and matters is in the documents."""

import glob
import re

from tree import Tree, Violation

DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")
CONFIGURATION = "config/sidecar.yaml"

_FOLDERS = r"(?:src|include|tests|acl|config|scripts|bench|deploy|cmake|docs|\.ci)"
_PATH = re.compile(rf"(?<![\w./-])({_FOLDERS}/[\w.*{{}},/-]*|[A-Z][A-Z]+\.md|CMake\w+\.\w+)")
_PLACEHOLDER = re.compile(r"/[A-Z_]+(?:/|$)")  # src/NAME/: the reader fills it in
_METRIC = re.compile(r"beta_sidecar_[a-z0-9_]*[a-z0-9]")
_FIELD = re.compile(r"^    [\w:<>]+(?: [\w:<>]+)* (\w+)(?: =|\{).*;", re.MULTILINE)
_LOADER_KEY = re.compile(r'(?:find|require|word|member|key)\s*\([^;"]*"([a-z][a-z0-9_]*)"')
_LOADER_LIST = re.compile(r'expect_map\s*\((?:[^;{]*)\{([^}]*)\}', re.DOTALL)


def check(tree: Tree) -> list[Violation]:
    return check_paths(tree) + check_configuration(tree) + check_metrics(tree)


def check_paths(tree: Tree) -> list[Violation]:
    violations = []
    for document in DOCUMENTS:
        if not tree.exists(document):
            violations.append(Violation(document, 1, "missing"))
            continue
        for number, line in enumerate(tree.lines(document), 1):
            violations += [
                Violation(document, number, f"{name} does not exist")
                for name in _PATH.findall(line)
                if not _PLACEHOLDER.search(name) and not _exists(tree, name.rstrip(".,"))
            ]
    return violations


def _exists(tree: Tree, name: str) -> bool:
    braces = re.search(r"\{([^{}]*)\}", name)
    if braces:
        alternatives = braces.group(1).split(",")
        return all(
            _exists(tree, name[: braces.start()] + part + name[braces.end() :])
            for part in alternatives
        )
    return bool(glob.glob(str(tree.root / name)))


def configuration_keys(tree: Tree) -> dict[str, str]:
    """Key -> the file that knows it: what the loader looks up, and every member of Limits."""
    keys: dict[str, str] = {}
    for path in tree.match("src/config/*.cpp"):
        text = tree.text(path)
        for key in _LOADER_KEY.findall(text):
            keys.setdefault(key, path)
        for words in _LOADER_LIST.findall(text):
            for key in re.findall(r'"([a-z][a-z0-9_]*)"', words):
                keys.setdefault(key, path)
    limits = "include/beta/config/limits.hpp"
    if tree.exists(limits):
        for key in _FIELD.findall(tree.text(limits)):
            keys.setdefault(key, limits)
    return keys


def check_configuration(tree: Tree) -> list[Violation]:
    keys = configuration_keys(tree)
    if not keys:
        return []
    if not tree.exists(CONFIGURATION):
        return [Violation(CONFIGURATION, 1, "missing")]
    text = tree.text(CONFIGURATION)
    return [
        Violation(path, 1, f"key {key} is not in {CONFIGURATION}")
        for key, path in sorted(keys.items())
        if not re.search(rf"\b{key}\s*:", text)
    ]


def check_metrics(tree: Tree) -> list[Violation]:
    documents = [d for d in (*DOCUMENTS, *tree.match("docs/*.md")) if tree.exists(d)]
    described = {name for d in documents for name in _METRIC.findall(tree.text(d))}
    violations = []
    for path in tree.match("src/telemetry/*", "include/beta/telemetry/*"):
        for number, line in enumerate(tree.lines(path), 1):
            violations += [
                Violation(path, number, f"metric {name} is in no document")
                for name in _METRIC.findall(line)
                if name not in described
            ]
    return violations
