"""When a group has gone unusually quiet, a conversation starts."""
