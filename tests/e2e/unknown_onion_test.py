"""Goal: an onion service that does not exist is a 503 that says so, and not an error of the caller.
Method: a directory whose payment service has a valid address that nobody publishes: tor's reply
is F0.
"""
from stage import topology
from stage.case import E2E, PAYOUTS, main
from stage.onion import NOBODYS_KEY, address_of
from stage.sidecar import eventually
from stage.wire import request


class UnknownOnion(E2E):
    services = (topology.GATEWAY,)
    files = {
        "changed": {
            "tron-payment": ["plane: wallet", f"onion: {address_of(NOBODYS_KEY)}", "port: 80"]
        }
    }

    def test_the_caller_gets_503_and_learns_that_nothing_is_there(self):
        answer = self.egress().send(request("GET", PAYOUTS)).answer()
        self.assertEqual(answer.status, 503)
        self.assertIn("error=destination_not_found", answer.one("Proxy-Status") or "")
        self.assertEqual(answer.one("Content-Type"), "application/problem+json")

    def test_the_log_says_what_tor_said(self):
        self.egress().send(request("GET", PAYOUTS)).answer()
        line = eventually(
            lambda: self.sidecars[topology.GATEWAY].access(destination="tron-payment"), "a log line"
        )[-1]
        self.assertEqual(line["http.response.status_code"], 503)
        self.assertIn("not_found", line["error.type"])


if __name__ == "__main__":
    main()
