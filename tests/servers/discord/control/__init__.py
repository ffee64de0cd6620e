"""The control side: what a test does as people and as Discord, and the truth that it reads.

A verb is `POST /_/VERB` with its arguments as a JSON object; 400 with `{"error": …}` for what people could not do.
"""

from . import acts, bulk, commands, communities, gateway, people, talk, truth, weather
from .verbs import VERBS, Control

__all__ = [
    "VERBS",
    "Control",
    "acts",
    "bulk",
    "commands",
    "communities",
    "gateway",
    "people",
    "talk",
    "truth",
    "weather",
]
