"""Settings as a manager reads them. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from bot.core.messages import Button, Message, Text, lines
from bot.core.settings import FeatureSettings, Resolved, SettingError, show_value
from bot.core.speech import Speaker
from bot.locale import LANGUAGES, _

SOURCES = {
    "manager": _("set by a manager"),
    "community": _("from the community's part of the file"),
    "defaults": _("from the file's defaults"),
    "built-in": _("Guyub's default"),
}
LONGEST_VALUE = 80

WRONG = {
    "duration": _("`{value}` is not a length of time. Like this: `{example}`"),
    "duration_unit": _("`{value}` needs a unit: s, m, h or d. Like this: `{example}`"),
    "at_most": _("`{value}` is too much for {key}; at most {limit}."),
    "at_least": _("`{value}` is too little for {key}; at least {limit}."),
}
CHOICES = _("`{value}` won't do for {key}. Possible: {choices}")
NEAR = _("`{value}` won't do for {key}. Did you mean `{nearest}`?")
WRONG |= {"choice": CHOICES, "choice_near": NEAR, "language": CHOICES, "zone_near": NEAR}
WRONG_OTHERWISE = _("`{value}` won't do for {key}. Like this: `{example}`")


def table(name: str, resolved: Resolved[FeatureSettings], locked: Iterable[str], say: Speaker) -> Text:
    """One line a key: its value, where it comes from, whether it is locked."""
    rows = [say("*{name}*", name=name)]
    for key, source in resolved.sources.items():
        pattern = _("`{key}` = {value} ({source})")
        if key in locked:
            pattern = _("`{key}` = {value} ({source}, locked)")
        rows.append(
            say(pattern, key=f"{name}.{key}", value=_short(getattr(resolved.value, key)), source=say(SOURCES[source]))
        )
    return lines(*rows)


def _short(value: object) -> str:
    shown = show_value(value) or "–"
    return shown if len(shown) <= LONGEST_VALUE else shown[: LONGEST_VALUE - 1] + "…"


def changed(key: str, value: object, change: int, say: Speaker) -> Message:
    text = say(_("`{key}` is now {value}."), key=key, value=_short(value))
    return Message(text, buttons=((_undo(change, say),),))


def reset(key: str, value: object, source: str, change: int, say: Speaker) -> Message:
    text = say(_("`{key}` is {value} again ({source})."), key=key, value=_short(value), source=say(SOURCES[source]))
    return Message(text, buttons=((_undo(change, say),),))


def _undo(change: int, say: Speaker) -> Button:
    return Button(say.words(_("Undo")), action="settings.undo", data={"change": change})


def unknown_key(found: str, known: Iterable[str], say: Speaker) -> Text:
    near = difflib.get_close_matches(found, list(known), n=1, cutoff=0.4)
    if near:
        return say(_("I don't know the setting `{found}`. Did you mean `{nearest}`?"), found=found, nearest=near[0])
    return say(_("I don't know the setting `{found}`. `/settings show` lists them all."), found=found)


def wrong_value(key: str, typed: str, error: SettingError, say: Speaker) -> Text:
    values = {
        "value": typed[:60],
        "key": key,
        "example": "",
        **{k: str(v) for k, v in error.data.items() if k != "key"},
    }
    values["value"] = typed[:60]
    values["choices"] = values.get("choices", ", ".join(LANGUAGES)).replace(" or ", ", ")
    return say(WRONG.get(error.code, WRONG_OTHERWISE), **values)
