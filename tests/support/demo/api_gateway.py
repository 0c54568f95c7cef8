"""ApiGateway: sells something, and has it paid out by tron-payment: by name, through its sidecar
(HTTP_PROXY).
"""
import json
import urllib.request

from json_app import serve


def checkout(_headers, order):
    payout = urllib.request.Request(
        "http://tron-payment/api/v1/payouts",
        json.dumps(order).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(payout, timeout=60) as answer:
        return 200, {"checkout": "done", "tron-payment": json.load(answer)}


serve({("POST", "/checkout"): checkout})
