"""Goal: no tor of a tornet can be made to use the public network.
Method: configurations that would, one by one; tor itself is never started with any of them.
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

from stage.case import main
from tornet import namespace, process, torrc

OURS = f"DirAuthority a1 orport=5001 no-v2 v3ident={'A' * 40} 127.0.0.1:7001 {'B' * 40}"
GOOD = [*torrc.common("client", "/tmp/somewhere", 7102, [OURS]), *torrc.client(9050)]


def text(lines):
    return "".join(f"{line}\n" for line in lines)


def without(option):
    return [line for line in GOOD if not line.startswith(option + " ")]


class Refusals(unittest.TestCase):
    def assert_refused(self, lines, reason, authorities=(OURS,)):
        with self.assertRaisesRegex(torrc.Refused, reason):
            torrc.check(text(lines), list(authorities))

    def test_the_networks_own_configuration_is_accepted(self):
        torrc.check(text(GOOD), [OURS])

    def test_a_relay_behind_a_hop_and_a_client_with_a_tunnel_are_accepted(self):
        torrc.check(text(without("SocksPort") + torrc.relay(5002, behind=6002)), [OURS])
        torrc.check(text(without("SocksPort") + torrc.client(9050, tunnel=9080)), [OURS])

    def test_an_onion_that_leads_to_a_unix_socket_is_accepted(self):
        torrc.check(text([*GOOD, 'HiddenServicePort 80 unix:"/run/ingress/ops"']), [OURS])

    def test_no_authority_at_all_would_mean_the_public_ones(self):
        self.assert_refused(without("DirAuthority"), "DirAuthority lines")
        self.assert_refused(without("DirAuthority"), "DirAuthority lines", authorities=())

    def test_another_authority_is_refused_alone_and_beside_ours(self):
        other = OURS.replace("127.0.0.1", "192.0.2.1")
        self.assert_refused([*without("DirAuthority"), other], "DirAuthority may not be")
        self.assert_refused([*GOOD, other], "DirAuthority may not be")
        self.assert_refused([*GOOD, OURS.replace("7001", "7009")], "DirAuthority lines")

    def test_a_network_that_is_no_testing_network_is_refused(self):
        self.assert_refused(without("TestingTorNetwork"), "TestingTorNetwork 1 is missing")
        self.assert_refused(
            [*without("TestingTorNetwork"), "TestingTorNetwork 0"], "TestingTorNetwork may not be"
        )

    def test_tors_own_defaults_are_never_left_to_it(self):
        self.assert_refused(without("SocksPort"), "SocksPort is missing")
        self.assert_refused(without("DataDirectory"), "DataDirectory is missing")

    def test_every_option_that_we_do_not_use_is_refused(self):
        for line in (
            "FallbackDir 192.0.2.1:80 orport=443 id=" + "C" * 40,
            "UseDefaultFallbackDirs 1",
            "Bridge 192.0.2.1:443",
            "UseBridges 1",
            "AlternateDirAuthority x 192.0.2.1:80 " + "D" * 40,
            "%include /etc/tor/torrc",
            "Socks5Proxy 192.0.2.1:1080",
            "+DirAuthority x 192.0.2.1:80",
            "/DirAuthority",
            "dirauthority x 192.0.2.1:80 " + "D" * 40,
            "TestingTorNetwork 1 \\",
            "",
        ):
            with self.subTest(line=line):
                self.assert_refused([*GOOD, line], "line")

    def test_nothing_listens_or_connects_off_loopback(self):
        for old, new in (
            ("SocksPort 127.0.0.1:9050", "SocksPort 0.0.0.0:9050"),
            ("SocksPort 127.0.0.1:9050", "SocksPort unix:socks"),
            ("ControlPort 127.0.0.1:7102", "ControlPort 7102"),
        ):
            self.assert_refused([line.replace(old, new) for line in GOOD], "may not be")
        behind = torrc.relay(5002, behind=6002)
        for old, new in (
            ("127.0.0.1:5002 NoListen", "192.0.2.1:5002 NoListen"),
            ("127.0.0.1:6002 NoAdvertise", "6002 NoAdvertise"),
            ("NoListen", "NoAdvertise IPv4Only"),
        ):
            lines = without("SocksPort") + [line.replace(old, new) for line in behind]
            self.assert_refused(lines, "ORPort may not be")
        self.assert_refused([*GOOD, "HTTPTunnelPort 9080"], "may not be")
        for target in ("192.0.2.1:80", "localhost:80", "127.0.0.1.example:80", "unix:socket"):
            self.assert_refused([*GOOD, f"HiddenServicePort 80 {target}"], "may not be")

    def test_a_path_cannot_smuggle_in_a_line(self):
        self.assert_refused(
            torrc.common("client", '/tmp/x"\nBridge 192.0.2.1:443\n#', 7102, [OURS]), "line"
        )

    def test_a_fingerprint_is_printed_with_the_network_off(self):
        lines = torrc.fingerprint("/tmp/x", "a1", 5001)
        torrc.check(text(lines), [torrc.NO_AUTHORITY])
        lines.remove("DisableNetwork 1")
        self.assert_refused(lines, "DisableNetwork", authorities=[torrc.NO_AUTHORITY])

    def test_what_is_refused_is_not_started(self):
        with mock.patch("subprocess.Popen") as started, mock.patch("subprocess.run") as run:
            with self.assertRaises(torrc.Refused):
                process.start_tor(without("DirAuthority"), [OURS], None)
            with self.assertRaises(torrc.Refused):
                process.list_fingerprint(GOOD)
        started.assert_not_called()
        run.assert_not_called()

    def test_every_tor_is_started_by_the_function_that_checks(self):
        package = pathlib.Path(process.__file__).parent
        starters = [
            file.name
            for file in package.glob("*.py")
            if '["tor",' in file.read_text(encoding="utf-8")
        ]
        self.assertEqual(starters, ["process.py"])


class Isolation(unittest.TestCase):
    def test_loopback_alone_is_isolation(self):
        namespace.require_isolation()  # tests run inside the network's namespace

    def test_a_second_interface_is_refused(self):
        make, _ = namespace.maker()
        script = (
            "from tornet import namespace, process, torrc\n"
            "import subprocess\n"
            "namespace.raise_loopback()\n"
            "namespace.require_isolation()\n"
            "subprocess.run('ip link add e2e0 type veth peer name e2e1 ||'"
            " 'ip link add e2e0 type bridge', shell=True, check=True)\n"
            "subprocess.run(['ip', 'link', 'set', 'e2e0', 'up'], check=True)\n"
            "try: namespace.require_isolation()\n"
            "except namespace.NotIsolated: print('refused')\n"
        )
        done = subprocess.run(
            [*make, sys.executable, "-c", script], capture_output=True, text=True, check=True
        )
        self.assertEqual(done.stdout, "refused\n")

    def test_the_command_says_no_with_a_reason(self):
        with tempfile.NamedTemporaryFile("w", suffix=".torrc") as file:
            file.write("SocksPort 0\n")
            file.flush()
            command = pathlib.Path(process.__file__).parent / "tornet"
            done = subprocess.run(
                [command, "check", file.name, "--authority", OURS],
                capture_output=True,
                text=True,
                check=False,
                env=os.environ,
            )
        self.assertEqual(done.returncode, 1)
        self.assertIn("TestingTorNetwork 1 is missing", done.stderr)


if __name__ == "__main__":
    main()
