"""Whatever people are called or write, a message shows exactly that, and calls nobody."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord import outgoing
from adapters.discord.markdown import blocks, escape, literal, render
from bot.core.chat import Capabilities
from bot.core.fit import fit, length
from bot.core.messages import Button, Message, Span, Style, text
from tests.adapters.discord.reader import read

NASTY = (
    "*", "**", "_", "__", "~~", "||", "`", "```", "\\", "\n", "# ", "## ", "-# ", "> ", ">>> ", "- ", "* ",
    "1. ", "2) ", "<@123456789012345678>", "<@!1234567890>", "<@&123456789012345678>",
    "<#123456789012345678>", "@everyone", "@here", "<:kopi:123456789012345678>", "<a:k:1>",
    "<t:1700000000:R>", "</help:1>", "<id:customize>", ":smile:", ":+1:", "[klik](https://jahat.example)",
    "[", "](", ")", "https://kopi.example/a_b_c", "http://x.example/**", "<https://a.b>", "discord.gg/abc",
    "<b>", "&amp;", "\u202e", "\u2066", "\u200d", "\u200b", "e\u0301\u0301\u0301", "😀", "👩‍👩‍👧", "ﷺ", " ",
    "\t", "\r\n", "\x00", "\ud800", "Ayu", "10:30", "1", ".", "#", "-", "+", "é", "@", "!", "&",
)  # fmt: skip
CLOSE = datetime(2026, 8, 21, 10, 0, tzinfo=UTC)
words = st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=6)), max_size=12).map("".join)
spans = st.builds(
    Span,
    words,
    st.sampled_from(Style),
    link=st.one_of(st.just(""), st.just("https://kopi.example/aturan?x=(1)"), words),
    mention=st.sampled_from(("", "", "", "112233445566778899", "x> @everyone")),
    moment=st.sampled_from((None, None, None, CLOSE)),
)
ADDRESS = re.compile(r"https?://", re.IGNORECASE)


def plainly(said: str) -> str:
    """What can be seen of it at all."""
    return re.sub("[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069\u200b]", "", said.replace("\t", " "))


@pytest.mark.promise("S2")
@settings(max_examples=500, deadline=None)
@given(words)
def test_words_are_shown_as_they_are(said: str) -> None:
    seen = read(escape(said))
    assert seen.shown == plainly(said)
    assert {kind for kind, _ in seen.marks} <= {"address"}
    if not ADDRESS.search(said):
        assert seen.marks == ()


@pytest.mark.promise("S1")
@settings(max_examples=500, deadline=None)
@given(st.lists(spans, max_size=6).map(tuple))
def test_no_text_calls_anybody_or_breaks_its_message(spans: tuple[Span, ...]) -> None:
    body = outgoing.post(Message(spans), "n-1")
    assert body["allowed_mentions"] == {"parse": [], "replied_user": False}
    assert 1 <= length(body["content"].strip(), utf16=True) <= 2000
    assert not re.search(r"@(everyone|here)", body["content"], re.IGNORECASE)
    wanted = {span.mention for span in spans if span.mention.isdecimal()}
    assert set(re.findall(r"<@[!&]?(\d+)>", re.sub(r"`[^`]*`", "", body["content"]))) <= wanted
    body["content"].encode()  # no half of a pair is left


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from((Style.PLAIN, Style.BOLD, Style.ITALIC)), words), max_size=5))
def test_only_the_styles_asked_for_are_there(parts: list[tuple[Style, str]]) -> None:
    parts = [(style, said) for style, said in parts if not ADDRESS.search(said)]
    seen = read(render(tuple(Span(said, style) for style, said in parts), 10_000))
    assert {kind for kind, _ in seen.marks} <= {"bold", "italic"}
    styled = {style.value for style, said in parts if plainly(said).strip()} - {"plain"}
    assert {kind for kind, _ in seen.marks} <= styled


@pytest.mark.promise("S2")
@settings(max_examples=60, deadline=None)
@given(words.filter(lambda said: said.strip()), st.integers(1, 600))
def test_a_long_text_is_cut_and_not_refused(said: str, times: int) -> None:
    message = fit(Message(text(said * times)), Capabilities(max_text=2000, utf16=True))
    content = outgoing.post(message, "n-1")["content"]
    assert length(content, utf16=True) <= 2000
    assert not re.search(r"(?<!\\)(?:\\\\)*\\$", content)  # no escape without what it escapes


@pytest.mark.parametrize(
    ("spans", "content"),
    [
        ((Span("Halo "), Span("Ayu", Style.BOLD), Span("!")), "Halo **Ayu**!"),
        ((Span("Halo ", Style.BOLD), Span("", mention="42"), Span("!", Style.BOLD)), "**Halo** <@42>**!**"),
        ((Span("Halo ", Style.BOLD), Span("Ayu", Style.BOLD, mention="42")), "**Halo <@42>**"),
        ((Span("a", Style.BOLD), Span("b", Style.ITALIC)), "**a**\u200b*b*"),
        ((Span("/poll `x`", Style.CODE),), "`/poll ˋxˋ`"),
        ((Span("aturan", link="https://kopi.example/a(b)"),), "[aturan](<https://kopi.example/a%28b%29>)"),
        (
            (Span("https://x.example", link="https://kopi.example"),),
            "[https:\u200b//x.example](<https://kopi.example>)",
        ),
        ((Span("klik", link="javascript:alert(1)"),), "klik"),
        ((Span("klik", link="https://kopi.example/a\ud800"),), "[klik](<https://kopi.example/a>)"),
        ((Span("Lihat https://kopi.example/a_b, ya"),), "Lihat https://kopi.example/a_b, ya"),
        ((Span("1. satu\n# dua\n> tiga"),), "1\\. satu\n\\# dua\n\\> tiga"),
        ((Span("Buka 10:30–12:00"),), "Buka 10:30–12:00"),
        ((Span(":smile:"), Span("10:30")), "\\:smile:\u200b10:30"),
        ((Span(":"), Span("smile"), Span(":")), ":smile\u200b:"),
        (
            (Span("@ever"), Span("yone"), Span(" https:"), Span("//jahat.example")),
            "@ever\u200byone https:\u200b//jahat.example",
        ),
        ((Span("Sampai "), Span("Jumat 17.00", moment=CLOSE), Span(", ya")), "Sampai <t:1787306400:f>, ya"),
        ((Span("Jumat 17.00", Style.BOLD, moment=CLOSE),), "**<t:1787306400:f>**"),
        ((Span("Jumat 17.00", Style.CODE, moment=CLOSE),), "`Jumat 17.00`"),
        ((Span("\\<", moment=None), Span("Jumat", moment=CLOSE)), "\\\\\\<<t:1787306400:f>"),
    ],
)
def test_how_it_is_written(spans: tuple[Span, ...], content: str) -> None:
    assert render(spans, 2000) == content


@given(st.lists(st.sampled_from((Span("hari ini "), Span("5/6", moment=CLOSE))), max_size=400), st.integers(20, 300))
def test_a_moment_is_counted_as_it_is_written_and_never_torn(spans: list[Span], limit: int) -> None:
    content = render(tuple(spans), limit)
    assert len(content) <= limit
    assert "<t" not in content.replace("<t:1787306400:f>", "")


@pytest.mark.parametrize("said", ["satu\ndua", "x" * 4000, "```\nkode\n```", "😀" * 2000, "a\tb\x00c", ""])
def test_what_was_typed_can_be_copied_from_blocks(said: str) -> None:
    parts = blocks(said, 2000)
    assert all(length(part, utf16=True) <= 2000 for part in parts)
    copied = "".join(part.removeprefix("```\n").removesuffix("\n```") for part in parts)
    assert copied == plainly(said).replace("```", "ˋˋˋ")
    assert all(part.count("```") == 2 for part in parts)


@given(words)
def test_in_a_poll_words_stand_as_they_are(said: str) -> None:
    shown = literal(said, 55)
    assert 1 <= len(shown) <= 55
    assert "\n" not in shown
    assert not re.search("[\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown)


def test_the_reader_sees_what_it_should() -> None:
    """The tests above would prove nothing with a reader that is blind."""
    marks = {
        "**a**": "bold", "*a*": "italic", "_a_": "italic", "__a__": "underline", "~~a~~": "strike", "||a||": "spoiler",
        "`a`": "code", "# a": "heading", "> a": "quote", "- a": "list", "1. a": "list", "<@1>": "mention",
        "@everyone": "mention", ":a:": "emoji", "<t:1>": "special", "[a](https://b.c)": "link",
        "https://a.b": "address",
    }  # fmt: skip
    for content, kind in marks.items():
        assert [seen for seen, _ in read(content).marks] == [kind], content


def test_buttons_and_nonces() -> None:
    rows = ((Button("x" * 200, token="t"), Button("", url="https://kopi.example")), ())
    [row] = outgoing.rows(rows)
    assert [len(button["label"]) for button in row["components"]] == [80, 1]
    long = "instance-with-a-very-long-name-123456"
    assert outgoing.short_nonce("abc-1") == "abc-1"
    assert len(outgoing.short_nonce(long)) == 25
    assert outgoing.short_nonce(long) == outgoing.short_nonce(long) != outgoing.short_nonce(long + "7")
