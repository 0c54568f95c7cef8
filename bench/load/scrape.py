#!/usr/bin/env python3
"""What a scrape of a sidecar with many services takes, and what traffic feels of one each second:
its latency beside that of a run without scrapes, interleaved.

    bench/load/scrape.py [--build DIR] [--services N] [--scrapes N] [--rounds N] [--seconds S]
"""

import argparse
import http.client
import pathlib
import statistics
import sys
import threading
import time

import rules
import run
import subjects
from processes import Failed, Process, free_port

_ROOT = pathlib.Path(__file__).resolve().parents[2]
_INTERVAL = 1.0  # seconds; Prometheus asks each 15


def names(count: int) -> list[str]:
    return [rules.SERVICE, *(f"service-{number}" for number in range(1, count))]


def start(bench: run.Bench, sidecar: pathlib.Path, services: int) -> subjects.Subject:
    """An egress whose caller may GET and POST everywhere."""
    port, admin, folder = free_port(), free_port(), bench.folder
    (folder / "services.yaml").write_text(
        "\n".join(["apiVersion: beta.directory/v1", "services:",
                   *(f"  {name}: {{ plane: wallet, onion: {subjects.onion_address(name)} }}"
                     for name in names(services)), ""]), encoding="utf-8")
    (folder / "acl.yaml").write_text(
        "apiVersion: beta.acl/v1\nplane: ops\nallow:\n  - name: all\n"
        "    from: { services: [api-gateway] }\n    to: { plane: wallet }\n"
        '    methods: [GET, POST]\n    paths: ["/**"]\n', encoding="utf-8")
    (folder / "sidecar.yaml").write_text(
        "service: api-gateway\nplane: ops\nacl: acl.yaml\nservices: services.yaml\n"
        f"identity: listener\ntor: {{ socks: 127.0.0.1:{bench.ports['socks']} }}\n"
        f"egress: {{ address: 127.0.0.1:{port} }}\nadmin: {{ address: 127.0.0.1:{admin} }}\n"
        "workers: 1\n", encoding="utf-8")
    process = Process("sidecar", [str(sidecar), "run", "-c", str(folder / "sidecar.yaml")],
                      bench.proxy_core, folder)
    process.await_port(port)
    return subjects.Subject("egress", process, port, process.log, admin)


def call_everybody(subject: subjects.Subject, services: int) -> None:
    """Each service is asked by two methods, and by a third that is denied."""
    connection = http.client.HTTPConnection("127.0.0.1", subject.port, timeout=60)
    for name in names(services):
        for method, status in (("GET", 200), ("POST", 200), ("DELETE", 403)):
            connection.request(method, "/bytes/10", headers={"Host": name, "Content-Length": "0"})
            answer = connection.getresponse()
            answer.read()
            if answer.status != status:
                raise Failed(f"{method} to {name}: {answer.status} instead of {status}")


def scrape(subject: subjects.Subject) -> tuple[float, bytes]:
    """Milliseconds from the connect to the last byte, and the text."""
    begun = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", subject.admin_port, timeout=60)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read()
    connection.close()
    return (time.monotonic() - begun) * 1e3, text


def report_scrapes(subject: subjects.Subject, services: int, count: int) -> None:
    text = scrape(subject)[1]
    for name in names(services):
        if f'destination="{name}"'.encode() not in text:
            raise Failed(f"no series of {name}")
    cpu = subject.process.cpu_seconds()
    took = sorted(scrape(subject)[0] for _ in range(count))
    cpu = (subject.process.cpu_seconds() - cpu) / count * 1e3
    series = sum(not line.startswith(b"#") for line in text.splitlines())
    print(f"{services:,} services: {series:,} series, {len(text) / 1e6:.1f} MB\n"
          f"a scrape: median {statistics.median(took):.1f} ms, best {took[0]:.1f}, "
          f"p99 {took[count * 99 // 100]:.1f}; {cpu:.1f} ms of CPU; {count} scrapes\n", flush=True)


class Scrapes:
    """One each second, for as long as it is open."""

    def __init__(self, subject: subjects.Subject):
        self._subject = subject
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self._thread.start()

    def __exit__(self, *_):
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        scrape(self._subject)
        while not self._end.wait(_INTERVAL):
            scrape(self._subject)


def report_traffic(bench: run.Bench, subject: subjects.Subject, rounds: int,
                   seconds: float) -> None:
    def measure() -> dict:
        return bench.generate(subject.port, "--seconds", str(seconds))

    alone, beside = [], []
    for _ in range(rounds):
        alone.append(measure())
        with Scrapes(subject):
            beside.append(measure())
    print("| traffic | req/s | p50 µs | p99 µs | p99.9 µs |\n|---|---:|---:|---:|---:|")
    for what, samples in (("alone", alone), ("with a scrape each second", beside)):
        middle = {key: statistics.median(sample[key] for sample in samples)
                  for key in ("rps", "p50_us", "p99_us", "p999_us")}
        rates = [sample["rps"] for sample in samples]
        print(f"| {what} | {middle['rps']:,.0f} ({min(rates):,.0f}–{max(rates):,.0f}) | "
              f"{middle['p50_us']:.0f} | {middle['p99_us']:.0f} | {middle['p999_us']:.0f} |",
              flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=_ROOT / "build/release")
    parser.add_argument("--services", type=int, default=1000)
    parser.add_argument("--scrapes", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4.0, help="of each measurement")
    options = parser.parse_args()
    options.programs = options.build.resolve() / "bench"
    run.raise_file_limit()
    try:
        with run.bench_of(options) as bench:
            subject = start(bench, (options.build / "beta-sidecar").resolve(), options.services)
            try:
                call_everybody(subject, options.services)
                report_scrapes(subject, options.services, options.scrapes)
                report_traffic(bench, subject, options.rounds, options.seconds)
            finally:
                subject.process.stop()
    except Failed as why:
        print(f"bench: {why}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
