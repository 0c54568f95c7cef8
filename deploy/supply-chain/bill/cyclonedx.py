"""The bill as CycloneDX 1.6, in JSON."""

from bill.packages import SPDX, Package
from bill.subject import Subject


def license_choice(name: str) -> dict:
    known = SPDX.get(name.lower())
    return {"license": {"id": known} if known else {"name": name}}


def file(path: str, sha1: str, sha256: str) -> dict:
    return {
        "type": "file",
        "bom-ref": f"file:{path}",
        "name": path,
        "hashes": [{"alg": "SHA-1", "content": sha1}, {"alg": "SHA-256", "content": sha256}],
    }


def component(one: Package) -> dict:
    entry = {
        "type": "application" if one.role == "tool" else "library",
        "bom-ref": one.purl,
        "name": one.name,
        "version": one.version,
        "scope": "excluded" if one.role == "tool" else "required",
        "purl": one.purl,
        "properties": [
            {"name": "beta:role", "value": one.role},
            {"name": "beta:debian:source", "value": one.source},
        ],
    }
    if one.supplier:
        entry["supplier"] = {"name": one.supplier}
    if one.licenses:
        chosen = {str(choice): choice for choice in map(license_choice, one.licenses)}
        entry["licenses"] = [chosen[key] for key in sorted(chosen)]
    if one.sha256:
        entry["hashes"] = [{"alg": "SHA-256", "content": one.sha256}]
    if one.homepage:
        entry["externalReferences"] = [{"type": "website", "url": one.homepage}]
    if one.files:
        entry["components"] = [file(*each) for each in one.files]
    return entry


def main_component(subject: Subject) -> dict:
    entry = {
        "type": "container" if subject.is_image else "application",
        "bom-ref": "subject",
        "name": subject.name,
        "version": subject.version,
    }
    if subject.license:
        entry["licenses"] = [{"license": {"id": subject.license}}]
    if subject.sha256:
        entry["hashes"] = [{"alg": "SHA-256", "content": subject.sha256}]
    if subject.files:
        entry["components"] = [file(*each) for each in subject.files]
    return entry


def dependencies(subject: Subject) -> list[dict]:
    names = {one.name: one.purl for one in subject.parts}
    own = [one.purl for one in subject.parts if one.role != "tool"]
    edges = [{"ref": "subject", "dependsOn": sorted(own)}]
    for one in subject.parts:
        needs = sorted({names[name] for name in one.depends if name in names} - {one.purl})
        edges.append({"ref": one.purl, **({"dependsOn": needs} if needs else {})})
    return edges


def document(subject: Subject) -> dict:
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{subject.uuid('cyclonedx')}",
        "version": 1,
        "metadata": {
            "timestamp": subject.created,
            "tools": {"components": [{"type": "application", "name": "beta-sidecar-sbom"}]},
            "component": main_component(subject),
        },
        "components": [component(one) for one in subject.parts],
        "dependencies": dependencies(subject),
    }
