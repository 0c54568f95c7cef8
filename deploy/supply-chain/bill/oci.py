"""An image as OCI has it, folder or archive: what of its layers an SBOM needs, in a folder."""

import hashlib
import json
import os
import pathlib
import re
import shutil
import tarfile
import tempfile

from bill.packages import Broken

LARGEST_FILE = 1 << 30  # bytes; a layer says any number it likes
MOST_FILES = 500_000
# An SBOM asks for nothing else; /beta-sidecar and whatever else is named come beside these.
WANTED = ("var/lib/dpkg/", "usr/share/doc/", "etc/os-release", "usr/lib/os-release")
DIGEST = re.compile(r"sha256:([0-9a-f]{64})")


def is_image(path: pathlib.Path) -> bool:
    return path.is_file() or (path / "index.json").is_file()


def opened(path: pathlib.Path, folder: pathlib.Path) -> pathlib.Path:
    """The layout; of an archive, its copy in the folder."""
    if path.is_dir():
        return path
    layout = folder / "layout"
    layout.mkdir()
    try:
        with tarfile.open(path) as archive:
            for member in archive:
                if re.fullmatch(r"(\./)?(index\.json|oci-layout|blobs/sha256/[0-9a-f]{64})",
                                member.name) and member.isfile():
                    save(archive, member, layout / member.name.removeprefix("./"))
    except (tarfile.TarError, EOFError, OSError) as error:
        raise Broken(f"{path} is no OCI archive: {error}") from error
    return layout


def save(archive: tarfile.TarFile, member: tarfile.TarInfo, to: pathlib.Path) -> None:
    if member.size > LARGEST_FILE:
        raise Broken(f"{member.name} is too large")
    to.parent.mkdir(parents=True, exist_ok=True)
    with archive.extractfile(member) as source, open(to, "wb") as target:
        shutil.copyfileobj(source, target)


def blob(layout: pathlib.Path, descriptor: dict) -> pathlib.Path:
    """Only under its own digest: what was changed is not described."""
    found = DIGEST.fullmatch(str(descriptor.get("digest", "")))
    if not found:
        raise Broken(f"no sha256 digest: {descriptor.get('digest')!r}")
    path = layout / "blobs/sha256" / found[1]
    if not path.is_file():
        raise Broken(f"blob {found[0]} is missing")
    with open(path, "rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != found[1]:
            raise Broken(f"blob {found[0]} is not what its digest says")
    return path


def load(path: pathlib.Path) -> dict:
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise Broken(f"{path.name}: {error}") from error
    if not isinstance(document, dict):
        raise Broken(f"{path.name} is no JSON object")
    return document


def manifest_of(layout: pathlib.Path) -> tuple[str, dict]:
    """The one image of the layout, with its digest. Of several nobody could say which is meant."""
    manifests = load(layout / "index.json").get("manifests") or []
    if len(manifests) != 1:
        raise Broken(f"index.json has {len(manifests)} images; there must be one")
    manifest = load(blob(layout, manifests[0]))
    if not manifest.get("layers"):
        raise Broken("the manifest has no layers (an index of several platforms is no image)")
    return manifests[0]["digest"], manifest


def apply(layer: pathlib.Path, root: pathlib.Path, wanted: tuple[str, ...]) -> None:
    """In order, whiteouts too (OCI image-spec, layer.md). Nothing is written outside the root."""
    try:
        with tarfile.open(layer) as archive:
            for count, member in enumerate(archive):
                if count > MOST_FILES:
                    raise Broken("a layer has too many files")
                lay(archive, member, root, wanted)
    except (tarfile.TarError, EOFError) as error:
        raise Broken(f"layer {layer.name[:12]} cannot be read: {error}") from error


def lay(archive: tarfile.TarFile, member: tarfile.TarInfo, root: pathlib.Path,
        wanted: tuple[str, ...]) -> None:
    name = os.path.normpath(member.name.lstrip("/"))
    folder, base = os.path.split(name)
    if name.startswith("..") or not (root / folder).resolve().is_relative_to(root.resolve()):
        raise Broken(f"a layer writes outside its root: {member.name[:80]}")
    if base == ".wh..wh..opq":
        return forget_all_in(root / folder)
    if base.startswith(".wh."):
        return forget(root / folder / base.removeprefix(".wh."))
    if not any(f"{name}/".startswith(part) or name == part for part in wanted):
        return None
    path = root / name
    if member.isdir():
        return path.mkdir(parents=True, exist_ok=True)
    forget(path)
    if member.isfile():
        save(archive, member, path)
    elif member.issym():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(member.linkname)
    elif member.islnk() and (root / member.linkname.lstrip("/")).is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / member.linkname.lstrip("/"), path)
    return None


def forget(path: pathlib.Path) -> None:
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.is_dir():
        shutil.rmtree(path)


def forget_all_in(folder: pathlib.Path) -> None:
    for path in list(folder.iterdir()) if folder.is_dir() else []:
        forget(path)


class Image:
    """A context: `root` has what is wanted of the image, as long as it lasts."""

    def __init__(self, path: pathlib.Path, also: tuple[str, ...]):
        self._folder = tempfile.TemporaryDirectory(prefix="beta-sbom.")
        folder = pathlib.Path(self._folder.name)
        layout = opened(path, folder)
        self.digest, manifest = manifest_of(layout)
        self.root = folder / "root"
        self.root.mkdir()
        for layer in manifest["layers"]:
            apply(blob(layout, layer), self.root, WANTED + also)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._folder.cleanup()
