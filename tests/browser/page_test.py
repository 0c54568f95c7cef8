"""Goal: the page at the admin listener is good for a person in a real browser: live with scripts,
whole without, harmless whatever it shows, legible in dark and light and on a narrow screen.
Method: one sidecar as a process, with an app behind its SOCKS port; Chromium without a window.
Screenshots go to the folder that the second argument names, for a person to look at.
"""

import json
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

from browser import Browser
from loopback import Server, socks_to
from stage import onion

PICTURES = pathlib.Path(sys.argv.pop(2))
BINARY = sys.argv.pop(1)
HOSTILE = '<img src=x onerror="window.broken=1">&amp;</td>{{sentence}}'
ACL = """apiVersion: beta.acl/v1
plane: ops
allow:
  - { name: gateway-pays, to: { plane: wallet, services: [pay] }, paths: [/ok, /ok/**] }
  - { name: ops-reads-chain, to: { plane: chain } }
  - { name: chain-reports, from: { plane: chain }, methods: [POST] }
  - { name: prices, to: { external: [prices] }, tunnel: true }
deny:
  - name: no-secrets
    to: { plane: "*" }
    paths: [/ok/secret/**]
    reason: '""" + HOSTILE + """'
"""
# Estimates fall with time, circuits come and go: numbers are not compared.
ANY_NUMBER = ".replace(/\\d+/g, '#')"
# Of every text that is to be read: its contrast with what is behind it (WCAG 2, 1.4.3).
CONTRAST = """(() => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => {
      const value = part / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (node) => {
    for (; node; node = node.parentElement) {
      const colour = getComputedStyle(node).backgroundColor;
      if (colour !== "rgba(0, 0, 0, 0)") return colour;
    }
  };
  const low = [];
  let seen = 0;
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || ["SCRIPT", "STYLE"].includes(node.tagName)) continue;
    const drawn = node.closest("svg");
    const front = light(getComputedStyle(node)[drawn ? "fill" : "color"]);
    const back = light(drawn ? getComputedStyle(drawn.querySelector("rect")).fill : behind(node));
    const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
    ++seen;
    if (ratio < 4.5) low.push(`${walk.currentNode.data.trim()}: ${ratio}`);
  }
  return { seen, low };
})()"""


def serve(stream: socket.socket) -> None:
    while stream.recv(4096):
        stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")


class Sidecar:
    """One process with its admin listener; its ports are free ones."""

    def __init__(self, folder: pathlib.Path, socks: int):
        self._folder = folder
        onions = onion.invented(["pay", "core"])
        (folder / "services.yaml").write_text(
            "apiVersion: beta.directory/v1\nservices:\n"
            f"  pay: {{ plane: wallet, onion: {onions['pay']} }}\n"
            f"  core: {{ plane: chain, onion: {onions['core']} }}\n"
            "external:\n  prices: { host: prices.example.com }\n", encoding="utf-8")
        self.write_acl(ACL)
        (folder / "sidecar.yaml").write_text(
            "service: api-gateway\nplane: ops\napp: 127.0.0.1:1\nacl: acl.yaml\n"
            f"services: services.yaml\nidentity: listener\ntor: {{ socks: 127.0.0.1:{socks} }}\n"
            "egress: { address: 127.0.0.1:0 }\nadmin: { address: 127.0.0.1:0 }\n"
            "ingress: [{ plane: chain, address: 127.0.0.1:0 }]\nworkers: 2\n"
            "app_health: { every: off }\n", encoding="utf-8")  # its words would move by themselves
        self._child = subprocess.Popen([BINARY, "run", "-c", str(folder / "sidecar.yaml")],
                                       stdout=subprocess.PIPE, env={})
        self.ports: dict[str, int] = {}
        while len(self.ports) < 3:
            event = json.loads(self._child.stdout.readline())
            if "address" in event:
                self.ports[event["listener"]] = int(event["address"].rpartition(":")[2])
        self._log = threading.Thread(target=self._child.stdout.read, daemon=True)
        self._log.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports['admin']}/"

    def write_acl(self, text: str) -> None:
        """Whole or not at all: it looks by itself."""
        beside = self._folder / "acl.new"
        beside.write_text(text, encoding="utf-8")
        beside.rename(self._folder / "acl.yaml")

    def ask(self, host: str, path: str) -> int:
        """The status of one call of the app."""
        with socket.create_connection(("127.0.0.1", self.ports["egress"]), 60) as client:
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n"
                           f"User-Agent: {HOSTILE}\r\nConnection: close\r\n\r\n".encode())
            answer = b""
            while piece := client.recv(4096):
                answer += piece
        return int(answer.split()[1])

    def stop(self) -> None:
        if self._child.poll() is None:
            self._child.terminate()
            self._child.wait()
            self._log.join()
            self._child.stdout.close()


class ThePage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="beta-browser-", ignore_cleanup_errors=True)
        cls.addClassCleanup(folder.cleanup)
        PICTURES.mkdir(parents=True, exist_ok=True)
        cls.browser = Browser(pathlib.Path(folder.name))
        cls.addClassCleanup(cls.browser.close)

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="beta-page-")
        app = Server(serve)
        tor = socks_to(app.port)
        self.sidecar = Sidecar(pathlib.Path(folder.name), tor.port)
        for end in (folder.cleanup, app.close, tor.close, self.sidecar.stop):
            self.addCleanup(end)

    def open(self, scripts: bool = True, width: int = 1280, scheme: str = "light"):
        page = self.browser.open()
        page.allow_scripts(scripts)
        page.look(width, scheme)
        page.go(self.sidecar.url)
        return page

    def make_traffic(self) -> None:
        for number in range(3):
            self.assertEqual(200, self.sidecar.ask("pay", f"/ok/{number}"))
        self.assertEqual(403, self.sidecar.ask("pay", "/ok/secret/plans"))
        self.assertEqual(403, self.sidecar.ask("pay", "/admin/%3Cscript%3Ealert(1)%3C/script%3E'"))

    def row_count(self, page, name: str) -> int:
        return page.value(f"document.querySelectorAll('[data-list={name}] tbody th').length")

    def test_with_scripts_a_denial_appears_by_itself_and_hostile_text_stays_text(self):
        page = self.open()
        self.assertEqual("Ready", page.value("document.querySelector('[role=status]').textContent"))
        self.assertEqual(0, self.row_count(page, "denials"))
        self.make_traffic()
        page.wait("document.querySelectorAll('[data-list=denials] tbody th').length === 2")
        cells = page.value("[...document.querySelectorAll('[data-list=denials] td')]"
                           ".map((cell) => cell.textContent)")
        self.assertIn(HOSTILE, cells)
        self.assertIn("/admin/%3Cscript%3Ealert(1)%3C/script%3E'", cells)
        self.assertIn("no-secrets", cells)
        page.wait("[...document.querySelectorAll('[data-list=destinations] tbody tr')]"
                  ".find((row) => row.cells[0].textContent === 'pay').cells[6].textContent === '5'")
        self.assertIsNone(page.value("window.broken"))
        self.assertEqual(0, page.value("document.images.length"))
        self.assertEqual([], page.complaints())

    def test_without_scripts_the_same_is_there(self):
        self.make_traffic()
        bare = self.open(scripts=False)
        text = bare.value("document.body.innerText")
        for words in ("Ready", "api-gateway", "Reload the page to see it anew", HOSTILE,
                      "no-secrets", "default-deny", "gateway-pays", "chain-reports", "circuit open",
                      "the SOCKS port accepts connections"):
            self.assertIn(words, text)
        self.assertEqual(2, self.row_count(bare, "denials"))
        self.assertIsNone(bare.value("window.broken"))
        self.assertEqual(0, bare.value("document.images.length"))
        live = self.open()
        same = "[...document.querySelectorAll('table')].map((table) => table.innerText" + \
               ANY_NUMBER + ")"
        self.assertEqual(bare.value(same), live.value(same))

    def test_a_script_builds_the_tables_that_the_sidecar_writes(self):
        self.make_traffic()
        page = self.open()
        tables = "[...document.querySelectorAll('table[data-list] tbody')].map((body) =>" \
                 " [...body.rows].map((row) => [...row.cells].map((cell) => cell.outerHTML" + \
                 ANY_NUMBER + ")))"
        written = page.value(tables)
        page.value("document.querySelectorAll('table[data-list] tbody').forEach((body) =>"
                   " body.replaceChildren())")
        page.wait("document.querySelectorAll('[data-list=denials] tbody th').length === 2")
        self.assertEqual(written, page.value(tables))

    def test_it_follows_a_policy_and_says_when_nobody_answers(self):
        page = self.open()
        calls = "document.querySelector('main').innerText.includes('everyone-pays')"
        self.assertFalse(page.value(calls))
        self.sidecar.write_acl(ACL.replace("gateway-pays", "everyone-pays"))
        page.wait(calls)
        self.sidecar.stop()
        page.wait("document.querySelector('[role=status]').textContent.startsWith('No answer')")
        self.assertEqual("lost", page.value("document.getElementById('state').dataset.mark"))

    def test_it_is_legible_in_dark_and_light_and_on_a_narrow_screen(self):
        self.make_traffic()
        for width in (1280, 800, 360):
            for scheme in ("light", "dark"):
                with self.subTest(width=width, scheme=scheme):
                    page = self.open(width=width, scheme=scheme)
                    page.picture(PICTURES / f"page-{width}-{scheme}.png")
                    self.assertLessEqual(page.value("document.documentElement.scrollWidth"), width)
                    contrast = page.value(CONTRAST)
                    self.assertEqual([], contrast["low"])
                    self.assertGreater(contrast["seen"], 50)

    def test_the_keyboard_reaches_every_link_in_order_and_shows_where_it_is(self):
        page = self.open()
        links = page.value("[...document.querySelectorAll('a')].map((link) => link.textContent)")
        self.assertIn("/metrics", links)
        for link in links:
            page.press("Tab")
            page.wait(f"document.activeElement.textContent === {json.dumps(link)}")
            self.assertEqual("solid", page.value(
                "getComputedStyle(document.activeElement).outlineStyle"))

    def test_it_has_landmarks_headings_captions_and_scopes(self):
        page = self.open()
        self.assertEqual(1, page.value("document.querySelectorAll('main').length"))
        self.assertEqual(1, page.value("document.querySelectorAll('h1').length"))
        for unnamed in ("section:not([aria-labelledby])", "th:not([scope])",
                        "table:not(:has(caption))", "[aria-labelledby='']"):
            self.assertEqual(0, page.value(f'document.querySelectorAll("{unnamed}").length'))
        self.assertEqual(1, page.value("document.querySelectorAll('[aria-live=polite]').length"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
