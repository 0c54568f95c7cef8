"""Goal: the shipped policy lets a burst of 20 payments through at once, 100 a minute after it, and
answers what is beyond with 429 and when to come back.
Method: 60 requests in one write; what passed is counted at the app, and again once a second has
gone by.
"""
import threading
import time

from stage import topology
from stage.case import E2E, PAYOUTS, main
from stage.metrics import total
from stage.wire import request

BURST, INTERVAL = 20, 0.6  # seconds between two of 100 a minute
CALLS = 60


class RateLimit(E2E):
    def test_what_is_beyond_the_burst_is_told_to_come_back(self):
        client = self.egress()
        begun = time.monotonic()
        client.send(request("GET", PAYOUTS) * CALLS)
        answers = [client.answer() for _ in range(CALLS)]
        took = time.monotonic() - begun
        statuses = [answer.status for answer in answers]
        self.assertEqual(statuses[:BURST], [200] * BURST)
        self.assertEqual(set(statuses), {200, 429})
        passed = statuses.count(200)
        self.assertLessEqual(passed, BURST + took / INTERVAL + 1)
        self.assertEqual(self.app.requests.qsize(), passed)

        refused = next(answer for answer in answers if answer.status == 429)
        self.assertEqual(refused.one("Retry-After"), "1")
        self.assertIn("r=0", refused.one("RateLimit"))
        self.assert_no_onion_in(refused)

        limited = total(
            self.sidecars[topology.PAYMENT].metrics(), "beta_sidecar_rate_limited_total"
        )
        self.assertEqual(limited, CALLS - passed)
        self.come_back_after(float(refused.one("Retry-After")))

    def come_back_after(self, seconds):
        """Time itself is what is tested here: no event says that a second has gone by."""
        threading.Event().wait(seconds)
        self.assertEqual(self.egress().send(request("GET", PAYOUTS)).answer().status, 200)


if __name__ == "__main__":
    main()
