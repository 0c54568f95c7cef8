"""Goal: a call that the ACLs allow reaches the app and its answer comes back, both as they were
sent.
Method: POST through the gateway's egress, over Tor, to the payment service; look at what its app
received.
"""
from stage.app import Answer
from stage.case import E2E, PAYOUTS, main
from stage.wire import request

BODY = b'{"to":"TXYZ","amount":"12.50","currency":"USDT"}'


class AllowedCall(E2E):
    @staticmethod
    def reply(request):
        return Answer(b'{"id":"p-1"}', "201 Created", [("X-From-The-App", "yes"), ("ETag", '"v1"')])

    def test_the_body_and_the_headers_reach_the_app_unchanged(self):
        self.egress().send(
            request(
                "POST",
                PAYOUTS,
                body=BODY,
                headers=["Content-Type: application/json", "X-Trace-Me: A, b"],
            )
        ).answer()
        seen = self.app.next_request()
        self.assertEqual(seen.start, f"POST {PAYOUTS} HTTP/1.1")
        self.assertEqual(seen.body, BODY)
        self.assertEqual(seen.one("Content-Type"), "application/json")
        self.assertEqual(seen.one("X-Trace-Me"), "A, b")

    def test_the_answer_of_the_app_reaches_the_caller_unchanged(self):
        answer = self.egress().send(request("POST", PAYOUTS, body=BODY)).answer()
        self.assertEqual(answer.start, "HTTP/1.1 201 Created")
        self.assertEqual(answer.body, b'{"id":"p-1"}')
        self.assertEqual(answer.one("X-From-The-App"), "yes")
        self.assertEqual(answer.one("ETag"), '"v1"')

    def test_the_query_reaches_the_app_byte_for_byte(self):
        self.egress().send(request("GET", f"{PAYOUTS}?a=1&b=%7e%7E&c")).answer()
        self.assertEqual(self.app.next_request().target, f"{PAYOUTS}?a=1&b=%7e%7E&c")

    def test_the_app_is_told_who_calls_and_by_which_rule(self):
        self.egress().send(request("GET", PAYOUTS)).answer()
        seen = self.app.next_request()
        self.assertEqual(seen.one("X-Beta-Source-Plane"), "ops")
        self.assertTrue(seen.one("X-Beta-Rule"))
        self.assertTrue(seen.one("X-Request-Id"))

    def test_neither_side_ever_sees_an_onion_address(self):
        answer = self.egress().send(request("GET", PAYOUTS)).answer()
        self.assert_no_onion_in(self.app.next_request())
        self.assert_no_onion_in(answer)

    def test_hop_by_hop_headers_end_at_the_sidecar(self):
        self.egress().send(
            request(
                "GET",
                PAYOUTS,
                headers=[
                    "Connection: X-For-This-Hop",
                    "X-For-This-Hop: 1",
                    "Proxy-Connection: keep-alive",
                    "Keep-Alive: timeout=5",
                    "TE: gzip",
                ],
            )
        ).answer()
        names = self.app.next_request().names()
        for gone in ("x-for-this-hop", "proxy-connection", "keep-alive", "te"):
            self.assertNotIn(gone, names)

    def test_a_head_request_has_an_answer_without_a_body(self):
        with self.egress() as client:
            answer = client.send(request("HEAD", PAYOUTS)).answer("HEAD")
        # Whether the shipped policy allows HEAD or not, the answer must not carry a body.
        self.assertIn(answer.status, (200, 201, 403))
        self.assertEqual(answer.body, b"")


if __name__ == "__main__":
    main()
