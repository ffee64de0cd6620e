"""`guyub play FILE.chat`: a scripted conversation with the real engine, on the playground, under a virtual clock."""

from bot.play.command import main

__all__ = ["main"]
