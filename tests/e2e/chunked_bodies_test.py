"""Goal: chunked bodies pass in both directions with their trailers.
Method: upload chunks with a trailer, chunk by chunk; the app answers with chunks and a trailer
of its own.
"""
from stage.app import Answer
from stage.case import E2E, PAYOUTS, main
from stage.wire import chunked

HEAD = (
    f"POST {PAYOUTS} HTTP/1.1\r\nHost: tron-payment\r\nTransfer-Encoding: chunked\r\n"
    "Trailer: X-Checksum\r\n\r\n"
).encode()
PARTS = [b"first ", b"second " * 1000, b"\r\n0\r\n\r\nlooks like the end, is not"]


class ChunkedBodies(E2E):
    files = {"limits": False}  # so many requests at once are beyond the shipped policy

    @staticmethod
    def reply(request):
        head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Took\r\n\r\n"
        return Answer(raw=head + chunked([b"one", b"two" * 5000], ["X-Took: 5ms"]))

    def test_chunks_and_trailers_reach_the_app(self):
        self.egress().send(HEAD + chunked(PARTS, ["X-Checksum: abc"])).answer()
        seen = self.app.next_request()
        self.assertTrue(seen.chunked)
        self.assertEqual(seen.body, b"".join(PARTS))
        self.assertEqual(seen.trailers, [("X-Checksum", "abc")])

    def test_chunks_and_trailers_reach_the_caller(self):
        answer = self.egress().send(HEAD + chunked([b"x"])).answer()
        self.assertTrue(answer.chunked)
        self.assertEqual(answer.body, b"one" + b"two" * 5000)
        self.assertEqual(answer.trailers, [("X-Took", "5ms")])

    def test_the_connection_goes_on_after_a_chunked_body_cut_anywhere(self):
        body = chunked([b"ab", b"c"], ["X-Checksum: q"])
        with self.egress() as client:
            for cut in range(1, len(body), 3):
                client.send(HEAD + body[:cut]).send(body[cut:])
                self.assertEqual(client.answer().status, 200, f"cut after {cut} bytes")
                self.assertEqual(self.app.next_request().body, b"abc")


if __name__ == "__main__":
    main()
