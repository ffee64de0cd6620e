"""What to say about keys that a table doesn't have, or lacks."""

from bot.config.mistakes import Mistake
from bot.config.positions import Path
from bot.config.tables import CommunityTable
from bot.core.setting_errors import SettingError


def about_key(path: Path, fault: ValueError) -> ValueError:
    """The fault, with better advice where the file's layout tells more than the table does."""
    if not isinstance(fault, SettingError) or not fault.code.startswith("unknown_key"):
        return fault
    key = str(path[-1])
    if len(path) > 3 and path[0] == "communities" and key in CommunityTable.model_fields:
        # A TOML table runs until the next header, so whatever is added at the end of a community lands in its last one.
        return Mistake("unknown key", f"it belongs directly below [communities.{path[1]}]", of_key=True)
    if "token" in key.casefold():
        return Mistake("unknown key", "tokens belong in the file .env", of_key=True)
    return fault
