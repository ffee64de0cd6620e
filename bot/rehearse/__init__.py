"""`guyub rehearse`: what a config would have posted, where, when and why, over activity that was recorded."""

from bot.rehearse.command import main

__all__ = ["main"]
