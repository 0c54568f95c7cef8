"""Goal: bodies far larger than any buffer pass in both directions, every byte in its place.
Method: a few MiB of random bytes up and down, by length and in chunks; compare SHA-256.
"""
import hashlib
import random

from stage.app import Answer
from stage.case import E2E, PAYOUTS, main
from stage.wire import chunked, request

MIB = 1 << 20
DATA = random.Random(2).randbytes(4 * MIB)


class BigBodies(E2E):
    @staticmethod
    def reply(request):
        digest = hashlib.sha256(request.body).hexdigest()
        return Answer(DATA if request.method == "GET" else digest.encode())

    def test_a_big_body_goes_up(self):
        answer = self.egress().send(request("POST", PAYOUTS, body=DATA)).answer()
        self.assertEqual(answer.body.decode(), hashlib.sha256(DATA).hexdigest())

    def test_a_big_chunked_body_goes_up(self):
        parts = [DATA[at : at + 50_000] for at in range(0, 2 * MIB, 50_000)]
        head = (
            f"POST {PAYOUTS} HTTP/1.1\r\nHost: tron-payment\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        answer = self.egress().send(head.encode() + chunked(parts)).answer()
        self.assertEqual(answer.body.decode(), hashlib.sha256(b"".join(parts)).hexdigest())

    def test_a_big_body_comes_down(self):
        answer = self.egress().send(request("GET", PAYOUTS)).answer()
        self.assertEqual(len(answer.body), len(DATA))
        self.assertEqual(hashlib.sha256(answer.body).digest(), hashlib.sha256(DATA).digest())


if __name__ == "__main__":
    main()
