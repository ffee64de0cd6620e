"""A feature's settings: typed in the chat, and layered."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import Field, ValidationError

from bot.core.settings import FeatureSettings, SettingError, check, parse_value, resolve, show_value
from tests.config.features import Quiet, Welcome

TYPED = {
    (Welcome, "window", "45s"): "45s",
    (Welcome, "texts", "Halo {name} | Hai {name}"): ["Halo {name}", "Hai {name}"],
    (Welcome, "texts", 'Halo {name}, "apa kabar"?'): ['Halo {name}, "apa kabar"?'],
    (Welcome, "texts", '["satu", "dua"]'): ["satu", "dua"],
    (Welcome, "texts", "“Halo”"): ["Halo"],
    (Welcome, "texts", "5"): ["5"],
    (Welcome, "private", "ya"): True,
    (Welcome, "private", "Tidak"): False,
    (Welcome, "private", "on"): True,
    (Welcome, "rules", "ya"): "ya",
    (Welcome, "rules", '{ id = "Halo", en = "Hi" }'): {"id": "Halo", "en": "Hi"},
    (Quiet, "prompts_per_week", "1,5"): 1.5,
    (Quiet, "prompts_per_week", " 3 "): 3,
    (Quiet, "most", "2"): 2,
    (Quiet, "tone", "brief"): "brief",
    (Quiet, "tone", '"brief"'): "brief",
    (Quiet, "quiet_hours", "21.30 – 8"): "21.30 – 8",
    (Quiet, "zone", "Asia/Makassar"): "Asia/Makassar",
}

REFUSED: dict[tuple[type[FeatureSettings], str, str], tuple[str, str]] = {
    (Welcome, "window", "30"): ("duration_unit", '30 has no unit; write "30s", "30m", "30h" or "30d"'),
    (Welcome, "window", "soon"): (
        "duration",
        '"soon" is not a duration; write it like "30s", "45m", "2h" or "3 hari"',
    ),
    (Welcome, "window", "2h"): ("invalid", "window is longer than max_age"),
    (Welcome, "texts", "Halo {nama}"): ("template", "unknown placeholder {nama}; did you mean {name}?"),
    (Welcome, "texts", " | ".join("abcdefghijk")): (
        "too_long",
        '["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"] is too long; the most is 10',
    ),
    (Welcome, "private", "maybe"): (
        "yes_no",
        '"maybe" is neither true nor false; write true or false, without quotes',
    ),
    (Welcome, "rules", '{ fr = "x" }'): ("language", 'unknown language "fr"; choose "id" or "en"'),
    (Welcome, "windw", "30s"): ("unknown_key_near", 'unknown key; did you mean "window"?'),
    (Welcome, "zzz", "30s"): ("unknown_key", "unknown key; known here: max_age, private, rules, texts, window"),
    (Quiet, "prompts_per_week", "-1"): ("at_least", "-1 is too small; the least is 0"),
    (Quiet, "prompts_per_week", "often"): (
        "number",
        '"often" is not a number; write it like 3 or 1.5, without quotes',
    ),
    (Quiet, "most", "1.5"): ("whole_number", '"1.5" is not a whole number; write it like 3, without quotes'),
    (Quiet, "tone", "Warm"): ("choice_near", '"Warm" is not one of the choices; did you mean "warm"?'),
    (Quiet, "zone", "WIB"): ("zone_near", 'unknown time zone "WIB"; did you mean "Asia/Jakarta"?'),
    (Quiet, "quiet_hours", "9"): ("span", '9 is not a span of hours; write it like "21:30-08:00"'),
}


@pytest.mark.parametrize(("typed", "value"), TYPED.items())
def test_what_managers_type_is_understood(typed: tuple[type[FeatureSettings], str, str], value: Any) -> None:
    model, key, text = typed
    parsed = parse_value(model, key, text)
    assert (parsed, type(parsed)) == (value, type(value))
    assert resolve(model, community={}, defaults={}, overrides={key: parsed}).sources[key] == "manager"


@pytest.mark.parametrize(("typed", "expected"), REFUSED.items())
def test_what_is_not_understood_is_explained(
    typed: tuple[type[FeatureSettings], str, str], expected: tuple[str, str]
) -> None:
    with pytest.raises(SettingError) as caught:
        parse_value(*typed)
    assert (caught.value.code, str(caught.value)) == expected
    assert caught.value.data["key"] == typed[1]


def test_a_refusal_has_a_right_example() -> None:
    with pytest.raises(SettingError) as caught:
        parse_value(Quiet, "quiet_hours", "late")
    assert caught.value.data["example"] == "21:30-08:00"


def test_a_value_must_agree_with_the_others_in_force() -> None:
    assert parse_value(Welcome, "window", "2h", within={"max_age": "3h"}) == "2h"
    with pytest.raises(SettingError, match="window is longer"):
        parse_value(Welcome, "max_age", "10m", within={"window": "20m"})


def test_later_layers_win_key_by_key() -> None:
    resolved = resolve(
        Quiet,
        community={"most": 2, "tone": "brief"},
        defaults={"most": 3, "prompts_per_week": 4},
        overrides={"tone": "warm"},
    )
    assert (resolved.value.most, resolved.value.prompts_per_week, resolved.value.tone) == (2, 4, "warm")
    assert resolved.sources == {
        "quiet_hours": "built-in",
        "prompts_per_week": "defaults",
        "tone": "manager",
        "most": "community",
        "zone": "built-in",
    }
    assert resolved.ignored == {}


def test_overrides_that_hold_no_longer_are_ignored_and_listed() -> None:
    overrides = {"tone": "shouting", "zzz": 1, "most": 5, "zone": "Asia/Makassar"}
    resolved = resolve(Quiet, community={"tone": "brief"}, defaults={}, overrides=overrides, locked={"most"})
    assert (resolved.value.tone, resolved.value.most, resolved.value.zone) == ("brief", 1, "Asia/Makassar")
    assert (resolved.sources["tone"], resolved.sources["most"]) == ("community", "built-in")
    assert {key: str(fault) for key, fault in resolved.ignored.items()} == {
        "tone": '"shouting" is not one of the choices; choose "warm" or "brief"',
        "zzz": "unknown key; known here: most, prompts_per_week, quiet_hours, tone, zone",
    }


def test_overrides_that_conflict_with_a_changed_file_are_ignored_together() -> None:
    resolved = resolve(Welcome, community={"max_age": "10m"}, defaults={}, overrides={"window": "20m", "private": True})
    assert resolved.value.window == timedelta(seconds=30)
    assert set(resolved.ignored) == {"window", "private"}


def test_a_wrong_file_is_no_manager_s_fault() -> None:
    with pytest.raises(SettingError, match="-1 is too small; the least is 0"):
        resolve(Quiet, community={"prompts_per_week": -1}, defaults={}, overrides={"most": 2})


@pytest.mark.parametrize(
    ("model", "wrong"), [(Quiet, {"most": "2"}), (Quiet, {"most": True}), (Welcome, {"private": 1})]
)
def test_values_are_taken_strictly(model: type[FeatureSettings], wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        check(model, wrong)


@pytest.mark.parametrize("settings", [Welcome(), Quiet()])
def test_what_is_shown_can_be_typed_again(settings: FeatureSettings) -> None:
    for key, value in settings:
        if value is not None:
            again = parse_value(type(settings), key, show_value(value))
            assert getattr(check(type(settings), {key: again}), key) == value


def test_values_are_shown_short() -> None:
    shown = [True, None, 1.50, timedelta(minutes=90), ("a", "b"), {"id": "Halo"}]
    assert [show_value(value) for value in shown] == ["on", "-", "1.5", "1h30m", "a | b", '{ id = "Halo" }']


def test_a_setting_without_default_or_description_is_a_mistake_of_the_feature() -> None:
    with pytest.raises(TypeError, match=r"Bare.size needs a default, a description"):

        class Bare(FeatureSettings):
            size: int = Field(default=1)
