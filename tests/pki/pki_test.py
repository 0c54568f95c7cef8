"""Goal: scripts/pki makes X509-SVIDs, keeps its keys to itself, and revokes.
Method: two planes and their services; the openssl command judges.
"""
import pathlib
import shutil
import stat
import subprocess
import tempfile
import unittest

PKI = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "pki"
IDENTITY = "spiffe://beta.test/plane/{}/service/{}"


def run(*command):
    return subprocess.run(
        [str(word) for word in command],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def extension(certificate, name):
    """Its lines but for the indent; the first is its heading, which says whether it is critical."""
    done = run("openssl", "x509", "-in", certificate, "-noout", "-ext", name)
    return [line.strip() for line in done.stdout.splitlines() if line.strip()]


def serial(certificate):
    return run("openssl", "x509", "-in", certificate, "-noout", "-serial").stdout.strip()


def setUpModule():
    """Two planes, made once; each test has a copy."""
    folder = tempfile.TemporaryDirectory(prefix="beta-pki.")
    unittest.addModuleCleanup(folder.cleanup)
    Pki.made = pathlib.Path(folder.name) / "made"
    done = run(PKI, "init", Pki.made, "--trust-domain", "beta.test", "ops", "wallet")
    if done.returncode != 0:
        raise AssertionError(done.stdout + done.stderr)


class Pki(unittest.TestCase):
    made = None

    def setUp(self):
        outer = tempfile.TemporaryDirectory(prefix="beta-pki.")
        self.addCleanup(outer.cleanup)
        self.folder = pathlib.Path(outer.name) / "a--folder of $HOME"
        shutil.copytree(self.made, self.folder)

    def good(self, *arguments):
        done = run(PKI, *arguments)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done

    def refused(self, code, *arguments):
        done = run(PKI, *arguments)
        self.assertEqual(done.returncode, code, f"{arguments}: {done.stdout}{done.stderr}")
        return done.stderr

    def issue(self, plane="ops", service="api-gateway", *options):
        self.good("issue", self.folder, plane, service, *options)
        return self.folder / plane / service / "cert.pem"

    def verify(self, certificate, plane="ops", *options):
        anchor = self.folder / "ca" / f"{plane}.pem"
        return run("openssl", "verify", "-x509_strict", *options, "-CAfile", anchor, certificate)

    def verify_unrevoked(self, certificate, plane="ops"):
        return self.verify(certificate, plane, "-crl_check", "-CRLfile", self.folder / "crl.pem")

    def assert_verified(self, done):
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def assert_unverified(self, done, reason):
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(reason, done.stderr)


class Certificates(Pki):
    def test_a_leaf_is_an_svid(self):
        leaf = self.issue()
        wanted = {
            "subjectAltName": ["", f"URI:{IDENTITY.format('ops', 'api-gateway')}"],
            "keyUsage": ["critical", "Digital Signature"],
            "extendedKeyUsage": [
                "",
                "TLS Web Server Authentication, TLS Web Client Authentication",
            ],
            "basicConstraints": ["critical", "CA:FALSE"],
        }
        for name, (criticality, value) in wanted.items():
            with self.subTest(name):
                heading, *values = extension(leaf, name)
                self.assertEqual(heading.partition(": ")[2].strip(), criticality)
                self.assertEqual(values, [value])
        text = run("openssl", "x509", "-in", leaf, "-noout", "-text").stdout
        self.assertIn("NIST CURVE: P-256", text)
        subject = run("openssl", "x509", "-in", leaf, "-noout", "-subject", "-nameopt", "RFC2253")
        self.assertEqual(subject.stdout.strip(), "subject=CN=api-gateway,OU=plane-ops")

    def test_the_key_is_the_leafs(self):
        leaf = self.issue()
        of_leaf = run("openssl", "x509", "-in", leaf, "-noout", "-pubkey").stdout
        of_key = run("openssl", "pkey", "-in", leaf.parent / "key.pem", "-pubout").stdout
        self.assertEqual(of_leaf, of_key)
        self.assertIn("PUBLIC KEY", of_leaf)

    def test_it_serves_and_calls_under_its_own_plane_alone(self):
        leaf = self.issue()
        for purpose in ("sslserver", "sslclient"):
            self.assert_verified(self.verify(leaf, "ops", "-purpose", purpose))
        self.assert_unverified(self.verify(leaf, "wallet"), "unable to get local issuer")
        other = self.issue("wallet", "tron-payment")
        self.assert_verified(self.verify(other, "wallet"))
        self.assert_unverified(self.verify(other, "ops"), "unable to get local issuer")

    def test_it_is_good_minutes_ago_and_for_the_days_asked_for(self):
        seconds = 24 * 3600
        leaf = self.issue("ops", "api-gateway", "--days", "3")
        for when, good in ((-240, True), (-seconds, False)):
            now = int(run("date", "+%s").stdout)
            self.assertEqual(self.verify(leaf, "ops", "-attime", now + when).returncode == 0, good)
        for days, good in ((2, True), (4, False)):
            done = run("openssl", "x509", "-in", leaf, "-noout", "-checkend", days * seconds)
            self.assertEqual(done.returncode == 0, good)

    def test_an_authority_makes_leaves_and_no_authorities(self):
        anchor = self.folder / "ca" / "ops.pem"
        self.assertEqual(extension(anchor, "basicConstraints")[1], "CA:TRUE, pathlen:0")
        self.assertEqual(extension(anchor, "keyUsage")[1], "Certificate Sign, CRL Sign")

    def test_a_name_of_the_longest_length_fits(self):
        plane, service = "p" * 58, "s" * 63
        self.good("init", self.folder, "--trust-domain", "beta.test", plane)
        self.assert_verified(self.verify(self.issue(plane, service), plane))


class Revocation(Pki):
    def test_revoked_are_all_certificates_so_far_and_no_later_one(self):
        first = self.folder / "first.pem"
        shutil.copy(self.issue(), first)
        second = self.folder / "second.pem"
        shutil.copy(self.issue(), second)
        other, elsewhere = self.issue("ops", "api-gateway2"), self.issue("wallet", "api-gateway")
        self.assert_verified(self.verify_unrevoked(second))
        self.good("revoke", self.folder, "ops", "api-gateway")
        for revoked in (first, second):
            self.assert_unverified(self.verify_unrevoked(revoked), "certificate revoked")
        self.assert_verified(self.verify_unrevoked(other))
        self.assert_verified(self.verify_unrevoked(elsewhere, "wallet"))
        self.assert_verified(self.verify_unrevoked(self.issue()))

    def test_the_list_has_a_part_of_each_plane_from_the_first_on(self):
        for command in (None, ("crl", self.folder)):
            if command:
                (self.folder / "crl.pem").unlink()
                self.good(*command)
            text = (self.folder / "crl.pem").read_text(encoding="ascii")
            self.assertEqual(text.count("BEGIN X509 CRL"), 2)

    def test_revoking_what_was_never_issued_changes_nothing(self):
        self.good("revoke", self.folder, "ops", "nobody")
        self.assert_verified(self.verify_unrevoked(self.issue()))


class Files(Pki):
    def test_nobody_else_reads_anything(self):
        self.issue()
        self.good("revoke", self.folder, "ops", "api-gateway")
        for path in self.folder.rglob("*"):
            mode = stat.S_IMODE(path.stat().st_mode)
            self.assertEqual(mode, 0o700 if path.is_dir() else 0o600, path)

    def test_nothing_half_made_is_left(self):
        self.issue()
        left = {path.name for path in self.folder.iterdir()}
        self.assertEqual(
            left, {".authority", ".lock", "ca", "crl.pem", "ops", "trust_domain"}
        )
        files = sorted(path.name for path in (self.folder / "ops" / "api-gateway").iterdir())
        self.assertEqual(files, ["cert.pem", "key.pem"])

    def test_files_are_replaced_and_not_written_into(self):
        leaf = self.issue()
        with open(leaf, "rb") as old, open(leaf.parent / "key.pem", "rb") as old_key:
            before, key_before = old.read(), old_key.read()
            self.issue()
            old.seek(0)
            old_key.seek(0)
            self.assertEqual((old.read(), old_key.read()), (before, key_before))
        self.assertNotEqual(leaf.read_bytes(), before)
        self.assertNotEqual((leaf.parent / "key.pem").read_bytes(), key_before)

    def test_init_once_more_keeps_authorities_and_adds_those_that_are_new(self):
        leaf, anchor = self.issue(), self.folder / "ca" / "ops.pem"
        before = anchor.read_bytes()
        self.good("init", self.folder, "--trust-domain", "beta.test", "ops", "chain")
        self.assertEqual(anchor.read_bytes(), before)
        self.assert_verified(self.verify_unrevoked(leaf))
        self.assert_verified(self.verify(self.issue("chain", "blockchain-core"), "chain"))

    def test_an_anchor_of_another_authority_is_not_overwritten(self):
        anchor = self.folder / "ca" / "chain.pem"
        anchor.write_text("of someone else", encoding="ascii")
        said = self.refused(1, "init", self.folder, "--trust-domain", "beta.test", "chain")
        self.assertIn("not overwritten", said)
        self.assertEqual(anchor.read_text(encoding="ascii"), "of someone else")

    def test_another_trust_domain_is_refused(self):
        self.refused(1, "init", self.folder, "--trust-domain", "other.test", "ops")

    def test_many_at_once_are_all_issued(self):
        names = [f"service-{number}" for number in range(6)]
        running = [
            subprocess.Popen([PKI, "issue", self.folder, "ops", name], stdout=subprocess.DEVNULL)
            for name in names
        ]
        self.assertEqual([one.wait() for one in running], [0] * len(names))
        leaves = [self.folder / "ops" / name / "cert.pem" for name in names]
        for leaf in leaves:
            self.assert_verified(self.verify_unrevoked(leaf))
        self.assertEqual(len({serial(leaf) for leaf in leaves}), len(names))
        known = self.good("show", self.folder).stdout
        self.assertEqual([name for name in names if f"ops/{name} " not in known], [])


class Words(Pki):
    def test_it_says_loudly_what_it_is_for(self):
        done = self.good("init", self.folder, "--trust-domain", "beta.test", "ops")
        self.assertIn("FOR DEVELOPMENT AND TESTS ONLY", done.stderr)
        issuer = run("openssl", "x509", "-in", self.issue(), "-noout", "-issuer").stdout
        self.assertIn("for development and tests only", issuer)

    def test_show_says_what_there_is(self):
        self.issue()
        self.good("revoke", self.folder, "ops", "api-gateway")
        now = serial(self.issue()).removeprefix("serial=")
        lines = self.good("show", self.folder).stdout.splitlines()
        mine = [line.split() for line in lines if "ops/api-gateway" in line]
        self.assertEqual([words[1] for words in mine], ["revoked", "good"])
        self.assertEqual(mine[1][-1], now)

    def test_help_shows_every_command(self):
        said = self.good("--help").stdout
        for command in ("init", "issue", "revoke", "crl", "show"):
            self.assertIn(f"scripts/pki {command} DIR", said)

    def test_a_plane_without_an_authority_and_a_folder_that_is_not_ours(self):
        self.refused(1, "issue", self.folder, "chain", "blockchain-core")
        self.refused(1, "issue", self.folder / "ca", "ops", "api-gateway")
        self.refused(1, "show", self.folder / "nothing")

    def test_bad_arguments_are_told_with_the_code_for_usage(self):
        folder, domain = self.folder, ("--trust-domain", "beta.test")
        for arguments in (
            (),
            ("sign", folder),
            ("init",),
            ("init", folder, *domain),
            ("init", folder, "ops"),
            ("init", folder, "ops", "--trust-domain"),
            ("init", folder, "--trust-domain", "Beta.test", "ops"),
            ("init", folder, "--trust-domain", "a/b", "ops"),
            ("init", folder, *domain, "ca"),
            ("init", folder, *domain, "Ops"),
            ("init", folder, *domain, "p" * 59),
            ("init", folder, *domain, "--days", "3", "ops"),
            ("issue", folder, "ops"),
            ("issue", folder, "ops", "api-gateway", "more"),
            ("issue", folder, "ops", "../wallet/x"),
            ("issue", folder, "ops", "api_gateway"),
            ("issue", folder, "ops", "a", "--days"),
            ("issue", folder, "ops", "a", "--days", "0"),
            ("issue", folder, "ops", "a", "--days", "3651"),
            ("issue", folder, "ops", "a", "--days", "1; true"),
            ("issue", folder, "ops", "a", "--hours", "1"),
            ("revoke", folder, "ops"),
            ("crl", folder, "ops"),
            ("show",),
            ("show", ""),
        ):
            with self.subTest(arguments):
                self.assertIn("scripts/pki", self.refused(64, *arguments))


if __name__ == "__main__":
    unittest.main()
