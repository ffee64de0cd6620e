"""The `community.toml` that `guyub init` writes: ready to use, and every other part there in comments."""

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.config.communities import slug_of
from bot.config.feature_tables import Features
from bot.config.ids import PLATFORMS, Platform
from bot.config.tables import CommunityKind
from bot.config.written import written
from bot.core.settings import FeatureSettings

_HEAD = """\
# The configuration of Guyub.
#
# How to read this file: a line that begins with "#" is a comment, which Guyub passes over. A line such as
#   name = "Kopi Nusantara"
# gives a key its value; texts stand in straight quotes "…", lists in brackets ["…", "…"], numbers and true or false
# stand alone. A line in brackets, such as [defaults], begins a part; the keys below it belong to that part, so keep
# them there. To use a line that begins with "#" right before a key, take the "#" away.
#
# Check it with "guyub check". A running bot takes over what you save; if that has a mistake, it goes on with the last
# good version and tells you where the mistake is.
# "guyub schema > community.schema.json" lets editors that know TOML explain and complete it, with this line:
#   #:schema ./community.schema.json
# The bots' tokens do not belong here but in the file .env next to it.

[admin]
# Who is told what only you can mend: your own id on one or both platforms.
#contact = { telegram = "123456789", discord = "998877665544332211" }

# What applies to every community, unless the community says otherwise below.
[defaults]
# The language that Guyub speaks: "id" (Indonesian) or "en" (English).
language = %(language)s
# The time zone, by the name of a city in it: "Asia/Jakarta" (WIB), "Asia/Makassar" (WITA), "Asia/Jayapura" (WIT), …
timezone = %(timezone)s
# What to do in a group that this file does not name: "ask" whoever added the bot, "serve" it, or "leave" it.
#unlisted = "ask"
# How members are addressed: "Kak", "kamu", "Anda", …
#sapaan = "Kak"

# A community. Its key (%(slug)s) is for this file and for commands; its name is what people read.
[communities.%(slug)s]
name = %(name)s
# "sponsored" (by a brand) or "organic" (by its members).
kind = %(kind)s
# What members may say they are interested in.
#interests = ["espresso", "latte art", "roasting"]
# The rules that newcomers see: one text, or one for each language.
#rules = "Saling bantu, jangan jualan."
# Where it differs from [defaults]:
#language = "en"
#timezone = "Asia/Makassar"
#sapaan = "Kak"

# Where managers are told things: a chat of their own on one or both platforms.
# On Telegram the members of that group are managers, besides the admins of the community's group.
[communities.%(slug)s.managers]
#telegram = "-1009876543210"
#discord = "445566778899001122"
"""

_GROUPS = """
# The groups where the community meets: one [[communities.%(slug)s.groups]], in double brackets, for each.
# Ids are written in quotes. Guyub tells a Telegram group's id when the group is set up in the chat: make a code with
# "guyub invite", and send /setup CODE there. On Discord, turn on developer mode (settings, advanced), then right-click
# the server, a channel or a role and choose "Copy ID".
"""

_GROUP: dict[Platform, str] = {
    "telegram": """\
# Where the bot speaks and where it greets, if the group has topics: the number at the end of a link to the topic.
#main = "topic:42"
#welcome = "topic:43"
""",
    "discord": """\
# The channels where the bot speaks and where it greets, and the roles whose members are managers.
#main = "223344556677889900"
#welcome = "223344556677889911"
#manager_roles = ["334455667788990011"]
""",
}

_EXAMPLE_ID: dict[Platform, str] = {"telegram": "-1001234567890", "discord": "112233445566778899"}

_FEATURES = """
# From here on: what each feature may be told. The values after "#" hold as long as the line is a comment.
# The same parts may stand under [defaults], as [defaults.NAME], for all communities.
"""


@dataclass(frozen=True, slots=True)
class Answers:
    """What `guyub init` asks. Zone, language and ids are taken as they are: check them with parse_zone and check_id.

    `groups` has a key for each platform that the community uses; None while the group's id is not known.
    """

    name: str
    language: str = "en"
    timezone: str = "UTC"
    kind: CommunityKind = "organic"
    groups: Mapping[Platform, str | None] = field(default_factory=dict)


def example(answers: Answers, features: Features) -> str:
    """The file's text. It loads without problems, also when every "#" before a key is taken away."""
    name = " ".join(answers.name.split())[:100] or "Our community"
    slug = slug_of(name)
    given = {
        "slug": slug,
        "name": written(name),
        "kind": written(answers.kind),
        "language": written(answers.language),
        "timezone": written(answers.timezone),
    }
    groups = "\n".join(_group(slug, platform, answers.groups) for platform in PLATFORMS)
    tables = "".join(f"\n{_feature(slug, feature, model)}" for feature, model in features.items())
    return _HEAD % given + _GROUPS % given + groups + (_FEATURES + tables if tables else "")


def _group(slug: str, platform: Platform, groups: Mapping[Platform, str | None]) -> str:
    known = groups.get(platform)
    lines = [f"[[communities.{slug}.groups]]", f'platform = "{platform}"', f'id = "{known or _EXAMPLE_ID[platform]}"']
    if known:
        return "\n".join(lines) + "\n" + _GROUP[platform]
    whether = "Not filled in yet" if platform in groups else f"For a group on {platform.capitalize()}"
    advice = f'# {whether}: take the "#" away from the next three lines, and put the id into the quotes.'
    return "\n".join([advice, *(f"#{line}" for line in lines)]) + "\n" + _GROUP[platform]


def _feature(slug: str, name: str, model: type[FeatureSettings]) -> str:
    values = model().model_dump(mode="json")
    lines = [f"[communities.{slug}.{name}]"]
    for key, about in model.model_fields.items():
        shown = values[key] if values[key] is not None else next(iter(about.examples or ()), None)
        lines += _comment(about.description or key)
        lines.append(f"# {key} is not set." if shown is None else f"#{key} = {written(shown)}")
    lines.append("# Keys of this part that managers can't change with /settings:")
    lines.append(f"#locked = {written([next(iter(values))])}" if values else "#locked = []")
    return "\n".join(lines) + "\n"


def _comment(text: str) -> Iterator[str]:
    return (f"# {line}" for line in textwrap.wrap(" ".join(text.split()), 116))
