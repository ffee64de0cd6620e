"""Pages: the playground, health and metrics."""
