"""Stage: the three services of the demo and of the end-to-end tests, with their sidecars, over
tornet.
"""
