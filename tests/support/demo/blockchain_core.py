"""BlockchainCore: a chain node; nothing it does is a payment."""
from json_app import serve

serve({("GET", "/api/v1/consensus"): lambda _headers, _nothing: (200, {"height": 42})})
