"""Images as the tests need them: OCI archives of a few files, made without any tool."""

import gzip
import hashlib
import io
import json
import pathlib
import tarfile

STATUS = "var/lib/dpkg/status.d"
LIBSSL = """Package: libssl3
Version: 3.0.19-1~deb12u2
Architecture: amd64
Source: openssl
Maintainer: Debian OpenSSL Team <team@example.org>
Homepage: https://www.example.org/
Depends: libc6 (>= 2.34)
Description: a library
 of several
 lines
"""
LIBC = """Package: libc6
Version: 2.36-9+deb12u14
Architecture: amd64
Source: glibc (2.36-9)
Maintainer: GNU Libc Maintainers <libc@example.org>
Description: the library
"""
COPYRIGHT = """Format: https://www.example.org/copyright-format/1.0/

Files: *
License: Apache-2.0

Files: a
License: Artistic or GPL-1+
 The text
 .
 of it.

License: Apache-2.0
 In another file.
"""
DISTROLESS = {
    "etc/os-release": 'NAME="Debian"\nID=debian\nVERSION_ID="12"\n',
    f"{STATUS}/libssl3": LIBSSL,
    f"{STATUS}/libssl3.md5sums": "0123  usr/lib/libssl.so.3\n",
    f"{STATUS}/libc6": LIBC,
    "usr/share/doc/libssl3/copyright": COPYRIGHT,
    "usr/share/doc/libc6/copyright": "The GNU C Library, in words of its own.\n",
    "usr/lib/big": "not wanted",
    "beta-sidecar": "the program",
}


def layer(files, links=()):
    """A layer's bytes: name -> text, and (name, target) symbolic links."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
        for name, target in links:
            member = tarfile.TarInfo(name)
            member.type, member.linkname = tarfile.SYMTYPE, target
            archive.addfile(member)
    return gzip.compress(buffer.getvalue(), mtime=0)


class Layout:
    """A folder as OCI's image layout has it."""

    def __init__(self, folder: pathlib.Path, *layers: bytes):
        self.folder = folder
        (folder / "blobs/sha256").mkdir(parents=True)
        (folder / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}', encoding="utf-8")
        ids = [hashlib.sha256(gzip.decompress(each)).hexdigest() for each in layers]
        config = {"architecture": "amd64", "os": "linux", "config": {},
                  "rootfs": {"type": "layers", "diff_ids": [f"sha256:{each}" for each in ids]}}
        kind = "application/vnd.oci.image"
        manifest = {
            "schemaVersion": 2,
            "mediaType": f"{kind}.manifest.v1+json",
            "config": self.add(json.dumps(config).encode(), f"{kind}.config.v1+json"),
            "layers": [self.add(each, f"{kind}.layer.v1.tar+gzip") for each in layers],
        }
        self.descriptor = self.add(json.dumps(manifest).encode(), f"{kind}.manifest.v1+json")
        self.write_index([self.descriptor])

    @property
    def digest(self) -> str:
        return self.descriptor["digest"]

    def add(self, content: bytes, kind: str) -> dict:
        digest = hashlib.sha256(content).hexdigest()
        (self.folder / "blobs/sha256" / digest).write_bytes(content)
        return {"mediaType": kind, "digest": f"sha256:{digest}", "size": len(content)}

    def write_index(self, manifests):
        index = {"schemaVersion": 2, "manifests": manifests}
        (self.folder / "index.json").write_text(json.dumps(index), encoding="utf-8")

    def archive(self, path: pathlib.Path) -> pathlib.Path:
        with tarfile.open(path, "w") as archive:
            for name in ("oci-layout", "index.json", "blobs"):
                archive.add(self.folder / name, name)
        return path
