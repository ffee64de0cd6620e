"""Guyub beside its anchors: `python -m benchmarks [NAME…] [--full] [--keep]`; the figures and what they taught are
in docs/speed.md. Each benchmark is a module with `async run(full) -> list[Figure]` and measures both in one run.
"""
