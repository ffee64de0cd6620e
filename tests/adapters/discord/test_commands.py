"""What is registered with Discord follows from what the core declares."""

from __future__ import annotations

import copy

import pytest

from adapters.discord.commands import payload, same, suggestions
from bot.core.commands import Command, Form, Kind, Option


def handler() -> None:
    raise AssertionError


HELP = Command("help", "What I can do", handler, everywhere=True, aliases={"id": "bantuan"})
SET = Command(
    "settings set",
    "Change a setting",
    handler,
    options=(Option("note", "Why", Kind.TEXT), Option("key", "Which", required=True, choices=("a", "b"))),
    aliases={"id": "setelan ubah"},
)
SHOW = Command("settings show", "See the settings", handler, options=(Option("all", "All of them", Kind.FLAG),))


def test_a_noun_with_verbs_is_one_command() -> None:
    help, settings = payload((HELP, SET, SHOW))
    assert (help["name"], help["name_localizations"], help["contexts"]) == ("help", {"id": "bantuan"}, [0, 1])
    assert (settings["name"], settings["name_localizations"], settings["contexts"]) == (
        "settings",
        {"id": "setelan"},
        [0],
    )
    assert [(verb["type"], verb["name"]) for verb in settings["options"]] == [(1, "set"), (1, "show")]
    assert settings["options"][0]["name_localizations"] == {"id": "ubah"}


def test_options_keep_to_what_discord_takes() -> None:
    [settings] = payload((SET, SHOW))
    key, note = settings["options"][0]["options"]
    assert (key["name"], key["required"], key["type"]) == ("key", True, 3)
    assert key["choices"] == [{"name": "a", "value": "a"}, {"name": "b", "value": "b"}]
    assert (note["name"], note["required"]) == ("note", False)
    assert settings["options"][1]["options"][0]["type"] == 5


def test_what_a_form_asks_for_may_be_left_out() -> None:
    words = Option("words", "The greeting", Kind.TEXT, required=True)
    [command] = payload((Command("greet", "Greet", handler, options=(words,), form=Form("words", "t", "p")),))
    assert not command["options"][0]["required"]


@pytest.mark.parametrize(
    "commands",
    [
        (HELP, Command("help me", "More", handler)),
        (Command("Bantuan!", "Help", handler),),
        tuple(Command(f"poll v{n}", "x", handler) for n in range(26)),
    ],
)
def test_what_discord_could_not_show_is_said_at_once(commands: tuple[Command, ...]) -> None:
    with pytest.raises(ValueError, match=r"Discord|more than"):
        payload(commands)


def test_registered_commands_are_recognised_however_discord_writes_them() -> None:
    wanted = payload((HELP, SET, SHOW))
    registered = copy.deepcopy(wanted)[::-1]
    for command in registered:
        command |= {"id": "1", "version": "2", "application_id": "3", "nsfw": False, "dm_permission": True}
        command["contexts"] = command["contexts"][::-1]
        for key in ("name_localizations", "description_localizations", "options"):
            command[key] = command[key] or None
    assert same(wanted, registered)
    changes: tuple[dict[str, object], ...] = ({"description": "Other"}, {"contexts": [1]}, {"name_localizations": {}})
    for change in changes:
        assert not same(wanted, [registered[0], registered[1] | change])
    assert not same(wanted, registered[:1])


def test_suggestions_are_few_and_short() -> None:
    def offered(words: list[str], kind: Kind = Kind.WORD) -> list[object]:
        return [
            choice["value"]
            for choice in suggestions(Option("key", "Which", kind, suggest=lambda _typed, _language: words), "a", "en")
        ]

    assert offered([f"kata {n}" for n in range(40)]) == [f"kata {n}" for n in range(25)]
    assert offered(["x" * 101, "", " ", "jam", "jam", "x" * 100, "☕" * 51 * 2]) == ["jam", "x" * 100]
    assert offered(["7", "tujuh", "12"], Kind.INTEGER) == [7, 12]
    choices = Option("key", "Which", choices=tuple(f"Pilihan {n}" for n in range(30)))
    assert [choice["name"] for choice in suggestions(choices, "pilihan 29", "en")] == ["Pilihan 29"]
