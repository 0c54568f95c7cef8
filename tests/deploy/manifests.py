"""Manifests: what kustomize makes of deploy/kubernetes, and what Kubernetes' types say of it."""
import json
import os
import pathlib
import re
import shutil
import subprocess

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODULES = ROOT / ".cache" / "deploy" / "node_modules"  # scripts/setup --test
PLANES = {"ops": "api-gateway", "wallet": "tron-payment", "chain": "blockchain-core"}
# kind -> the module of kubernetes-types that has it
KINDS = {
    "ConfigMap": "core/v1",
    "Deployment": "apps/v1",
    "Namespace": "core/v1",
    "NetworkPolicy": "networking/v1",
    "PersistentVolumeClaim": "core/v1",
}
FOLDERS_AMONG_RESOURCES = (1, 21)  # kubectl from here on; Debian 12 has 1.20


def copy(folder):
    """All that kustomize reads, to be built there or broken; `folder` again."""
    for part in ("acl", "deploy/compose", "deploy/kubernetes"):
        shutil.copytree(ROOT / part, folder / part)
    if kubectl_version() < FOLDERS_AMONG_RESOURCES:
        for file in folder.glob("deploy/kubernetes/*/kustomization.yaml"):
            text = file.read_text(encoding="utf-8").replace("resources:", "bases:")
            first_file = "  - namespace.yaml"
            file.write_text(text.replace(first_file, f"resources:\n{first_file}"), encoding="utf-8")
    return folder


def kubectl_version():
    told = subprocess.run(
        ["kubectl", "version", "--client", "-o", "json"], capture_output=True, check=True, text=True
    ).stdout
    version = json.loads(told)["clientVersion"]
    return int(version["major"]), int(re.match(r"\d+", version["minor"])[0])


def build(folder, plane):
    """The objects of one plane."""
    made = subprocess.run(
        ["kubectl", "kustomize", folder / "deploy" / "kubernetes" / plane],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        raise AssertionError(made.stderr)
    return list(yaml.safe_load_all(made.stdout))


def complaints(objects, folder):
    """What the types of the API say against each of the objects: [lines]. A field that they do not
    have is an error to the compiler, since each object is written out in place (TypeScript's check
    of excess properties).
    """
    lines, owner = [], {}
    for index, one in enumerate(objects):
        module = KINDS[one["kind"]]
        head = f'const o{index}: import("kubernetes-types/{module}").{one["kind"]} = '
        for line in (head + json.dumps(one, indent=1) + ";").splitlines():
            lines.append(line)
            owner[len(lines)] = index
    (folder / "manifests.ts").write_text("\n".join(lines) + "\nexport {};\n", encoding="utf-8")
    (folder / "node_modules").unlink(missing_ok=True)
    (folder / "node_modules").symlink_to(MODULES)
    compiled = subprocess.run(
        [os.environ["BETA_NODE"], MODULES / "typescript" / "bin" / "tsc", "--noEmit", "--strict",
         "--skipLibCheck", "--pretty", "false", "manifests.ts"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    found = [[] for _ in objects]
    for line in compiled.stdout.splitlines():
        if place := re.match(r"manifests\.ts\((\d+),", line):
            found[owner[int(place[1])]].append(line)
    if compiled.returncode != 0 and not any(found):
        raise AssertionError(compiled.stdout + compiled.stderr)
    return found
