"""S3: admins' and managers' texts are plain placeholders from a list; nothing is evaluated."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.messages import Span, Style, plain
from bot.core.templates import Template, TemplateError

ALLOWED = frozenset({"name", "community", "count", "rules", "mention"})


class Secretive:
    """What an attribute bomb would like to get at."""

    token = "123456:CANARY"

    def __str__(self) -> str:
        return "Ayu"

    def __format__(self, spec: str) -> str:
        return self.token


def filled(template: str, **values: object) -> str:
    return plain(Template.parse(template, ALLOWED).fill(values))


@pytest.mark.promise("S3")
@pytest.mark.parametrize(
    "bomb",
    [
        "{name.token}",
        "{name.__class__.__mro__}",
        "{name.__init__.__globals__}",
        "{name[0]}",
        "{name!r}",
        "{name:999999999}",
        "{name:>{count}}",
        "{0}",
        "{}",
        "{name }",
        "{ name}",
        "{NAME}",
        "{lbrace__}",
        "{rbrace__}",
        "{self}",
        "{{{name.token}}}",
    ],
)
def test_bombs_are_refused(bomb: str) -> None:
    with pytest.raises(TemplateError):
        Template.parse(f"Halo {bomb}!", ALLOWED)


@pytest.mark.promise("S3")
@given(st.text(alphabet="{}name._[]!:0 %$\n*`", max_size=60))
def test_what_is_taken_gives_nothing_away_and_does_not_grow(words: str) -> None:
    try:
        template = Template.parse(words, ALLOWED)
    except TemplateError:
        return
    shown = plain(template.fill({"name": Secretive()}))
    assert Secretive.token not in shown
    assert len(shown) <= len(words) + 3 * words.count("{name}")


@pytest.mark.promise("S3")
@given(st.text(max_size=80))
def test_values_are_shown_as_they_are(value: str) -> None:
    assert filled("Halo {name}, {name}!", name=value) == f"Halo {value}, {value}!"


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("{{}}", "{}"),
        ("{{name}}", "{name}"),
        ("{{{name}}}", "{Ayu}"),
        ("{{{{", "{{"),
        ("}}}}", "}}"),
        ("{name}}}", "Ayu}"),
        ("a {{ b }} {name}", "a { b } Ayu"),
    ],
)
def test_doubled_braces_are_braces(source: str, shown: str) -> None:
    assert filled(source, name="Ayu") == shown


@given(st.text(alphabet=string.ascii_letters + "{} ", max_size=30))
def test_doubling_every_brace_shows_any_text(words: str) -> None:
    assert filled(words.replace("{", "{{").replace("}", "}}")) == words


@pytest.mark.parametrize("source", ["{", "}", "Halo {", "a } b", "{name", "name}", "{na\nme}"])
def test_a_brace_alone_is_named(source: str) -> None:
    with pytest.raises(TemplateError, match=r'a single "[{}]"'):
        Template.parse(source, ALLOWED)


def test_an_unknown_placeholder_is_named_with_the_nearest() -> None:
    with pytest.raises(TemplateError) as caught:
        Template.parse("Halo {nme}!", ALLOWED)
    assert (caught.value.placeholder, caught.value.nearest) == ("{nme}", "name")
    assert str(caught.value) == "unknown placeholder {nme}; did you mean {name}?"

    with pytest.raises(TemplateError) as caught:
        Template.parse("{xyzzy}", ALLOWED)
    assert caught.value.nearest == ""
    assert str(caught.value).endswith("known: {community} {count} {mention} {name} {rules}")


def test_styles_are_parsed_around_values() -> None:
    found = Template.parse("*Halo* {name}", ALLOWED).fill({"name": "*Ayu*"})
    assert found == (Span("Halo", Style.BOLD), Span(" *Ayu*"))
