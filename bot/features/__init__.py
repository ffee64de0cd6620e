"""All features. A feature is one folder; it appears here, and the rest of the program derives from its manifest."""

from bot.core.feature import Feature
from bot.features.arrival import feature as arrival
from bot.features.help import feature as help_
from bot.features.ping import feature as ping
from bot.features.settings import feature as settings
from bot.features.welcome import feature as welcome

ALL: tuple[Feature, ...] = (welcome, settings, help_, ping, arrival)
