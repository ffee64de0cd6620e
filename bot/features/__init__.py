"""All features. A feature is one folder; it appears here, and the rest of the program derives from its manifest."""

from bot.core.feature import Feature
from bot.core.settings import FeatureSettings
from bot.features.arrival import feature as arrival
from bot.features.help import feature as help_
from bot.features.link import feature as link
from bot.features.ping import feature as ping
from bot.features.polls import feature as polls
from bot.features.posts import feature as posts
from bot.features.quiet import feature as quiet
from bot.features.settings import feature as settings
from bot.features.welcome import feature as welcome

ALL: tuple[Feature, ...] = (welcome, quiet, polls, posts, settings, help_, ping, arrival, link)
SETTINGS: dict[str, type[FeatureSettings]] = {feature.name: feature.settings for feature in ALL if feature.settings}
"""What of each feature can be set."""
