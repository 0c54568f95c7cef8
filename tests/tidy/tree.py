"""The files of a source tree, and what a check says about them."""

import dataclasses
import fnmatch
import functools
import pathlib
import subprocess


@dataclasses.dataclass(frozen=True, order=True)
class Violation:
    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class Tree:
    """Every file that is or could be committed: git's own list, or a walk where there is no git."""

    def __init__(self, root: pathlib.Path):
        self.root = root.resolve()

    @functools.cached_property
    def files(self) -> list[str]:
        if (self.root / ".git").exists():
            listed = git(self.root, "ls-files", "--cached", "--others", "--exclude-standard")
            names = [name for name in listed.splitlines() if (self.root / name).is_file()]
        else:
            found = (path for path in self.root.rglob("*") if path.is_file())
            names = [path.relative_to(self.root).as_posix() for path in found]
        return sorted(name for name in names if not name.startswith("build/"))

    def match(self, *patterns: str) -> list[str]:
        """Files that match any pattern; '*' matches across folders."""
        return [f for f in self.files if any(fnmatch.fnmatchcase(f, p) for p in patterns)]

    def text(self, name: str) -> str:
        return (self.root / name).read_text(encoding="utf-8", errors="replace")

    def lines(self, name: str) -> list[str]:
        return self.text(name).splitlines()

    def exists(self, name: str) -> bool:
        return (self.root / name).exists()

    @property
    def cpp_files(self) -> list[str]:
        return self.match("*.hpp", "*.cpp")

    @property
    def python_files(self) -> list[str]:
        return self.match("*.py")


def git(root: pathlib.Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True)
    return done.stdout.decode("utf-8", errors="replace")
