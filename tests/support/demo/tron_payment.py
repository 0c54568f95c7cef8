"""TronPayment: takes payouts, and trusts what its sidecar says of the caller."""
import itertools

from json_app import serve

numbers = itertools.count(1)


def create(headers, payout):
    return 201, {
        "payout": next(numbers),
        "amount": payout.get("amount"),
        "asked_by_plane": headers["X-Beta-Source-Plane"],
        "allowed_by_rule": headers["X-Beta-Rule"],
    }


def listing(_headers, _nothing):
    return 200, {"payouts": []}


serve({("POST", "/api/v1/payouts"): create, ("GET", "/api/v1/payouts"): listing})
