#!/usr/bin/env python3
"""The sidecar beside HAProxy and nginx in one run: what a request costs each of them.

The proxy under test has one core to itself and one thread; the load generator and the backend share
another. Rounds are interleaved: in each, every subject is measured once, in an order that rotates.
The figure that counts is CPU time of the proxy a request, as a ratio to HAProxy of the same round.
"""

import argparse
import contextlib
import dataclasses
import http.client
import json
import os
import pathlib
import platform
import resource
import subprocess
import sys
import tempfile
import time

import certificates
import report
import scenarios
import subjects
from processes import Failed, Process, busy_seconds

REFERENCE = "haproxy"
SUBJECTS = "haproxy,haproxy-again,haproxy-unlogged,nginx,egress,ingress"


@dataclasses.dataclass
class Bench:
    """The two programs beside the proxies, and where everything runs."""

    programs: pathlib.Path
    folder: pathlib.Path
    proxy_core: int
    load_core: int
    backend: Process
    ports: dict[str, int]  # of the backend, by what it speaks there
    counts: http.client.HTTPConnection
    tls: certificates.Ends | None = None

    def generate(self, port: int, *options: str) -> dict:
        command = [str(self.programs / "bench_load"), "--port", str(port), *options]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=120,
            preexec_fn=lambda: os.sched_setaffinity(0, {self.load_core}),
        )
        if done.returncode != 0:
            raise Failed(done.stderr.strip() or f"bench_load ended with {done.returncode}")
        return json.loads(done.stdout)

    @contextlib.contextmanager
    def prepared(self, port: int, *options: str):
        """What it yields does it all; with --wait, the connections are open before."""
        if "--wait" not in options:
            yield lambda: self.generate(port, *options)
            return
        command = [str(self.programs / "bench_load"), "--port", str(port), *options]
        generator = Process("generator", command, self.load_core, self.folder,
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE)

        def go() -> dict:
            result = generator.child.communicate(b"\n", timeout=120)[0]
            if generator.child.returncode != 0:
                raise Failed(generator.output())
            return json.loads(result)

        try:
            if not generator.child.stdout.readline():
                raise Failed(generator.output())
            yield go
        finally:
            generator.stop()

    def upstream_connections(self) -> int:
        self.counts.request("GET", "/counts")
        return json.loads(self.counts.getresponse().read())["connections"]


@contextlib.contextmanager
def bench_of(arguments: argparse.Namespace, with_tls: bool = False):
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        print("bench: one core only: proxy and load share it, so latencies mean little")
    with tempfile.TemporaryDirectory(prefix="beta-bench-") as folder:
        path = pathlib.Path(folder)
        path.chmod(0o755)
        os.sched_setaffinity(0, {cores[-1]})
        tls = certificates.make(path / "tls") if with_tls else None
        command = [str(arguments.programs / "bench_backend"),
                   *(tls.callee.for_backend() if tls else ())]
        backend = Process("backend", command, cores[-1], path, stdout=subprocess.PIPE)
        try:
            ports = json.loads(backend.child.stdout.readline() or "{}")
            if not ports:
                raise Failed(f"bench_backend does not start:\n{backend.output()}")
            counts = http.client.HTTPConnection("127.0.0.1", ports["http"])
            yield Bench(arguments.programs, path, cores[0], cores[-1], backend, ports, counts, tls)
        finally:
            backend.stop()


@contextlib.contextmanager
def started(names: list[str], bench: Bench, rule_count: int, sidecar: pathlib.Path):
    """Every subject, running; each in a folder of its own."""
    running = []
    try:
        for name in names:
            folder = bench.folder / f"{name}-{rule_count}-{time.monotonic_ns()}"
            folder.mkdir()
            site = subjects.Site(folder, bench.proxy_core, bench.ports, rule_count, sidecar,
                                 bench.tls)
            running.append(subjects.start(name, site))
        yield running
    finally:
        for subject in running:
            subject.process.stop()


def measure(bench: Bench, subject: subjects.Subject, options: tuple[str, ...],
            seconds: float) -> report.Sample:
    def prepared(length: float):
        return bench.prepared(subject.port, "--seconds", str(length), *options, *subject.asked)

    process = subject.process
    with prepared(seconds / 8) as warm:
        warm()
    with prepared(seconds) as generate:
        await_log(subject.access_log)
        os.truncate(subject.access_log, 0)
        upstream, ticks = bench.upstream_connections(), process.ticks()
        busy, cpu, begun = busy_seconds(bench.proxy_core), process.cpu_seconds(), time.monotonic()
        result = generate()
        await_log(subject.access_log)  # its log writer may be behind: that is a cost too
        elapsed = time.monotonic() - begun
        used = process.cpu_seconds() - cpu
        others = busy_seconds(bench.proxy_core) - busy - used
    requests = result["requests"]
    return report.Sample(
        subject.name, requests, used / requests * 1e6, process.kernel_share(ticks),
        result["rps"], result["p50_us"], result["p99_us"], result["p999_us"],
        process.rss_bytes(), min(max(others / elapsed, 0), 1), count_lines(subject) / requests,
        (bench.upstream_connections() - upstream) / requests,
    )


def await_log(log: pathlib.Path) -> None:
    """Until a writer in the background has nothing left to write, and has paid for it."""
    size, deadline = -1, time.monotonic() + 3
    while log.stat().st_size != size and time.monotonic() < deadline:
        size = log.stat().st_size
        time.sleep(0.12)


def count_lines(subject: subjects.Subject) -> int:
    with open(subject.access_log, "rb") as log:
        return sum(block.count(b"\n") for block in iter(lambda: log.read(1 << 20), b""))


def run_rounds(bench: Bench, running: list[subjects.Subject], scenario: scenarios.Scenario,
               arguments: argparse.Namespace) -> report.Rounds:
    rounds: report.Rounds = []
    print(f"\n{scenario.name} ", end="", file=sys.stderr, flush=True)
    for number in range(arguments.rounds):
        turn = number % len(running)
        samples = {}
        for subject in running[turn:] + running[:turn]:
            try:
                samples[subject.name] = measure(bench, subject, scenario.options,
                                                arguments.seconds)
            except Failed as why:
                raise Failed(f"{scenario.name}, {subject.name}: {why}\n"
                             f"{subject.process.output()}") from why
        rounds.append({s.name: samples[s.name] for s in running})
        print(".", end="", file=sys.stderr, flush=True)
    return rounds


def run_idle(bench: Bench, subject: subjects.Subject,
             many: int = scenarios.IDLE_CONNECTIONS) -> dict[str, float]:
    """RSS of a warm proxy, and with many connections that did one request each."""
    bench.generate(subject.port, "--requests", "2000", *subject.asked)
    time.sleep(0.3)
    before = subject.process.rss_bytes()
    command = [str(bench.programs / "bench_load"), "--port", str(subject.port), "--idle", str(many),
               *subject.asked]
    holder = Process("idle", command, bench.load_core, bench.folder, stdin=subprocess.PIPE,
                     stdout=subprocess.PIPE)
    try:
        if not holder.child.stdout.readline():
            raise Failed(f"idle connections of {subject.name}: {holder.output()}")
        time.sleep(0.5)
        held = subject.process.rss_bytes()
        holder.child.communicate(timeout=30)
        if holder.child.returncode != 0:
            raise Failed(f"idle connections of {subject.name}: {holder.output()}")
    finally:
        holder.stop()
    return {"before": before, "held": held, "bytes_each": (held - before) / many}


def check_metrics(subject: subjects.Subject) -> None:
    """A sidecar that counts nothing would be measured without its metrics."""
    if not subject.admin_port:
        return
    connection = http.client.HTTPConnection("127.0.0.1", subject.admin_port, timeout=5)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    counted = sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines()
                  if line.startswith("beta_sidecar_requests_total"))
    if counted < 100:
        raise Failed(f"{subject.name}: its metrics count {counted:.0f} requests")


def environment() -> dict:
    def version(*command: str) -> str:
        with contextlib.suppress(OSError):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            return (done.stdout + done.stderr).splitlines()[0]
        return "absent"

    return {
        "kernel": platform.release(), "cores": os.cpu_count(), "load": os.getloadavg()[0],
        "haproxy": version("/usr/sbin/haproxy", "-v"), "nginx": version("/usr/sbin/nginx", "-v"),
    }


def run_scenarios(bench: Bench, names: list[str], arguments: argparse.Namespace) -> dict:
    results = {}
    wanted = [s for s in scenarios.ALL if not arguments.scenarios or s.name in arguments.scenarios]
    for rule_count in dict.fromkeys(s.rule_count for s in wanted if not s.is_idle):
        with started(names, bench, rule_count, arguments.sidecar) as running:
            for scenario in (s for s in wanted if s.rule_count == rule_count and not s.is_idle):
                rounds = run_rounds(bench, running, scenario, arguments)
                print(f"\n{scenario.name}: {scenario.says}; {rule_count} rules; "
                      f"{len(rounds)} rounds of {arguments.seconds:g} s\n"
                      f"{report.table(rounds, REFERENCE)}", flush=True)
                results[scenario.name] = rounds
            for subject in running:
                check_metrics(subject)
    for scenario in (s for s in wanted if s.is_idle):
        results["idle"] = {}
        for name in names:
            with started([name], bench, scenario.rule_count, arguments.sidecar) as running:
                results["idle"][name] = run_idle(bench, running[0])
        print(f"\n{scenario.name}: {scenario.says}\n{report.idle_table(results['idle'])}",
              flush=True)
    return results


def parse_arguments() -> argparse.Namespace:
    root = pathlib.Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=root / "build/release")
    parser.add_argument("--sidecar", type=pathlib.Path, help="another than the build's")
    parser.add_argument("--subjects", default=SUBJECTS, help=f"default {SUBJECTS}; also privoxy")
    parser.add_argument("--scenarios", default="", help="some of: "
                        + ",".join(s.name for s in scenarios.ALL))
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--seconds", type=float, default=1.0, help="of each measurement")
    parser.add_argument("--quick", action="store_true", help="about a minute: rough figures")
    parser.add_argument("--json", type=pathlib.Path, help="every sample, for later")
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.rounds, arguments.seconds = 3, 0.4
    arguments.programs = arguments.build.resolve() / "bench"
    arguments.sidecar = (arguments.sidecar or arguments.build / "beta-sidecar").resolve()
    arguments.scenarios = [name for name in arguments.scenarios.split(",") if name]
    return arguments


def raise_file_limit() -> None:
    """Both ends of ten thousand connections need descriptors; children inherit the limit."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def main() -> int:
    arguments = parse_arguments()
    raise_file_limit()
    names = []
    for name in arguments.subjects.split(","):
        why = subjects.missing(name, arguments.sidecar)
        print(f"bench: without {name}: {why}") if why else names.append(name)
    about = environment()
    print("; ".join(f"{key} {value}" for key, value in about.items()), flush=True)
    try:
        with bench_of(arguments) as bench:
            results = run_scenarios(bench, names, arguments)
    except Failed as why:
        print(f"bench: {why}", file=sys.stderr)
        return 1
    if arguments.json:
        arguments.json.write_text(json.dumps(
            {"about": about, "results": results}, default=dataclasses.asdict, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
