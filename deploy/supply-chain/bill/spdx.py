"""The bill as SPDX 2.3, in JSON."""

import re

from bill.subject import LICENSE_LIST, Subject
from bill.packages import SPDX, Package

RELATIONS = {  # of a role: from the subject to the part, or back
    "contained": ("CONTAINS", False),
    "linked": ("DYNAMIC_LINK", False),
    "compiled in": ("STATIC_LINK", False),
    "tool": ("BUILD_TOOL_OF", True),
}


def identifier(text: str) -> str:
    return "SPDXRef-" + re.sub(r"[^a-zA-Z0-9.-]", "-", text)


def license_reference(name: str) -> str:
    return "LicenseRef-Debian-" + re.sub(r"[^a-zA-Z0-9.-]", "-", name.replace("+", "-or-later"))


def declared(one: Package) -> str:
    if not one.licenses:
        return "NOASSERTION"
    return " AND ".join(sorted({SPDX.get(name.lower()) or license_reference(name)
                                for name in one.licenses}))


def foreign(parts: list[Package]) -> list[dict]:
    """Names without an SPDX identifier, and where their text is."""
    holders: dict[str, tuple[str, str]] = {}
    for one in parts:
        for name in one.licenses:
            if name.lower() not in SPDX:
                holders.setdefault(license_reference(name), (name, one.name))
    return [
        {
            "licenseId": key,
            "name": name,
            "extractedText": f"Named \"{name}\" by /usr/share/doc/{holder}/copyright, "
                             "which has its text.",
        }
        for key, (name, holder) in sorted(holders.items())
    ]


def package(one: Package) -> dict:
    entry = {
        "SPDXID": identifier(f"Package-{one.key}"),
        "name": one.name,
        "versionInfo": one.version,
        "supplier": f"Organization: {one.supplier}" if one.supplier else "NOASSERTION",
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": declared(one),
        "copyrightText": "NOASSERTION",
        "sourceInfo": f"built from Debian's source package {one.source}",
        "externalRefs": [
            {
                "referenceCategory": "PACKAGE-MANAGER",
                "referenceType": "purl",
                "referenceLocator": one.purl,
            }
        ],
    }
    if one.homepage:
        entry["homepage"] = one.homepage
    if one.sha256:
        entry["checksums"] = [{"algorithm": "SHA256", "checksumValue": one.sha256}]
    return entry


def file(path: str, sha1: str, sha256: str) -> dict:
    return {
        "SPDXID": identifier(f"File-{path.lstrip('/')}"),
        "fileName": f".{path}" if path.startswith("/") else f"./{path}",
        "checksums": [
            {"algorithm": "SHA1", "checksumValue": sha1},
            {"algorithm": "SHA256", "checksumValue": sha256},
        ],
        "licenseConcluded": "NOASSERTION",
        "copyrightText": "NOASSERTION",
    }


def main_package(subject: Subject) -> dict:
    entry = {
        "SPDXID": "SPDXRef-Subject",
        "name": subject.name,
        "versionInfo": subject.version,
        "supplier": "NOASSERTION",
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": subject.license or "NOASSERTION",
        "copyrightText": "NOASSERTION",
        "primaryPackagePurpose": "CONTAINER" if subject.is_image else "APPLICATION",
    }
    if subject.sha256:
        entry["checksums"] = [{"algorithm": "SHA256", "checksumValue": subject.sha256}]
    return entry


def relations(subject: Subject) -> list[dict]:
    pairs = [("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-Subject")]
    names = {one.name: identifier(f"Package-{one.key}") for one in subject.parts}
    for path, _, _ in subject.files:
        pairs.append(("SPDXRef-Subject", "CONTAINS", identifier(f"File-{path.lstrip('/')}")))
    for one in subject.parts:
        mine = identifier(f"Package-{one.key}")
        kind, is_backward = RELATIONS[one.role]
        ends = (mine, "SPDXRef-Subject") if is_backward else ("SPDXRef-Subject", mine)
        pairs.append((ends[0], kind, ends[1]))
        pairs += [(mine, "DEPENDS_ON", names[name]) for name in one.depends if name in names]
        pairs += [(mine, "CONTAINS", identifier(f"File-{path.lstrip('/')}"))
                  for path, _, _ in one.files]
    return [
        {"spdxElementId": left, "relationshipType": kind, "relatedSpdxElement": right}
        for left, kind, right in pairs
    ]


def document(subject: Subject) -> dict:
    files = list(subject.files) + [entry for one in subject.parts for entry in one.files]
    bill = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"{subject.name}-{subject.version}",
        "documentNamespace": f"urn:uuid:{subject.uuid('spdx')}",
        "creationInfo": {
            "created": subject.created,
            "creators": ["Tool: beta-sidecar-sbom"],
            "licenseListVersion": LICENSE_LIST,
        },
        "packages": [main_package(subject), *map(package, subject.parts)],
        "relationships": relations(subject),
    }
    if files:
        bill["files"] = [file(*entry) for entry in files]
    if extracted := foreign(subject.parts):
        bill["hasExtractedLicensingInfos"] = extracted
    return bill
