"""Tornet: a real private Tor network on loopback, for the demo and the end-to-end tests. See
README.md.
"""
