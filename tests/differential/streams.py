"""Streams of HTTP messages: seeds and random ones, of the pieces of tests/fuzz/compose.hpp.

streams.py DIR writes the corpora of the fuzz targets `requests` and `answers` into DIR.
"""

import pathlib
import random
import re
import sys

FUZZ = pathlib.Path(__file__).resolve().parent.parent / "fuzz"


def _pieces() -> list[bytes]:
    text = (FUZZ / "compose.hpp").read_text()
    table = text[text.index("pieces[] = {") : text.index("};")]
    found = re.findall(r'^    "((?:[^"\\]|\\.)*)",$', table, re.MULTILINE)
    return [piece.encode("latin-1").decode("unicode_escape").encode("latin-1") for piece in found]


PIECES = _pieces()
_LONGEST_FIRST = sorted(range(len(PIECES)), key=lambda i: -len(PIECES[i]))


def encode(stream: bytes) -> bytes:
    """The input of the fuzz targets that composes `stream`."""
    out = bytearray()
    at = 0
    while at < len(stream):
        for index in _LONGEST_FIRST:
            if stream.startswith(PIECES[index], at):
                out.append(index)
                at += len(PIECES[index])
                break
        else:
            out.append(0x80 + stream[at])  # ASCII: other bytes are pieces
            at += 1
    return bytes(out)


def decode(data: bytes) -> bytes:
    return b"".join(
        PIECES[byte % len(PIECES)] if byte < 0x80 else bytes([byte - 0x80]) for byte in data
    )


_GET = b"GET /ok HTTP/1.1\r\nHost: a\r\n"
_POST = b"POST /ok HTTP/1.1\r\nHost: a\r\n"
_OK = b"HTTP/1.1 200 OK\r\n"
_CHUNKED = b"Transfer-Encoding: chunked\r\n"

REQUESTS = {
    "plain": _GET + b"\r\n",
    "two": _GET + b"\r\n" + _GET + b"\r\n",
    "length": _POST + b"Content-Length: 5\r\n\r\nhello" + _GET + b"\r\n",
    "chunked": _POST + _CHUNKED + b"\r\n5\r\nhello\r\n0\r\n\r\n" + _GET + b"\r\n",
    "trailers": _POST + _CHUNKED + b"\r\n5;ext=1\r\nhello\r\n0\r\nX-A: 1\r\n\r\n",
    "both_lengths": _POST + b"Content-Length: 5\r\n" + _CHUNKED + b"\r\n0\r\n\r\n",
    "two_lengths": _POST + b"Content-Length: 5\r\ncontent-length: 3\r\n\r\nhello",
    "signed_length": _POST + b"Content-Length: +5\r\n\r\nhello",
    "blank_before_colon": _POST + b"Content-Length : 5\r\n\r\nhello",
    "folded": _GET + b"X-A: 1\r\n b\r\n\r\n",
    "bare_lf": b"GET /ok HTTP/1.1\nHost: a\n\n",
    "chunk_lf": _POST + _CHUNKED + b"\r\n5\nhello\r\n0\r\n\r\n",
    "chunk_huge": _POST + _CHUNKED + b"\r\n10000000000000005\r\nhello\r\n0\r\n\r\n",
    "chunk_zeros": _POST + _CHUNKED + b"\r\n00000000000000005\r\nhello\r\n0\r\n\r\n",
    "not_chunked": _POST + b"Transfer-Encoding: xchunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "vertical_tab": _POST + b"Transfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n",
    "expect": _POST + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello",
    "old": b"POST /ok HTTP/1.0\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
    "absolute": b"GET http://a/ok HTTP/1.1\r\nHost: a\r\n\r\n",
    "options_star": b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
    "hop_length": _POST + b"Connection: Content-Length\r\nContent-Length: 5\r\n\r\nhello",
    "get_with_body": _GET + b"Content-Length: 5\r\n\r\nhello" + _GET + b"\r\n",
    "dots": b"GET /ok/../a HTTP/1.1\r\nHost: a\r\n\r\n",
    "empty_line_first": b"\r\n" + _GET + b"\r\n",
}

ANSWERS = {
    "length": _OK + b"Content-Length: 5\r\n\r\nhello",
    "two": (_OK + b"Content-Length: 5\r\n\r\nhello") * 2,
    "chunked": _OK + _CHUNKED + b"\r\n5\r\nhello\r\n0\r\n\r\n",
    "trailers": _OK + _CHUNKED + b"\r\n5\r\nhello\r\n0\r\nX-A: 1\r\n\r\n",
    "until_close": _OK + b"\r\nhello",
    "interim": b"HTTP/1.1 100 Continue\r\n\r\n" + _OK + b"Content-Length: 0\r\n\r\n",
    "early": b"HTTP/1.1 103 Early\r\nX-A: 1\r\n\r\n" + _OK + b"Content-Length: 0\r\n\r\n",
    "no_content": b"HTTP/1.1 204 No\r\n\r\n" + _OK + b"Content-Length: 0\r\n\r\n",
    "not_modified": b"HTTP/1.1 304 Not\r\nContent-Length: 5\r\n\r\n" + _OK + b"\r\n",
    "both_lengths": _OK + b"Content-Length: 5\r\n" + _CHUNKED + b"\r\n0\r\n\r\n",
    "two_lengths": _OK + b"Content-Length: 5\r\ncontent-length: 3\r\n\r\nhello",
    "chunked_twice": _OK + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "gzip_chunked": _OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "old": b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "old_chunked": b"HTTP/1.0 200 OK\r\n" + _CHUNKED + b"\r\n0\r\n\r\n",
    "bare_lf": b"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello",
    "chunk_lf": _OK + _CHUNKED + b"\r\n5\nhello\r\n0\n\r\n",
    "no_reason": b"HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n",
    "close": _OK + b"Connection: close\r\nContent-Length: 5\r\n\r\nhello",
}

_LINES = [p for p in PIECES if p.endswith(b"\r\n") and b":" in p and not p.startswith(b"GET")]
_BODIES = [
    b"hello",
    b"",
    b"5\r\nhello\r\n0\r\n\r\n",
    b"5\r\nhello\r\nA\r\n0123456789\r\n0\r\nX-A: 1\r\n\r\n",
    b"5;ext=1\r\nhello\r\n0\r\n\r\n",
]


def _message(chance: random.Random, starts: list[bytes]) -> bytes:
    framing = [b"Content-Length: 5\r\n", _CHUNKED, b"Content-Length: 0\r\n", b""]
    lines = chance.choices(_LINES, k=chance.randrange(3)) + [chance.choice(framing)]
    chance.shuffle(lines)
    return chance.choice(starts) + b"".join(lines) + b"\r\n" + chance.choice(_BODIES)


def _spoil(chance: random.Random, stream: bytes) -> bytes:
    at = chance.randrange(len(stream) + 1)
    end = at + chance.choice([0, 0, 1, 2])
    return stream[:at] + chance.choice(PIECES) + stream[end:]


def _random(chance: random.Random, starts: list[bytes]) -> bytes:
    stream = b"".join(_message(chance, starts) for _ in range(chance.randrange(1, 4)))
    for _ in range(chance.choice([0, 0, 1, 1, 2])):
        stream = _spoil(chance, stream)
    return stream


def requests(count: int, seed: int) -> list[bytes]:
    chance = random.Random(seed)
    others = [_GET.replace(b"GET", b"HEAD"), _GET.replace(b"GET /ok", b"PUT /ok?q=1")]
    starts = [_GET, _POST, *others]
    return [*REQUESTS.values(), *(_random(chance, starts) for _ in range(count))]


def answers(count: int, seed: int) -> list[bytes]:
    chance = random.Random(seed)
    starts = [_OK, _OK, b"HTTP/1.1 204 No\r\n", b"HTTP/1.1 304 Not\r\n", b"HTTP/1.0 200 OK\r\n"]
    return [*ANSWERS.values(), *(_random(chance, starts) for _ in range(count))]


def _write(folder: pathlib.Path, streams: dict[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, stream in streams.items():
        if decode(encode(stream)) != stream:
            raise ValueError(f"{name} is not composed again from its pieces")
        (folder / name).write_bytes(encode(stream))


if __name__ == "__main__":
    _write(pathlib.Path(sys.argv[1]) / "requests", REQUESTS)
    _write(pathlib.Path(sys.argv[1]) / "answers", ANSWERS)
