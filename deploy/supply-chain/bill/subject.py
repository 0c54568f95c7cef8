"""What a bill is of: an image or a program, with its parts, as both formats need it."""

import dataclasses
import json
import uuid

from bill.packages import Package

LICENSE_LIST = "3.24"  # of SPDX; every identifier that we write is older


@dataclasses.dataclass(frozen=True)
class Subject:
    name: str
    version: str
    is_image: bool
    created: str  # RFC 3339, in UTC
    parts: list[Package]
    sha256: str = ""  # of the image's manifest, or of the program
    license: str = ""
    files: tuple[tuple[str, str, str], ...] = ()  # of no package

    def uuid(self, kind: str) -> uuid.UUID:
        """The same for the same bill, another for any other."""
        text = json.dumps(dataclasses.asdict(self), sort_keys=True)
        return uuid.uuid5(uuid.NAMESPACE_URL, f"beta-sidecar-sbom:{kind}:{text}")
