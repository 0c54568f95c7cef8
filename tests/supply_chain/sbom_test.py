"""Goal: a bill names every package of an image and every library of the binary, and both formats
are what their specifications say.
Method: images of a few files, the binary that was built, and the judges of judge.cjs.
"""
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import images

SOURCE = pathlib.Path(__file__).resolve().parents[2]
SBOM = SOURCE / "deploy/supply-chain/sbom"
BINARY = os.environ["BETA_SIDECAR"]
BUILD = os.environ["BETA_BUILD"]


def sbom(*words, epoch="1700000000"):
    environment = {key: value for key, value in os.environ.items() if key != "SOURCE_DATE_EPOCH"}
    if epoch is not None:
        environment["SOURCE_DATE_EPOCH"] = epoch
    return subprocess.run([SBOM, *map(str, words)], capture_output=True, text=True, check=False,
                          env=environment)


class Bills(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="beta-sbom-test.")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def layout(self, *layers, name="layout"):
        return images.Layout(self.folder / name, *layers)

    def distroless(self):
        return self.layout(images.layer(images.DISTROLESS))

    def bill(self, *words):
        done = sbom(*words, "--version", "0.1.0")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def refused(self, *words, **more):
        done = sbom(*words, "--version", "0.1.0", **more)
        self.assertEqual((done.returncode, done.stdout), (65, ""), done.stderr)
        return done.stderr


class Image(Bills):
    def test_every_package_is_there_with_version_supplier_licence_and_purl(self):
        layout = self.distroless()
        bill = self.bill("image", layout.folder)
        main, libc, libssl = bill["packages"]
        self.assertEqual(main["checksums"][0]["checksumValue"], layout.digest[7:])
        self.assertEqual(main["primaryPackagePurpose"], "CONTAINER")
        self.assertEqual((libssl["name"], libssl["versionInfo"]), ("libssl3", "3.0.19-1~deb12u2"))
        self.assertEqual(libssl["supplier"],
                         "Organization: Debian OpenSSL Team <team@example.org>")
        self.assertEqual(libssl["licenseDeclared"],
                         "Apache-2.0 AND LicenseRef-Debian-Artistic-or-GPL-1-or-later")
        self.assertEqual(libc["licenseDeclared"], "NOASSERTION")
        self.assertEqual(libc["sourceInfo"], "built from Debian's source package glibc")
        self.assertEqual(libc["externalRefs"][0]["referenceLocator"],
                         "pkg:deb/debian/libc6@2.36-9%2Bdeb12u14?arch=amd64&distro=debian-12")
        (program,) = bill["files"]
        self.assertEqual(program["fileName"], "./beta-sidecar")

    def test_an_archive_a_layout_and_a_root_give_the_same_packages(self):
        layout = self.distroless()
        archive = layout.archive(self.folder / "image.tar")
        root = self.folder / "root"
        for name, text in images.DISTROLESS.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        bills = [self.bill("image", what) for what in (layout.folder, archive, root)]
        self.assertEqual(bills[0], bills[1])
        self.assertEqual(bills[0]["packages"][1:], bills[2]["packages"][1:])
        self.assertEqual(bills[0]["files"], bills[2]["files"])

    def test_a_later_layer_replaces_and_whiteouts_remove(self):
        newer = images.LIBSSL.replace("3.0.19", "3.0.20")
        layout = self.layout(
            images.layer(images.DISTROLESS),
            images.layer({f"{images.STATUS}/libssl3": newer, f"{images.STATUS}/.wh.libc6": ""}))
        _, libssl = self.bill("image", layout.folder)["packages"]
        self.assertEqual(libssl["versionInfo"], "3.0.20-1~deb12u2")
        opaque = self.layout(
            images.layer(images.DISTROLESS),
            images.layer({f"{images.STATUS}/.wh..wh..opq": "", "var/lib/dpkg/status":
                          f"{images.LIBC}Status: install ok installed\n\nPackage: gone\n"
                          "Version: 1\nArchitecture: all\nStatus: deinstall ok config-files\n"}),
            name="opaque")
        names = [one["name"] for one in self.bill("image", opaque.folder)["packages"]]
        self.assertEqual(names, ["beta-sidecar", "libc6"])

    def test_the_same_image_gives_the_same_bytes_and_another_time_is_told(self):
        layout = self.distroless()
        words = ("image", layout.folder, "--version", "0.1.0")
        for kind in ("spdx", "cyclonedx"):
            first = sbom(*words, "--format", kind).stdout
            self.assertEqual(first, sbom(*words, "--format", kind).stdout)
            later = sbom(*words, "--format", kind, epoch="1700000001").stdout
            self.assertIn("2023-11-14T22:13:21Z", later)
            self.assertNotEqual(first.replace("22:13:20Z", ""), later.replace("22:13:21Z", ""))

    def test_what_is_not_whole_is_refused_with_the_reason(self):
        layout = self.distroless()
        self.assertIn("SOURCE_DATE_EPOCH", self.refused("image", layout.folder, epoch=None))
        self.assertIn("SOURCE_DATE_EPOCH", self.refused("image", layout.folder, epoch="today"))
        layout.write_index([layout.descriptor, layout.descriptor])
        self.assertIn("2 images", self.refused("image", layout.folder))
        layout.write_index([{"digest": f"sha256:{'0' * 64}"}])
        self.assertIn("is missing", self.refused("image", layout.folder))
        layout.write_index([{"digest": "sha256:../../etc/passwd"}])
        self.assertIn("no sha256 digest", self.refused("image", layout.folder))
        layout.write_index([layout.descriptor])
        (layout.folder / "blobs/sha256" / layout.digest[7:]).write_bytes(b"{}")
        self.assertIn("not what its digest says", self.refused("image", layout.folder))
        (self.folder / "text").write_text("no archive", encoding="utf-8")
        self.assertIn("no OCI archive", self.refused("image", self.folder / "text"))
        (self.folder / "empty").mkdir()
        self.assertIn("has no packages", self.refused("image", self.folder / "empty"))

    def test_layers_that_lead_outside_and_broken_status_files_are_refused(self):
        for number, (layer, why) in enumerate((
            (images.layer({"../outside": "x"}), "outside its root"),
            (images.layer({"usr/share/doc/x/y": "z"}, [("etc", "/tmp")]), "has no packages"),
            (images.layer({f"{images.STATUS}/a": "Package: a\nno field\n"}), "no field"),
            (images.layer({f"{images.STATUS}/a": " lost\n"}), "a line of no field"),
            (images.layer({f"{images.STATUS}/a": "Package: a\nVersion: 1\n"}), "without arch"),
        )):
            layout = self.layout(layer, name=f"broken-{number}")
            with self.subTest(why):
                self.assertIn(why, self.refused("image", layout.folder))

    def test_a_link_out_of_the_root_is_not_followed(self):
        files = dict(images.DISTROLESS)
        del files["usr/share/doc/libssl3/copyright"]
        secret = self.folder / "secret"
        secret.write_text(images.COPYRIGHT, encoding="utf-8")
        layer = images.layer(files, [("usr/share/doc/libssl3/copyright", str(secret))])
        libssl = self.bill("image", self.layout(layer).folder)["packages"][2]
        self.assertEqual(libssl["licenseDeclared"], "NOASSERTION")


class Build(Bills):
    def test_every_library_of_the_binary_is_there_by_file_and_by_package(self):
        bill = self.bill("build", BINARY)
        listed = {one["fileName"].removeprefix(".") for one in bill["files"]}
        text = subprocess.run(["ldd", BINARY], capture_output=True, text=True, check=True).stdout
        libraries = re.findall(r"(/\S+) \(0x", text)
        self.assertGreater(len(libraries), 5)
        self.assertEqual(set(libraries), listed)
        names = {one["name"] for one in bill["packages"]}
        self.assertLessEqual({"libc6", "libssl3", "libstdc++6", "libyaml-0-2"}, names)

    def test_headers_and_tools_are_there_with_their_roles(self):
        bill = self.bill("build", BINARY, "--ninja", BUILD, "--format", "cyclonedx")
        roles = {one["name"]: one["properties"][0]["value"] for one in bill["components"]}
        self.assertEqual(roles["libssl3"], "linked")
        self.assertEqual(roles["libboost1.81-dev"], "compiled in")
        self.assertEqual(roles["libcli11-dev"], "compiled in")
        self.assertEqual(roles["clang-19"], "tool")
        self.assertNotIn("catch2", roles)  # of tests alone

    def test_what_is_no_program_is_refused(self):
        script = self.folder / "script"
        script.write_text("#!/bin/sh\n", encoding="utf-8")
        self.assertIn("ldd", self.refused("build", script))
        self.assertIn("no file", self.refused("build", self.folder / "absent"))


class Judged(Bills):
    def judge(self, *files):
        return subprocess.run([os.environ["BETA_NODE"], SOURCE / "tests/supply_chain/judge.cjs",
                               *files], capture_output=True, text=True, check=False)

    def test_bills_of_an_image_and_of_the_build_are_as_specified(self):
        layout = self.distroless()
        files = []
        for kind, ending in (("spdx", "spdx.json"), ("cyclonedx", "cdx.json")):
            for name, words in (("image", [layout.folder]), ("build", [BINARY, "--ninja", BUILD])):
                files.append(self.folder / f"{name}.{ending}")
                done = sbom(name, *words, "--version", "0.1.0", "--format", kind, "-o", files[-1])
                self.assertEqual(done.returncode, 0, done.stderr)
        done = self.judge(*files)
        self.assertEqual(done.stdout, "4 bills judged, 0 faults\n", done.stderr)

    def test_the_judges_find_what_is_wrong(self):
        layout = self.distroless()
        for kind, ending, change in (
            ("spdx", "spdx.json", lambda bill: bill.pop("dataLicense")),
            ("spdx", "spdx.json", lambda bill: bill["packages"].pop()),
            ("spdx", "spdx.json", lambda bill: bill.pop("hasExtractedLicensingInfos")),
            ("cyclonedx", "cdx.json", lambda bill: bill.update(specVersion="0.9")),
            ("cyclonedx", "cdx.json", lambda bill: bill["components"][0].pop("type")),
            ("cyclonedx", "cdx.json", lambda bill: bill["components"].pop()),
            ("cyclonedx", "cdx.json", lambda bill: bill["components"][1]["licenses"].append(
                {"license": {"id": "Expat"}})),
        ):
            bill = self.bill("image", layout.folder, "--format", kind)
            change(bill)
            path = self.folder / f"wrong.{ending}"
            path.write_text(json.dumps(bill), encoding="utf-8")
            self.assertEqual(self.judge(path).returncode, 1, path)


if __name__ == "__main__":
    unittest.main()
