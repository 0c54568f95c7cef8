"""Goal: every call is one line of JSON in the log of both sidecars, whatever bytes the caller
sends.
Method: calls with odd headers and paths; read the lines that standard output has.
"""
from stage import topology
from stage.case import E2E, PAYOUTS, main
from stage.sidecar import eventually
from stage.wire import request


class AccessLog(E2E):
    def line_of(self, service, path):
        """The one access line with that path."""

        def found():
            return [line for line in self.sidecars[service].log() if line.get("url.path") == path]

        lines = eventually(found, f"a log line of {path}")
        self.assertEqual(len(lines), 1)
        return lines[0]

    def test_a_call_is_one_line_at_each_end(self):
        self.egress().send(
            request("POST", f"{PAYOUTS}?secret=1", headers=["User-Agent: till/7"], body=b"12345")
        ).answer()
        for service, direction in ((topology.GATEWAY, "egress"), (topology.PAYMENT, "ingress")):
            line = self.line_of(service, PAYOUTS)
            self.assertEqual(line["beta.direction"], direction)
            self.assertEqual(line["http.request.method"], "POST")
            self.assertEqual(line["http.response.status_code"], 200)
            self.assertEqual(line["http.request.body.size"], 5)
            self.assertEqual(line["http.response.body.size"], 3)
            self.assertEqual(line["beta.decision"], "allow")
            self.assertTrue(line["beta.rule"])
            self.assertEqual(line["user_agent.original"], "till/7")
            self.assertGreater(line["duration_ms"], 0)
            self.assertNotIn("secret", str(line))

    def test_the_app_gets_the_request_id_that_its_own_sidecar_logs(self):
        headers = ["X-Request-Id: from-the-calling-app"]
        self.egress().send(request("GET", f"{PAYOUTS}/id", headers=headers)).answer()
        calling = self.line_of(topology.GATEWAY, f"{PAYOUTS}/id")["beta.request_id"]
        called = self.line_of(topology.PAYMENT, f"{PAYOUTS}/id")["beta.request_id"]
        self.assertEqual(calling, "from-the-calling-app")
        self.assertEqual(called, self.app.next_request().one("X-Request-Id"))
        self.assertNotEqual(called, calling, "an id from afar is nobody's word: minted anew")

    def test_bytes_that_are_no_text_stay_one_line_of_json(self):
        with self.egress() as client:
            client.send(
                b'GET /a"b\\ HTTP/1.1\r\nHost: tron-payment\r\nUser-Agent: \xff\x1b[31m"\r\n\r\n'
            ).answer()
        self.egress().send(request("GET", f"{PAYOUTS}/after")).answer()
        self.line_of(topology.GATEWAY, f"{PAYOUTS}/after")  # log() has parsed every line before it

    def test_no_line_shows_an_onion_address(self):
        self.egress().send(request("GET", f"{PAYOUTS}/onion")).answer()
        for service, one in self.sidecars.items():
            self.line_of(service, f"{PAYOUTS}/onion")
            self.assert_no_onion_in(one.words())


if __name__ == "__main__":
    main()
