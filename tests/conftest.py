"""Settings of the whole suite; what belongs to one part of it stands in that part's own conftest."""

pytest_plugins = ["tests.reporting"]
