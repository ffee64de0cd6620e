"""What is said on arrival and during the set-up. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from bot.core.events import Where
from bot.core.messages import Button, Message, Text, lines
from bot.core.speech import Speaker
from bot.locale import _

ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Asia/Singapore", "Asia/Kuala_Lumpur", "UTC")
ZONE_LABELS = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}


def records(say: Speaker) -> Text:
    """The two lines on what is recorded and what not."""
    return lines(
        say(
            _(
                "Hi, I'm Guyub! I remember who comes and goes here, who speaks when, and who answers whom, "
                "so that nobody stays a stranger."
            )
        ),
        say(_("What you say is never stored. /help shows what I can do for you.")),
    )


def hello(say: Speaker) -> Text:
    return lines(
        say(_("Hi, I'm Guyub! I'm not set up for this group yet.")),
        say(_("If you're an administrator here and have a code from my admin, send: `/setup CODE`")),
    )


def goodbye(say: Speaker) -> Text:
    return say(_("Hi! I only serve the groups that my admin has named, so I'm leaving again. Take care!"))


def private_hello(say: Speaker) -> Text:
    return lines(
        say(_("Hi, I'm Guyub! Now I can write to you here: answers that are for you alone, and what you asked for.")),
        say(_("I don't write without a reason. /help shows what you can do, /language changes the language.")),
    )


def ask_community(names: Mapping[str, str], new_name: str, code: str, say: Speaker) -> Message:
    """`names` by slug."""
    rows = [
        (Button(name, action="arrival.community", data={"slug": slug, "code": code}),) for slug, name in names.items()
    ]
    new = Button(say.words(_("A new community")), action="arrival.community", data={"slug": "", "code": code})
    text = say(_("Welcome! Which community does *{group}* belong to?"), group=new_name)
    return Message(text, buttons=(*rows, (new,)))


def ask_language(data: Mapping[str, Any], say: Speaker) -> Message:
    buttons = tuple(
        Button(name, action="arrival.language", data={**data, "language": code}) for code, name in LANGUAGES.items()
    )
    return Message(say(_("In which language shall I speak here?")), buttons=(buttons,))


def ask_zone(data: Mapping[str, Any], default: str, say: Speaker) -> Message:
    zones = dict.fromkeys((default, *ZONES))
    buttons = [Button(zone_label(zone), action="arrival.zone", data={**data, "timezone": zone}) for zone in zones]
    rows = tuple(tuple(buttons[n : n + 2]) for n in range(0, len(buttons), 2))
    return Message(say(_("In which time zone do you live?")), buttons=rows)


def zone_label(zone: str) -> str:
    city = zone.rpartition("/")[2].replace("_", " ")
    return f"{ZONE_LABELS[zone]} ({city})" if zone in ZONE_LABELS else city


def done(name: str, managers_code: str, say: Speaker) -> Text:
    """Set up; how a managers' chat is added, if there is none."""
    parts = [say(_("Done! I'm here for *{community}* now."), community=name), records(say)]
    if managers_code:
        parts.append(
            say(
                _("For a managers' chat, send this there within a day: `/setup {code}` (add me first, if need be)."),
                code=managers_code,
            )
        )
    return lines(*parts, gap="\n\n")


def toml_lines(slug: str, places: Iterable[Where], new: tuple[str, str, str] | None = None) -> str:
    """What the admin may put into community.toml; `new`: name, language and zone of a community that isn't there."""
    written: list[str] = []
    if new:
        name, language, zone = new
        written += [f"[communities.{slug}]", f"name = {_quoted(name)}", f'language = "{language}"']
        written += [f'timezone = "{zone}"', ""]
    for place in places:
        written += [f"[[communities.{slug}.groups]]", f'platform = "{place.platform}"', f'id = "{place.group}"']
        written += [f'main = "{place.channel}"', ""] if place.channel else [""]
    return "\n".join(written).rstrip()


def toml_managers(slug: str, managers: Mapping[str, Where]) -> str:
    """The same for the managers' chats, by platform."""
    chats = [f'{platform} = "{place.channel or place.group}"' for platform, place in managers.items()]
    return "\n".join([f"[communities.{slug}.managers]", *chats])


def _quoted(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)
