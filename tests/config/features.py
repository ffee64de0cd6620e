"""Two features' settings, as features declare them."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from bot.core.durations import Duration, Localised, LocalSpan, ZoneName
from bot.core.settings import FeatureSettings
from bot.core.templates import Template


def _placeholders(text: str) -> str:
    Template.parse(text, frozenset({"name", "community", "count"}))
    return text


class Welcome(FeatureSettings):
    texts: tuple[Annotated[str, AfterValidator(_placeholders)], ...] = Field(
        default=("Welcome, {name}!",), min_length=1, max_length=10, description="Greetings that take turns."
    )
    window: Duration = Field(
        default=timedelta(seconds=30), ge=timedelta(seconds=5), description="Joins this close share one greeting."
    )
    max_age: Duration = Field(default=timedelta(minutes=60), description="Later than this, nobody is greeted.")
    private: bool = Field(default=False, description="Greet in private, where that is possible.")
    rules: Localised | None = Field(default=None, description="Rules for newcomers.")

    @model_validator(mode="after")
    def _window_within_age(self) -> "Welcome":
        if self.window > self.max_age:
            raise ValueError("window is longer than max_age")
        return self


class Quiet(FeatureSettings):
    quiet_hours: LocalSpan = Field(default=LocalSpan.parse("21:30-08:00"), description="No prompts at these hours.")
    prompts_per_week: float = Field(default=2, ge=0, le=21, description="At most this many prompts a week.")
    tone: Literal["warm", "brief"] = Field(default="warm", description="How prompts sound.")
    most: int = Field(default=1, gt=0, description="Prompts a day.")
    zone: ZoneName = Field(default="UTC", description="Whose hours.")


FEATURES: dict[str, type[FeatureSettings]] = {"welcome": Welcome, "quiet": Quiet}
