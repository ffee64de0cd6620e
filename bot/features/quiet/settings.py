"""What of quiet can be set."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from math import log
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema

from bot.core.durations import Duration, LocalSpan
from bot.core.settings import FeatureSettings
from bot.core.templates import Template
from bot.features.quiet.prompts import PLACEHOLDERS
from bot.features.quiet.public_holidays import is_country
from bot.features.quiet.rhythm import THRESHOLDS
from bot.features.quiet.sun import city_named
from bot.features.quiet.weekly import WeeklyPrompt

NAME: Final = "quiet"
NONE: Final = "none"
AUTO: Final = "auto"
LONGEST: Final = 400  # characters of a prompt
_NONES = frozenset({NONE, "off", "tidak ada", "no", "-"})


def _hours(value: object) -> object:
    if isinstance(value, str) and value.strip().casefold() in _NONES:
        return None
    return LocalSpan.parse(value)


Hours = Annotated[
    LocalSpan | None,
    BeforeValidator(_hours),
    PlainSerializer(lambda hours: str(hours) if hours else NONE, return_type=str),
    WithJsonSchema({"type": "string", "examples": ["21:30-08:00", NONE]}),
]
"""Hours of the day, or none."""


def checked_prompt(text: str) -> str:
    """Raise TemplateError for a placeholder that there is not, ValueError for what is too long or says nothing."""
    Template.parse(text, PLACEHOLDERS)
    if not text.strip() or len(text) > LONGEST:
        raise ValueError(f"a prompt has between 1 and {LONGEST} characters")
    return text.strip()


def _weekly(text: str) -> str:
    checked_prompt(WeeklyPrompt.parse(text).text)
    return text


def _country(value: str) -> str:
    if value.casefold() in (AUTO, NONE):
        return value.casefold()
    if not is_country(value.upper()):
        raise ValueError(f"{value!r} is no country that I know; write its two letters, such as ID")
    return value.upper()


def _city(value: str) -> str:
    """Raise ValueError with the nearest city that is known."""
    return city_named(value) if value.strip() else ""


PromptText = Annotated[str, AfterValidator(checked_prompt)]
WeeklyText = Annotated[str, AfterValidator(_weekly)]


class QuietSettings(FeatureSettings):
    enabled: bool = Field(True, description="Whether a conversation is started when a channel has gone quiet.")
    prompts_per_week: float = Field(
        1.5,
        ge=0,
        le=7,
        description="How easily a silence counts as a lull: about so many a week in a usual channel, "
        "and never more than twice as many. 0: never.",
    )
    prompts_per_day: int = Field(1, ge=0, le=10, description="The most prompts a community gets a day.")
    quiet_hours: Hours = Field(LocalSpan.parse("21:30-08:00"), description='When nothing is asked. "none": any hour.')
    trial: Duration = Field(
        timedelta(days=14),
        description="So long prompts are shown to managers first, where they have a chat. 0s: never.",
    )
    packs: bool = Field(True, description="Whether Guyub's own prompts are used, besides yours.")
    prompts: list[PromptText] = Field(
        [],
        description="Your own prompts. They may hold {interest}.",
        examples=[["Kopi apa yang kamu minum pagi ini?"]],
    )
    calendar: list[WeeklyText] = Field(
        [],
        description="Prompts for a day and time of the week, beside those for lulls.",
        examples=[['monday 09:00 "Apa rencanamu minggu ini?"']],
    )
    calendar_everywhere: bool = Field(
        False, description="Whether they are asked in every group at once, not only where most answer."
    )
    suggestions_per_day: int = Field(
        3, ge=0, le=20, description="How many prompts a member may suggest in 24 hours. 0: none."
    )
    holidays: Annotated[str, AfterValidator(_country)] = Field(
        "auto",
        description='The country whose public holidays are kept, such as ID. "auto": that of the time zone. "none".',
    )
    holiday_prompts: bool = Field(False, description="Whether anything is asked on public holidays.")
    ramadan: bool = Field(False, description="Whether the community observes Ramadan.")
    ramadan_quiet_hours: Hours = Field(
        LocalSpan.parse("22:30-09:00"), description="When nothing is asked in Ramadan, if it is observed."
    )
    city: Annotated[str, AfterValidator(_city)] = Field(
        "", description="Whose sunset and noon count, such as Jakarta. Empty: that of the time zone."
    )
    maghrib_pause: bool = Field(False, description="Whether nothing is asked around Maghrib.")
    friday_pause: bool = Field(False, description="Whether nothing is asked around Friday prayer.")

    @property
    def awake(self) -> bool:
        return self.enabled and self.prompts_per_week > 0 and self.prompts_per_day > 0

    @property
    def most_a_week(self) -> int:
        return max(1, round(2 * self.prompts_per_week))


def threshold(per_week: float) -> float:
    """Above which score a silence is a lull, for so many lulls a week in a usual channel; beyond 0."""
    known = sorted(THRESHOLDS.items())
    (low, at_low), (high, at_high) = known[0], known[1]
    for low_rate, high_rate in pairwise(known):
        if low_rate[0] <= per_week:
            (low, at_low), (high, at_high) = low_rate, high_rate
    return at_low + (at_high - at_low) * (log(per_week) - log(low)) / (log(high) - log(low))
