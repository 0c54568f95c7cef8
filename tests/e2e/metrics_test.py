"""Goal: the metrics of both sidecars count what happened, and nothing that a caller makes up
becomes a label.
Method: allowed and denied calls; read /metrics of both before and after.
"""
from stage import topology
from stage.case import E2E, PAYOUTS, main
from stage.metrics import total
from stage.sidecar import eventually
from stage.wire import request

REQUESTS, VIOLATIONS = "beta_sidecar_requests_total", "beta_sidecar_acl_violations_total"


class Metrics(E2E):
    def call(self, method, target, **options):
        return self.egress().send(request(method, target, **options)).answer().status

    def count(self, service, name, **labels):
        return total(self.sidecars[service].metrics(), name, **labels)

    def assert_counts(self, more, act, service, name, **labels):
        """act() adds `more` to the samples with these labels."""
        before = self.count(service, name, **labels)
        act()
        eventually(
            lambda: self.count(service, name, **labels) == before + more,
            f"{name} {labels} + {more}",
        )

    def test_an_allowed_call_is_counted_at_both_ends(self):
        calls = 3

        def act():
            for _ in range(calls):
                self.assertEqual(self.call("GET", PAYOUTS), 200)

        self.assert_counts(
            calls,
            lambda: self.assert_counts(
                calls,
                act,
                topology.PAYMENT,
                REQUESTS,
                direction="ingress",
                verdict="allow",
                code="200",
            ),
            topology.GATEWAY,
            REQUESTS,
            direction="egress",
            destination="tron-payment",
            method="GET",
            code="200",
            verdict="allow",
        )

    def test_a_denial_is_counted_with_its_rule(self):
        self.assert_counts(
            1,
            lambda: self.assertEqual(self.call("GET", "/admin"), 403),
            topology.GATEWAY,
            VIOLATIONS,
            direction="egress",
        )
        samples = self.sidecars[topology.GATEWAY].metrics()
        self.assertTrue(all(labels["rule"] for name, labels, _ in samples if name == VIOLATIONS))

    def test_the_time_that_calls_take_is_counted(self):
        self.assert_counts(
            1,
            lambda: self.call("GET", PAYOUTS),
            topology.GATEWAY,
            "beta_sidecar_request_duration_seconds_count",
            direction="egress",
        )

    def test_streams_over_tor_are_counted(self):
        self.call("GET", PAYOUTS)
        self.assertGreaterEqual(
            self.count(topology.GATEWAY, "beta_sidecar_tor_connects_total", result="ok"), 1
        )

    def test_invented_hosts_paths_and_methods_add_no_series(self):
        self.call("BREW", PAYOUTS)
        self.call("GET", "/", host="nobody-0")

        def shape():
            return {
                (name, tuple(sorted(labels.items())))
                for name, labels, _ in self.sidecars[topology.GATEWAY].metrics()
            }

        before = shape()
        for number in range(20):
            self.call(f"BREW{number}", f"{PAYOUTS}/{number}")
            self.call("GET", f"/{number}", host=f"nobody-{number}")
        self.assertEqual(shape(), before)


if __name__ == "__main__":
    main()
