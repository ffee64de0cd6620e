"""One module a feature: its tables, and `STORES`, which maps each Protocol of its model to what implements it.

A module here is found by itself (storage/registry.py); only its migration has to be added.
"""
