"""Goal: an app reaches a service the way it likes: as a forward proxy, or with the service's name
as Host.
Method: curl with HTTP_PROXY, curl -x, curl with a Host header, and raw bytes; by name and by
name.plane.
"""
import os
import subprocess

from stage.case import E2E, PAYOUTS, main
from stage.topology import GATEWAY
from stage.wire import request

PROXY = f"http://127.0.0.1:{GATEWAY.egress}"


def curl(*arguments, **environment):
    plain = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
    done = subprocess.run(
        ["curl", "-sS", "--max-time", "60", "-o", "-", "-w", "\n%{http_code}", *arguments],
        env=plain | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    body, _, status = done.stdout.rpartition("\n")
    return int(status), body


class RequestForms(E2E):
    def assert_arrived(self, status, method="GET"):
        self.assertEqual(status, 200)
        seen = self.app.next_request()
        self.assertEqual(seen.start, f"{method} {PAYOUTS} HTTP/1.1")
        return seen

    def test_curl_with_http_proxy_in_its_environment(self):
        status, body = curl(f"http://tron-payment{PAYOUTS}", http_proxy=PROXY)
        self.assert_arrived(status)
        self.assertEqual(body, "{}\n")

    def test_curl_with_a_body_and_a_proxy_option(self):
        status, _ = curl("-x", PROXY, "-d", '{"amount":"1"}', f"http://tron-payment{PAYOUTS}")
        self.assertEqual(self.assert_arrived(status, "POST").body, b'{"amount":"1"}')

    def test_curl_with_the_name_as_host(self):
        status, _ = curl("-H", "Host: tron-payment", f"{PROXY}{PAYOUTS}")
        self.assert_arrived(status)

    def test_the_name_with_its_plane(self):
        status, _ = curl(f"http://tron-payment.wallet{PAYOUTS}", http_proxy=PROXY)
        self.assert_arrived(status)
        answer = self.egress().send(request("GET", PAYOUTS, host="tron-payment.wallet")).answer()
        self.assert_arrived(answer.status)

    def test_the_name_with_its_port(self):
        status, _ = curl(f"http://tron-payment:80{PAYOUTS}", http_proxy=PROXY)
        self.assert_arrived(status)

    def test_the_name_with_another_plane_is_nobody(self):
        answer = self.egress().send(request("GET", PAYOUTS, host="tron-payment.ops")).answer()
        self.assertEqual(answer.status, 403)
        self.assert_no_request_reached_the_app()

    def test_an_absolute_target_and_a_host_that_differ_are_refused(self):
        answer = (
            self.egress()
            .send(request("GET", f"http://tron-payment{PAYOUTS}", host="blockchain-core"))
            .answer()
        )
        self.assertEqual(answer.status, 400)
        self.assert_no_request_reached_the_app()


if __name__ == "__main__":
    main()
