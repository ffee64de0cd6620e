"""The REST side: one module per kind of thing. Importing the package registers every route."""

from . import channels, commands, events, guilds, interactions, messages, polls, reactions, roles, threads, users
from .routing import ROUTES, Call, Route, Router

__all__ = [
    "ROUTES",
    "Call",
    "Route",
    "Router",
    "channels",
    "commands",
    "events",
    "guilds",
    "interactions",
    "messages",
    "polls",
    "reactions",
    "roles",
    "threads",
    "users",
]
