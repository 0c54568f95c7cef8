"""What a build took from Debian: libraries that its binary links, headers, and tools."""

import dataclasses
import hashlib
import os
import pathlib
import re
import shutil
import subprocess

from bill import packages
from bill.packages import Broken, Package

ROLES = ("linked", "compiled in", "tool")  # what is more than one is the first of these


def output_of(*words: str) -> str:
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False,
                              env={**os.environ, "LC_ALL": "C"})
    except FileNotFoundError as error:
        raise Broken(f"{words[0]} is missing") from error
    if done.returncode != 0:
        raise Broken(f"{' '.join(words[:3])} failed: {done.stderr.strip()[:300]}")
    return done.stdout


def libraries_of(binary: pathlib.Path) -> list[str]:
    """All that the loader would bring, and the loader. Only for a binary that you trust: ldd."""
    text = output_of("ldd", str(binary))
    if "not found" in text:
        raise Broken(f"{binary} links a library that is not here: {text}")
    return sorted(set(re.findall(r"(?:=> |^\s+)(/\S+) \(0x", text, re.MULTILINE)))


def headers_of(folder: pathlib.Path) -> list[str]:
    """Whatever of the system the shipped program was compiled from, as ninja has noted it."""
    text = output_of("ninja", "-C", str(folder), "-t", "deps")
    found = set()
    for paragraph in re.split(r"\n\n", text):
        target, _, rest = paragraph.removeprefix("ninja: ").partition("\n")
        if target.startswith("CMakeFiles/"):  # not those of tests and benches
            found.update(re.findall(r"^ +(/usr/\S+)$", rest, re.MULTILINE))
    if not found:
        raise Broken(f"{folder} has compiled nothing that ninja knows of")
    return sorted(os.path.realpath(path) for path in found)


def tools_of(folder: pathlib.Path) -> list[str]:
    cache = (folder / "CMakeCache.txt").read_text(encoding="utf-8")
    names = ("CMAKE_CXX_COMPILER", "CMAKE_C_COMPILER", "CMAKE_COMMAND", "CMAKE_MAKE_PROGRAM",
             "CMAKE_AR", "CCACHE")
    found = [shutil.which(value) or "" for name in names
             for value in re.findall(rf"^{name}:\w+=(.+)$", cache, re.MULTILINE)]
    flags = re.findall(r"-fuse-ld=(lld-\d+)",
                       (folder / "build.ninja").read_text(encoding="utf-8"))
    found += [f"/usr/bin/ld.{flag}" for flag in flags[:1]]
    return sorted({os.path.realpath(path) for path in found if os.path.exists(path)})


def owners(paths: list[str]) -> dict[str, str]:
    """Path -> package of dpkg's own, with its architecture where dpkg says it."""
    spellings: dict[str, str] = {}
    for path in paths:
        for one in (path, os.path.realpath(path)):
            spellings[one] = path
            if one.startswith("/usr/lib"):
                spellings[one.removeprefix("/usr")] = path
            elif one.startswith("/lib"):
                spellings["/usr" + one] = path
    found: dict[str, str] = {}
    for start in range(0, len(names := sorted(spellings)), 500):
        done = subprocess.run(["dpkg-query", "--search", *names[start : start + 500]],
                              capture_output=True, text=True, check=False)
        for line in done.stdout.splitlines():
            who, _, path = line.rpartition(": ")
            if path in spellings and not line.startswith("diversion "):
                found.setdefault(spellings[path], who.split(",")[0].strip())
    return found


def hashed(path: str) -> tuple[str, str, str]:
    with open(path, "rb") as file:
        content = file.read()
    return (path, hashlib.sha1(content, usedforsecurity=False).hexdigest(),
            hashlib.sha256(content).hexdigest())


def archive_hash(one: Package) -> str:
    """The SHA-256 of its .deb, where apt's lists have this very version."""
    done = subprocess.run(["apt-cache", "show", f"{one.name}={one.version}"],
                          capture_output=True, text=True, check=False)
    for fields in packages.stanzas(done.stdout) if done.returncode == 0 else []:
        if fields.get("architecture") == one.architecture:
            return fields.get("sha256", "")
    return ""


def parts_of(binary: pathlib.Path, folder: pathlib.Path | None, ask_apt: bool) -> list[Package]:
    """Packages of this machine that are in the binary or made it, by role."""
    used = {"linked": libraries_of(binary)}
    if folder:
        used["compiled in"] = headers_of(folder)
        used["tool"] = tools_of(folder)
    roles: dict[str, str] = {}
    files: dict[str, list[str]] = {}
    for role in ROLES:
        known = owners(used.get(role, []))
        for path in used.get(role, []):
            if path in known:
                roles.setdefault(known[path], role)
                files.setdefault(known[path], []).append(path) if role == "linked" else None
            elif role == "linked":
                raise Broken(f"no package owns {path}, which {binary.name} links")
    here = {}
    names = frozenset(who.split(":")[0] for who in roles)
    for one in packages.installed(pathlib.Path("/"), names):
        here.update({one.name: one, f"{one.name}:{one.architecture}": one})
    parts = []
    for who in sorted(roles):
        one = here[who]
        parts.append(dataclasses.replace(
            one, role=roles[who], sha256=archive_hash(one) if ask_apt else "",
            files=tuple(hashed(path) for path in files.get(who, []))))
    return parts
