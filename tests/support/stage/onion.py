"""Onion: v3 addresses made of public keys (rend-spec-v3 §6), for services nobody publishes."""
import base64
import hashlib

# The public key of RFC 8032 §7.1, test 1: a good point of the curve; nobody here has its secret.
NOBODYS_KEY = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")


def address_of(key):
    checksum = hashlib.sha3_256(b".onion checksum" + key + b"\x03").digest()[:2]
    return base64.b32encode(key + checksum + b"\x03").decode().lower() + ".onion"


def invented(names):
    """A well-formed address for each name; behind them is nothing."""
    return {name: address_of(hashlib.sha256(name.encode()).digest()) for name in names}
