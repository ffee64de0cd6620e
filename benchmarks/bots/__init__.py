"""Bots that benchmarks run as processes of their own: Guyub and its anchors.

Each takes one JSON object as its argument, prints "ready" when it is connected, and ends when standard input does.
"""
