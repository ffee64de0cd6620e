"""What goes wrong, goes wrong here: the real program as a process of its own, killed, stalled, refused and flooded.

The loopback platforms of `tests/servers` outlive it and keep the truth; its database is a real file. `town.py` is a
community on both platforms, `processes.py` starts the program, `sides.py` speaks to both platforms in one way.

`python -m tests.faults` (`make faults`) is the long form: hundreds of rounds in each of which the program is killed.
"""
