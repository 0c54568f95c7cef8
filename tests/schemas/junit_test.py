"""Goal: what acl test writes for continuous integration is JUnit's XML, read by a parser that is
not ours.
Method: the shipped tables, and one with a case that fails and a name full of markup.
"""
import pathlib
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

BINARY, ROOT = sys.argv[1], pathlib.Path(__file__).resolve().parents[2]
POLICY = "apiVersion: beta.acl/v1\nplane: wallet\n"
TABLE = """apiVersion: beta.acltest/v1
cases:
  - { name: fine, from: ops, to: wallet/pay, decision: deny }
  - { name: "<a & \\"b\\" ]]> \\u00e9 \\u0007>", from: ops, to: wallet/pay, decision: allow }
"""


class Junit(unittest.TestCase):
    def suites(self, tables, code):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "junit.xml"
            done = subprocess.run(
                [BINARY, "acl", "test", str(tables), "--junit", str(file)],
                capture_output=True,
                check=False,
            )
            self.assertEqual(done.returncode, code, done.stderr)
            return xml.etree.ElementTree.parse(file).getroot()

    def assert_counts(self, element, cases):
        self.assertEqual(int(element.get("tests")), len(cases))
        failed = sum(case.find("failure") is not None for case in cases)
        self.assertEqual(int(element.get("failures")), failed)
        self.assertEqual(element.get("errors"), "0")

    def assert_shape(self, root):
        self.assertEqual(root.tag, "testsuites")
        self.assert_counts(root, root.findall("testsuite/testcase"))
        for suite in root:
            self.assertEqual(suite.tag, "testsuite")
            self.assertTrue(suite.get("name"))
            self.assert_counts(suite, suite.findall("testcase"))
            for case in suite:
                self.assertEqual(case.tag, "testcase")
                self.assertTrue(case.get("name") and case.get("classname"))
                float(case.get("time"))

    def test_the_shipped_tables(self):
        root = self.suites(ROOT / "acl", 0)
        self.assert_shape(root)
        self.assertEqual(len(root), len(list((ROOT / "acl").glob("*_test.yaml"))))

    def test_a_failure_and_a_name_of_markup(self):
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "wallet.yaml").write_text(POLICY, encoding="utf-8")
            pathlib.Path(folder, "wallet_test.yaml").write_text(TABLE, encoding="utf-8")
            root = self.suites(folder, 1)
        self.assert_shape(root)
        fine, failed = root.findall("testsuite/testcase")
        self.assertIsNone(fine.find("failure"))
        self.assertIn("]]>", failed.get("name"))
        self.assertIn("default-deny", failed.find("failure").get("message"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
