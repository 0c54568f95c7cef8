#!/usr/bin/env python3
"""Holds where we cut HTTP messages against nginx, HAProxy, llhttp, h11 and http.client.

run.py CUT NODE [--count N] [--seed N]: exit code 1 when a message that we accept is cut elsewhere,
as received or as we forward it. A message that only one side accepts is no finding.
"""

import argparse
import contextlib
import functools
import pathlib
import re
import sys
import tempfile
from collections.abc import Callable

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import parsers
import proxies
import streams
from parsers import Child, Cut, Message

HERE = pathlib.Path(__file__).resolve().parent


def ours(child: Child, kind: str, stream: bytes) -> tuple[list[Message], bytes, bytes]:
    """The messages that we accept whole, their bytes as received, and as forwarded."""
    whole, end, forwarded = [], 0, b""
    for said in child.ask(kind, stream)["messages"]:
        if not said["whole"]:
            break
        method, target = (bytes.fromhex(said[key]).decode("latin1") for key in ("method", "target"))
        whole.append(Message(method, target, said["status"], said["payload"], True))
        end = said["end"]
        forwarded += bytes.fromhex(said["head"]) + bytes.fromhex(said["body"])
    return whole, stream[:end], forwarded


def origin_form(target: str) -> str:
    return re.sub(r"^http://[^/?]*", "", target) or "/"


def differs(accepted: list[Message], cut: Cut) -> bool:
    """Theirs may be fewer, and the last of them broken off, if they refuse the rest."""
    for mine, other in zip(accepted, cut.messages, strict=False):
        if not other.whole and cut.refused:
            return False
        same_target = origin_form(mine.target) == origin_form(other.target)
        if (mine.method, mine.status, mine.payload, True) != (
            other.method,
            other.status,
            other.payload,
            other.whole,
        ) or not same_target:
            return True
    return len(cut.messages) > len(accepted) or (
        len(cut.messages) < len(accepted) and not cut.refused
    )


def without_continue(messages: list[Message]) -> list[Message]:
    return [message for message in messages if message.status != 100]


class Comparison:
    def __init__(self) -> None:
        self.compared = 0
        self.refused = 0
        self.findings = 0

    def hold(
        self, name: str, accepted: list[Message], stream: bytes, parse: Callable[[bytes], Cut]
    ) -> None:
        cut = parse(stream)
        mine = without_continue(accepted) if name == "http.client" else accepted
        self.compared += 1
        self.refused += bool(cut.refused) and len(cut.messages) < len(mine)
        if differs(mine, cut):
            self.findings += 1
            print(f"FINDING {name}: {stream!r}\n  we:   {mine}\n  they: {cut}")


def compare(child: Child, node: parsers.Llhttp, rivals: list[proxies.Proxy], options) -> Comparison:
    result = Comparison()
    request_parsers = {
        "llhttp": functools.partial(node.cut, "q"),
        "h11": parsers.h11_requests,
        **{proxy.name: proxy.cut for proxy in rivals},
    }
    answer_parsers = {
        "llhttp": functools.partial(node.cut, "a"),
        "h11": parsers.h11_answers,
        "http.client": parsers.http_client_answers,
    }
    for kind, all_streams, others in (
        ("q", streams.requests(options.count, options.seed), request_parsers),
        ("a", streams.answers(options.count, options.seed), answer_parsers),
    ):
        for stream in all_streams:
            accepted, received, forwarded = ours(child, kind, stream)
            for name, parse in others.items() if accepted else ():
                result.hold(name, accepted, received, parse)
                result.hold(name, accepted, forwarded, parse)
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cut")
    parser.add_argument("node")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        child = stack.enter_context(contextlib.closing(Child(options.cut)))
        node = parsers.Llhttp(options.node, str(HERE / "llhttp.cjs"))
        stack.enter_context(contextlib.closing(node))
        rivals = [proxies.nginx(folder), proxies.haproxy(folder)]
        for proxy in rivals:
            stack.callback(proxy.close)
        result = compare(child, node, rivals, options)
    print(f"{result.compared} comparisons, {result.refused} refused by others", end=", ")
    print(f"{result.findings} findings")
    return 1 if result.findings or result.compared < options.count else 0


if __name__ == "__main__":
    sys.exit(main())
