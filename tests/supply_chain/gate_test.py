"""Goal: the gate opens for what it should let through, and for nothing else.
Method: trivy_report.json, made by hand in the form that trivy documents (trivy itself cannot be had
here), changed in one thing at a time.
"""
import copy
import datetime
import json
import pathlib
import subprocess
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
GATE = HERE.parents[1] / "deploy/supply-chain/gate"
REPORT = json.loads((HERE / "trivy_report.json").read_text(encoding="utf-8"))
CREATED = int(datetime.datetime(2026, 11, 27, 10, 0, 0, tzinfo=datetime.UTC).timestamp())
NOW = CREATED + 3600
DIGEST = "sha256:" + "2" * 64


def exception(ident, package, until="2026-12-01", more=""):
    return (f'[[exception]]\nid = "{ident}"\npackage = "{package}"\nreason = "not reached"\n'
            f"until = {until}\n{more}\n")


HIGH = exception("CVE-2026-0001", "libssl3", more="even_fixed = true")
CRITICAL = exception("CVE-2026-0002", "libc6")


class Gate(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="beta-gate.")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.report = copy.deepcopy(REPORT)

    def run_gate(self, exceptions="", *more, text=None, now=NOW):
        report, file = self.folder / "report.json", self.folder / "exceptions.toml"
        report.write_text(json.dumps(self.report) if text is None else text, encoding="utf-8")
        file.write_text(exceptions, encoding="utf-8")
        return subprocess.run([GATE, report, "--exceptions", file, "--now", str(now), *more],
                              capture_output=True, text=True, check=False)

    def opens(self, *words, **more):
        done = self.run_gate(*words, **more)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def shut(self, *words, **more):
        done = self.run_gate(*words, **more)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        return [line for line in done.stdout.splitlines() if line.startswith("SHUT")]

    def refused(self, reason, *words, **more):
        done = self.run_gate(*words, **more)
        self.assertEqual((done.returncode, done.stdout), (65, ""), done.stderr)
        self.assertIn(reason, done.stderr)

    @property
    def found(self):
        return self.report["Results"][0]["Vulnerabilities"]


class Findings(Gate):
    def test_high_and_critical_shut_it_with_a_fix_and_without(self):
        self.assertEqual(self.shut(), [
            "SHUT  CRITICAL CVE-2026-0002 libc6 2.36-9+deb12u14 (no fix yet)",
            "SHUT  HIGH CVE-2026-0001 libssl3 3.0.19-1~deb12u2 (fixed in 3.0.20-1~deb12u1)",
        ])

    def test_what_is_less_and_nothing_at_all_open_it(self):
        del self.found[:2]
        self.assertIn("gate: open; 0 CRITICAL, 0 HIGH, 0 MEDIUM, 1 LOW, 0 UNKNOWN", self.opens())
        for nothing in (None, []):
            self.report["Results"][0]["Vulnerabilities"] = nothing
            self.opens()

    def test_findings_of_other_classes_count_too(self):
        self.report["Results"][1]["Vulnerabilities"] = [self.found.pop(0)]
        self.assertEqual(len(self.shut(CRITICAL)), 1)

    def test_the_shipped_exceptions_let_nothing_through(self):
        report = self.folder / "report.json"
        report.write_text(json.dumps(self.report), encoding="utf-8")
        done = subprocess.run([GATE, report, "--now", str(NOW)], capture_output=True, text=True,
                              check=False)
        self.assertEqual(done.returncode, 1, done.stderr)


class Exceptions(Gate):
    def test_an_exception_of_each_opens_it_and_is_told(self):
        said = self.opens(HIGH + CRITICAL)
        self.assertIn("exception of CVE-2026-0002 libc6: until 2026-12-01: not reached", said)

    def test_an_exception_is_of_one_finding_in_one_package(self):
        wrong = exception("CVE-2026-0002", "libssl3")
        self.assertEqual(len(self.shut(HIGH + wrong)), 1)

    def test_it_holds_through_its_last_day_and_no_longer(self):
        until = exception("CVE-2026-0002", "libc6", "2026-11-27")
        self.opens(HIGH + until)
        ended = exception("CVE-2026-0002", "libc6", "2026-11-26")
        self.assertIn("its exception has ended on 2026-11-26", self.shut(HIGH + ended)[0])

    def test_it_ends_with_a_fix_unless_it_says_otherwise(self):
        (line,) = self.shut(exception("CVE-2026-0001", "libssl3") + CRITICAL)
        self.assertIn("for as long as there is no fix", line)

    def test_one_that_nothing_needs_is_told(self):
        said = self.opens(HIGH + CRITICAL + exception("CVE-2020-1", "libc6"))
        self.assertIn("exception of CVE-2020-1 libc6: no longer found: take it out", said)

    def test_one_without_reason_end_or_bound_is_refused(self):
        for reason, text in (
            ("has no reason", CRITICAL.replace("not reached", " ")),
            ("needs a date", CRITICAL.replace("2026-12-01", '"soon"')),
            ("needs a date", CRITICAL.replace("until = 2026-12-01\n", "")),
            ("needs a date", CRITICAL.replace("2026-12-01", "2026-12-01T00:00:00Z")),
            ("more than 90 days", CRITICAL.replace("2026-12-01", "2027-02-26")),
            ("unknown key: untill", CRITICAL + "untill = 1\n"),
            ("unknown key exceptions", CRITICAL.replace("[exception]", "[exceptions]")),
            ("even_fixed is", CRITICAL + 'even_fixed = "yes"\n'),
            ("has no package", CRITICAL.replace('"libc6"', "1")),
            ("two exceptions", CRITICAL + CRITICAL),
            ("exceptions.toml", "not TOML"),
            ("is no list", "exception = 1\n"),
            ("is no object", "exception = [1]\n"),
        ):
            with self.subTest(reason, text=text):
                self.refused(reason, HIGH + text if "=" in text and "[[" in text else text)
        self.opens(HIGH + CRITICAL.replace("2026-12-01", "2027-02-25"))


class Reports(Gate):
    def test_one_that_is_too_old_or_of_the_future_is_refused(self):
        everything = HIGH + CRITICAL
        self.opens(everything, now=CREATED + 24 * 3600)
        self.refused("25 hours old", everything, now=CREATED + 25 * 3600)
        self.opens(everything, "--max-age", "48", now=CREATED + 25 * 3600)
        self.opens(everything, now=CREATED - 299)
        self.refused("of the future", everything, now=CREATED - 301)

    def test_one_of_another_image_is_refused(self):
        self.opens(HIGH + CRITICAL, "--digest", DIGEST)
        self.refused("not of sha256:333", HIGH, "--digest", f"sha256:{'3' * 64}")
        self.report["Metadata"].pop("RepoDigests")
        self.refused("not of", HIGH, "--digest", DIGEST)

    def test_what_is_not_whole_is_refused(self):
        for reason, change in (
            ("SchemaVersion is 1", lambda r: r.update(SchemaVersion=1)),
            ("SchemaVersion is None", lambda r: r.pop("SchemaVersion")),
            ("not container_image", lambda r: r.update(ArtifactType="filesystem")),
            ("has no CreatedAt", lambda r: r.pop("CreatedAt")),
            ("is no time", lambda r: r.update(CreatedAt="yesterday")),
            ("no time zone", lambda r: r.update(CreatedAt="2026-11-27T10:00:00")),
            ("Results is no list", lambda r: r.pop("Results")),
            ("Results is no list", lambda r: r.update(Results={})),
            ("class os-pkgs", lambda r: r.update(Results=[])),
            ("class os-pkgs", lambda r: r["Results"].pop(0)),
            ("a result is no object", lambda r: r["Results"].append("x")),
            ("has no Target", lambda r: r["Results"][1].pop("Target")),
            ("is no list", lambda r: r["Results"][0].update(Vulnerabilities={"a": 1})),
            ("entry 1 is no object",
             lambda r: r["Results"][0]["Vulnerabilities"].insert(0, "CVE")),
        ):
            with self.subTest(reason):
                self.report = copy.deepcopy(REPORT)
                change(self.report)
                self.refused(reason, HIGH + CRITICAL)
        for text in ("", "[]", "{", '"report"', "[" * 100000):
            self.refused("the report is", HIGH, text=text)

    def test_an_entry_that_lacks_something_is_refused_and_not_passed_over(self):
        for key in ("VulnerabilityID", "PkgName", "InstalledVersion", "Severity"):
            self.report = copy.deepcopy(REPORT)
            self.found[2].pop(key)
            self.refused(f"has no {key}", HIGH + CRITICAL)
        self.report = copy.deepcopy(REPORT)
        self.found[2]["Severity"] = "SEVERE"
        self.refused("severity 'SEVERE' is not known", HIGH + CRITICAL)

    def test_a_wrong_command_line_is_told_with_the_code_for_usage(self):
        for words in (["--digest", "latest"], ["--max-age", "x"], ["--what"]):
            self.assertEqual(self.run_gate("", *words).returncode, 64, words)
        done = subprocess.run([GATE, self.folder / "absent"], capture_output=True, check=False)
        self.assertEqual(done.returncode, 65)


if __name__ == "__main__":
    unittest.main()
