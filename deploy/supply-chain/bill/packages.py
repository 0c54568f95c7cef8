"""Debian packages of a root: dpkg's status file, or the status.d of a distroless image."""

import dataclasses
import pathlib
import re
import urllib.parse

STATUS = "var/lib/dpkg/status"
STATUS_FOLDER = "var/lib/dpkg/status.d"
LARGEST_TEXT = 64 << 20  # bytes of a status file: no real one comes near

# Names of Debian's machine-readable copyright files whose SPDX identifier says the same.
SPDX = {
    "apache-2.0": "Apache-2.0",
    "expat": "MIT",
    "mit": "MIT",
    "isc": "ISC",
    "zlib": "Zlib",
    "bsl-1.0": "BSL-1.0",
    "bsd-2-clause": "BSD-2-Clause",
    "bsd-3-clause": "BSD-3-Clause",
    "bsd-4-clause": "BSD-4-Clause",
    "cc0-1.0": "CC0-1.0",
    "gpl-1": "GPL-1.0-only",
    "gpl-1+": "GPL-1.0-or-later",
    "gpl-2": "GPL-2.0-only",
    "gpl-2+": "GPL-2.0-or-later",
    "gpl-3": "GPL-3.0-only",
    "gpl-3+": "GPL-3.0-or-later",
    "lgpl-2": "LGPL-2.0-only",
    "lgpl-2+": "LGPL-2.0-or-later",
    "lgpl-2.1": "LGPL-2.1-only",
    "lgpl-2.1+": "LGPL-2.1-or-later",
    "lgpl-3": "LGPL-3.0-only",
    "lgpl-3+": "LGPL-3.0-or-later",
    "mpl-2.0": "MPL-2.0",
}
# A licence that Debian names otherwise is told by that name: a guess could be a wrong promise.


class Broken(Exception):
    """What was to be read is not what it should be."""


@dataclasses.dataclass(frozen=True)
class Package:
    name: str
    version: str
    architecture: str
    source: str
    supplier: str
    homepage: str
    licenses: tuple[str, ...]  # as Debian names them
    depends: tuple[str, ...]  # names alone
    purl: str
    role: str = "contained"
    sha256: str = ""  # of the .deb, where apt knows it
    files: tuple[tuple[str, str, str], ...] = ()  # path, SHA-1, SHA-256

    @property
    def key(self) -> str:
        return f"{self.name}-{self.architecture}"


def stanzas(text: str) -> list[dict[str, str]]:
    """The paragraphs of a control file; a line that belongs to none refuses it."""
    found: list[dict[str, str]] = []
    for paragraph in re.split(r"\n\s*\n", text):
        fields: dict[str, str] = {}
        last = None
        for line in paragraph.splitlines():
            if line.startswith("#") or not line.strip():
                continue
            if line[0] in " \t":
                if last is None:
                    raise Broken(f"a line of no field: {line[:60]!r}")
                fields[last] += "\n" + line
                continue
            name, colon, value = line.partition(":")
            if not colon or not re.fullmatch(r"[!-9;-~]+", name):
                raise Broken(f"no field: {line[:60]!r}")
            last = name.lower()
            fields[last] = value.strip()
        if fields:
            found.append(fields)
    return found


def licenses_of(text: str) -> tuple[str, ...]:
    """What a machine-readable copyright file names (DEP 5); nothing for any other text."""
    if not re.match(r"\s*Format(-Specification)?:", text):
        return ()
    try:
        fields = [stanza.get("license", "") for stanza in stanzas(text)]
    except Broken:  # many a file of the archive is nearly one
        fields = re.findall(r"^License:[ \t]*(.*)$", text, re.MULTILINE)
    names = {field.split("\n")[0].strip() for field in fields}
    return tuple(sorted(names - {""}))


def distribution(root: pathlib.Path) -> tuple[str, str]:
    """("debian", "debian-12"), by os-release."""
    for name in ("etc/os-release", "usr/lib/os-release"):
        path = inside(root, name)
        if path:
            pairs = re.findall(r'^(ID|VERSION_ID)="?([\w.-]*)"?$', read(path), re.MULTILINE)
            values = dict(pairs)
            if values.get("ID"):
                version = values.get("VERSION_ID", "")
                return values["ID"], f"{values['ID']}-{version}" if version else ""
    return "debian", ""


def inside(root: pathlib.Path, name: str) -> pathlib.Path | None:
    """A file below the root; a link that leads out of it is no file."""
    path = (root / name).resolve()
    return path if path.is_file() and path.is_relative_to(root.resolve()) else None


def read(path: pathlib.Path) -> str:
    if path.stat().st_size > LARGEST_TEXT:
        raise Broken(f"{path} is too large")
    return path.read_text(encoding="utf-8", errors="replace")


def purl(fields: dict[str, str], vendor: str, distro: str) -> str:
    quote = urllib.parse.quote
    qualifiers = f"arch={quote(fields['architecture'], safe='')}"
    if distro:
        qualifiers += f"&distro={quote(distro, safe='')}"
    name, version = (quote(fields[key], safe="") for key in ("package", "version"))
    return f"pkg:deb/{quote(vendor, safe='')}/{name}@{version}?{qualifiers}"


def names_of(relation: str) -> list[str]:
    """The first choice of each alternative."""
    words = (part.split("|")[0].split("(")[0] for part in relation.split(","))
    return [word.split(":")[0].strip() for word in words if word.strip()]


def package(fields: dict[str, str], root: pathlib.Path) -> Package:
    for wanted in ("package", "version", "architecture"):
        if not fields.get(wanted):
            raise Broken(f"a package without {wanted}: {fields.get('package', 'no name')}")
    name = fields["package"]
    document = inside(root, f"usr/share/doc/{name}/copyright")
    vendor, distro = distribution(root)
    relations = f"{fields.get('pre-depends', '')},{fields.get('depends', '')}"
    return Package(
        name=name,
        version=fields["version"],
        architecture=fields["architecture"],
        source=fields.get("source", name).split(" ")[0],
        supplier=fields.get("maintainer", ""),
        homepage=fields.get("homepage", ""),
        licenses=licenses_of(read(document)) if document else (),
        depends=tuple(sorted(set(names_of(relations)))),
        purl=purl(fields, vendor, distro),
    )


def installed(root: pathlib.Path, wanted: frozenset[str] | None = None) -> list[Package]:
    """By name; all, or those of these names. None is a fault: nobody describes an empty image."""
    files = [path for path in [inside(root, STATUS)] if path]
    folder = root / STATUS_FOLDER
    if folder.is_dir():
        files += [path for path in folder.iterdir() if path.suffix != ".md5sums"]
    found = {}
    for path in files:
        for fields in stanzas(read(path)):
            if wanted is not None and fields.get("package") not in wanted:
                continue
            if fields.get("status", "install ok installed").endswith(" installed"):
                one = package(fields, root)
                found[one.key] = one
    if not found:
        raise Broken(f"{root} has no packages in /{STATUS} or /{STATUS_FOLDER}")
    return [found[key] for key in sorted(found)]
