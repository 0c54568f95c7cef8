#!/usr/bin/env python3
"""Shows of every check that it passes a good tree and fails a bad one."""

import pathlib
import subprocess
import tempfile
import unittest

import corpora
import cpp
import docs
import exceptions
import formatting
import headers
import layers
import sizes
import traces
from tree import Tree, Violation

PLAN = """
[modules]
model/digest:
model: model/digest
acl: model
net: model
upstream/slot:
upstream: net upstream/slot
[libraries]
openssl/: model/digest
boost/asio/: net
[pure]
model acl upstream/slot
"""


class TreeTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)

    def tree(self) -> Tree:
        return Tree(self.root)

    def write(self, path: str, text: str = "x\n") -> Tree:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")
        return Tree(self.root)

    def assert_passes(self, violations: list[Violation]):
        self.assertEqual([], [str(v) for v in violations])

    def assert_fails(self, violations: list[Violation], path: str, words: str):
        self.assertEqual([path], sorted({v.path for v in violations}))
        self.assertIn(words, violations[0].message)


class Layers(TreeTest):
    def setUp(self):
        super().setUp()
        self.write(layers.PLAN, PLAN)

    def fails(self, path: str, text: str, words: str):
        self.assert_fails(layers.check(self.write(path, text)), path, words)

    def passes(self, path: str, text: str):
        self.assert_passes(layers.check(self.write(path, text)))

    def test_downwards_is_allowed(self):
        self.passes("src/acl/a.cpp", '#include "beta/model/names.hpp"\n#include <vector>\n')

    def test_own_module_is_allowed(self):
        self.passes("src/acl/a.cpp", '#include "beta/acl/policy.hpp"\n')

    def test_upwards_is_not(self):
        self.fails("src/model/a.cpp", '#include "beta/acl/policy.hpp"\n', "must not include acl")

    def test_sideways_is_not(self):
        self.fails("include/beta/acl/a.hpp", '#include "beta/net/stream.hpp"\n', "include net")

    def test_a_file_singled_out_may_less_than_its_module(self):
        self.passes("src/upstream/pool.cpp", '#include "beta/upstream/slot.hpp"\n')
        self.fails("src/upstream/slot.cpp", '#include "beta/upstream/pool.hpp"\n', "upstream")

    def test_unknown_module(self):
        self.fails("src/utils/a.cpp", "", "module utils")

    def test_library_where_it_belongs(self):
        self.passes("src/model/digest.cpp", "#include <openssl/evp.h>\n")
        self.passes("src/net/a.cpp", "#include <boost/asio/ip/tcp.hpp>\n#include <sys/socket.h>\n")

    def test_library_elsewhere(self):
        self.fails("src/model/names.cpp", "#include <openssl/evp.h>\n", "openssl")

    def test_library_that_nobody_named(self):
        self.fails("src/net/a.cpp", "#include <boost/url.hpp>\n", "belongs to no library")

    def test_quoted_include_beside(self):
        self.write("src/net/inner.hpp", "\n")
        self.passes("src/net/a.cpp", '#include "inner.hpp"\n')

    def test_quoted_include_that_is_not_there(self):
        self.fails("src/net/a.cpp", '#include "gone.hpp"\n', "neither")

    def test_pure_units_know_no_socket_clock_or_thread(self):
        for text in (
            "#include <sys/socket.h>\n",
            "#include <thread>\n",
            "auto t = std::chrono::steady_clock::now();\n",
            'auto v = std::getenv("X");\n',
        ):
            with self.subTest(text):
                self.fails("src/upstream/slot.cpp", text, "is pure")

    def test_words_in_comments_and_strings_are_free(self):
        self.passes("src/acl/a.cpp", '// steady_clock::now\nauto s = "getaddrinfo";\n')

    def test_nobody_resolves_names(self):
        for text in ("getaddrinfo(a, b, c, d);\n", "tcp::resolver r(io);\n"):
            with self.subTest(text):
                self.fails("src/net/a.cpp", text, "no name is resolved")

    def test_a_plan_with_a_cycle(self):
        tree = self.write(layers.PLAN, "[modules]\na: b\nb: a\n")
        self.assert_fails(layers.check(tree), layers.PLAN, "not declared above")

    def test_no_plan(self):
        (self.root / layers.PLAN).unlink()
        self.assert_fails(layers.check(self.tree()), layers.PLAN, "missing")


class Sizes(TreeTest):
    def test_at_the_limits(self):
        self.write("src/a.cpp", "int a;\n" * sizes.LONGEST_FILE)
        self.write("src/b.cpp", "x" * sizes.WIDEST_LINE + "\n")
        self.write("src/c.cpp", "void f() {\n" + "g();\n" * 68 + "}\n")
        self.assert_passes(sizes.check(self.tree()))

    def test_beyond_the_limits(self):
        for path, text, words in (
            ("src/a.cpp", "int a;\n" * (sizes.LONGEST_FILE + 1), "451 lines"),
            ("src/main.cpp", "int a;\n" * 61, "61 lines"),
            ("tests/fuzz/a.cpp", "int a;\n" * 31, "31 lines"),
            ("scripts/a", "é" * 101 + "\n", "101 characters"),
            ("src/c.cpp", "void f() {\n" + "g();\n" * 69 + "}\n", "f has 71 lines"),
            ("tests/a.py", "def f():\n" + "    g()\n" * 70, "f has 71 lines"),
        ):
            with self.subTest(path):
                self.assert_fails(sizes.check(self.write(path, text)), path, words)
                (self.root / path).unlink()

    def test_a_long_file_is_a_warning(self):
        tree = self.write("src/a.cpp", "int a;\n" * (sizes.LONG_FILE + 1))
        self.assert_passes(sizes.check(tree))
        self.assert_fails(sizes.warn(tree), "src/a.cpp", "301 lines")


class Functions(unittest.TestCase):
    def names(self, text: str) -> list[tuple[str, int, int]]:
        return [(f.name, f.line, f.lines) for f in cpp.functions(text)]

    def test_what_is_a_function(self):
        for text, expected in (
            ("int f(int a) {\n}\n", [("f", 1, 2)]),
            ("auto A::f() const noexcept -> int {\n}\n", [("A::f", 1, 2)]),
            ("template <class T>\nT f(\n    T a) {\n}\n", [("f", 1, 4)]),
            ("A::A(int b)\n    : b_(b), c_{1} {\n}\n", [("A::A", 1, 3)]),
            ("namespace a {\nvoid f() {\n}\n}\n", [("f", 2, 2)]),
            ("struct A {\nvoid f() {\n}\n};\n", [("f", 2, 2)]),
            ("void f() {\nif (a) {\n}\nauto b = [] {\n};\n}\n", [("f", 1, 6)]),
            ('TEST_CASE("a {") {\n}\n', [("TEST_CASE", 1, 2)]),
            ("struct A* f() {\n}\n", [("f", 1, 2)]),
        ):
            with self.subTest(text):
                self.assertEqual(expected, self.names(text))

    def test_what_is_not(self):
        for text in (
            "int a[] = {\n1, 2};\n",
            "struct A {\nint a{1};\n};\n",
            "enum class A : int {\na };\n",
            "#define F(x) \\\n  { x }\nint a;\n",
            'auto a = R"(f() { )";\n',
            "char c = '{'; int n = 1'000;\n",
            "// f() {\n/* g() { */\n",
        ):
            with self.subTest(text):
                self.assertEqual([], self.names(text))


class Headers(TreeTest):
    def test_good(self):
        tree = self.write("include/a.hpp", "// A: what this is, in a few words.\n#pragma once\n")
        self.assert_passes(headers.check(tree))

    def test_without_a_first_line(self):
        tree = self.write("include/a.hpp", "#pragma once\n// A: what this is, but too late.\n")
        self.assert_fails(headers.check(tree), "include/a.hpp", "first line")

    def test_without_a_guard(self):
        tree = self.write("tests/a.hpp", "// A: what this is, in a few words.\n")
        self.assert_fails(headers.check(tree), "tests/a.hpp", "pragma")


class Formatting(TreeTest):
    def test_good_and_bad(self):
        self.write(".clang-format", "BasedOnStyle: Google\n")
        self.assert_passes(formatting.check(self.write("src/a.cpp", "int f() { return 1; }\n")))
        tree = self.write("src/b.cpp", "int  f(){return 1;}\n")
        self.assert_fails(formatting.check(tree), "src/b.cpp", "clang-format")


class Corpora(TreeTest):
    def setUp(self):
        super().setUp()
        self.write("tests/fuzz/head.cpp")
        for number in range(corpora.FEWEST_INPUTS):
            self.write(f"tests/fuzz/corpus/head/{number}")

    def test_good(self):
        self.write("tests/fuzz/replay_main.cpp")
        self.assert_passes(corpora.check(self.tree()))

    def test_too_few_inputs(self):
        (self.root / "tests/fuzz/corpus/head/0").unlink()
        self.assert_fails(corpora.check(self.tree()), "tests/fuzz/head.cpp", "9 inputs")

    def test_a_corpus_without_a_target(self):
        tree = self.write("tests/fuzz/corpus/other/1")
        self.assert_fails(corpora.check(tree), "tests/fuzz/corpus/other/1", "no fuzz target")

    def test_a_huge_input(self):
        tree = self.write("tests/fuzz/corpus/head/0", "x" * (corpora.LARGEST_INPUT + 1))
        self.assert_fails(corpora.check(tree), "tests/fuzz/corpus/head/0", "larger")


class Docs(TreeTest):
    def setUp(self):
        super().setUp()
        for document in docs.DOCUMENTS:
            self.write(document, "`src/a.cpp` scripts/{x,y} tests/*_test.cpp src/NAME/ README.md\n")
        for path in ("src/a.cpp", "scripts/x", "scripts/y", "tests/a_test.cpp"):
            self.write(path)

    def test_good(self):
        self.assert_passes(docs.check(self.tree()))

    def test_paths_that_do_not_exist(self):
        for name in ("src/b.cpp", "scripts/{x,z}", "bench/*", "SECURITY.md", "include/beta/"):
            with self.subTest(name):
                tree = self.write("README.md", f"first\nsee [it]({name}).\n")
                self.assert_fails(docs.check(tree), "README.md", "does not exist")

    def test_a_missing_document(self):
        (self.root / "ARCHITECTURE.md").unlink()
        self.assert_fails(docs.check(self.tree()), "ARCHITECTURE.md", "missing")

    def test_configuration_keys(self):
        limits = "struct Limits {\n    int head_bytes = 1;\n};\n"
        self.write("include/beta/config/limits.hpp", limits)
        self.write("src/config/load.cpp", 'x.require(map, "service", "a");\nfind("tor");\n'
                   'r.expect_map(n, "limits", {"head_bytes", "drain"});\n')
        self.write(docs.CONFIGURATION, "service: a\ntor:\nlimits:\n  head_bytes: 1\ndrain: 1\n")
        self.assert_passes(docs.check(self.tree()))
        keys = ("service", "tor", "drain", "head_bytes")
        for key in keys:
            text = "".join(f"{k}: 1\n" for k in keys if k != key)
            with self.subTest(key):
                violations = docs.check(self.write(docs.CONFIGURATION, text))
                self.assertIn(f"key {key} is not", violations[0].message)

    def test_metrics(self):
        self.write("src/telemetry/a.cpp", '"beta_sidecar_requests_total"\n')
        self.assert_fails(docs.check(self.tree()), "src/telemetry/a.cpp", "in no document")
        self.write("docs/metrics.md", "`beta_sidecar_requests_total{code}` counts\n")
        self.assert_passes(docs.check(self.tree()))


class Traces(TreeTest):
    def fails(self, text: str, words: str):
        self.assert_fails(traces.check(self.write("scripts/a", text)), "scripts/a", words)

    def test_good(self):
        self.write(traces.HOSTS, "*.onion www.rfc-editor.org 127.*\n")
        self.assert_passes(traces.check(self.write("a.md", (
            "https://www.rfc-editor.org/rfc/rfc9112 http://abc.onion/x http://127.0.0.1:15001\n"
            "http://tron-payment/api http://localhost:1 ${x}/work/y network/home/z https://\n"
        ))))

    def test_a_machine_path(self):
        # Put together here so that this file has none itself.
        self.fails("cd /" + "home/someone/src\n", "a machine's path")

    def test_a_host_that_is_not_meant(self):
        self.fails("curl https://" + "packages.somewhere.net/x\n", "packages.somewhere.net")

    def test_a_registry(self):
        self.fails("npm set " + "npm-registry" + ".somewhere.net\n", "a registry's host")


class Exceptions(TreeTest):
    def apply(self, text: str, count: int) -> list[Violation]:
        tree = self.write(exceptions.FILE, text)
        return exceptions.apply(tree, "sizes", [Violation("a.cpp", n, "x") for n in range(count)])

    def test_as_many_as_allowed(self):
        self.assert_passes(self.apply("# why\nsizes a.cpp 2  # because\n", 2))

    def test_more_than_allowed(self):
        self.assert_fails(self.apply("sizes a.cpp 2\n", 3), "a.cpp", "x")

    def test_fewer_than_allowed(self):
        self.assert_fails(self.apply("sizes a.cpp 2\n", 1), exceptions.FILE, "lower the count")

    def test_another_check(self):
        self.assert_fails(self.apply("layers a.cpp 2\n", 2), "a.cpp", "x")

    def test_the_list_may_only_shrink(self):
        def git(*arguments):
            command = ["git", "-C", self.root, "-c", "user.name=a", "-c", "user.email=a@b"]
            subprocess.run([*command, *arguments], check=True, capture_output=True)

        git("init")
        for count in (3, 1):
            self.write(exceptions.FILE, f"sizes a.cpp {count}\n")
            git("add", ".")
            git("commit", "-m", "x")
        self.assert_passes(exceptions.check(self.tree()))
        tree = self.write(exceptions.FILE, "sizes a.cpp 2\n")
        self.assert_fails(exceptions.check(tree), exceptions.FILE, "once there were 1")


if __name__ == "__main__":
    unittest.main()
