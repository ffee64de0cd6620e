"""What is sent holds the styles that were meant, and no others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.telegram.limits import MAX_CAPTION, MAX_TEXT
from adapters.telegram.outgoing import editing, posting, styled
from bot.core.messages import Button, Message, Picture, Poll, Span, Style, compose, text
from tests.servers.telegram.markup_text import utf16
from tests.servers.telegram.text import tidy

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
AYU = {"id": 111, "is_bot": False, "first_name": "Ayu"}
STYLED = {"bold", "italic", "code", "text_link", "text_mention"}
PINGS = {"mention", "text_mention"}

# Names as people who want to break something choose them.
hostile = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="<>&\"'/*_`[]()@#ab1 \u200b\u202e\u0301😀👨\u200d👩", max_size=60),
    st.sampled_from(
        ["<b>", "</b>", "&lt;", "@everyone", "@channel_x", "a@b.co", "[x](tg://user?id=1)", "*b*", "\u202eabc", "Z̸͚͗a̴l"]
    ),
    st.characters(codec=None).map(str),
)


def shown(message: Message) -> tuple[str, list[dict[str, Any]]]:
    """Text and entities as Telegram shows them."""
    sent = posting(message, NOW).parameters
    assert "parse_mode" not in sent
    return tidy(sent["text"], sent.get("entities", []))


def of(kinds: set[str], entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [entity for entity in entities if entity["type"] in kinds]


def covered(words: str, entity: dict[str, Any]) -> str:
    units = words.encode("utf-16-le", "surrogatepass")
    return units[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le")


@pytest.mark.promise("S2")
@settings(max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hostile)
def test_a_name_makes_no_markup_and_pings_nobody(name: str) -> None:
    _, entities = shown(Message(compose("Halo {name}, selamat datang!", {"name": name})))
    assert of(STYLED | PINGS, entities) == []


@pytest.mark.promise("S2")
@settings(max_examples=2000, deadline=None)
@given(hostile)
def test_a_mentioned_name_is_one_mention_and_nothing_else(name: str) -> None:
    words, entities = shown(Message((Span("Halo "), Span(name, mention="111"), Span(", "), Span("mari", Style.BOLD))))
    mentions = of({"text_mention"}, entities)
    assert len(mentions) <= 1
    assert all(mention["user"]["id"] == 111 for mention in mentions)
    (bold,) = of({"bold"}, entities)
    assert covered(words, bold) == "mari"
    assert entities == sorted([*mentions, bold], key=lambda e: e["offset"])


@pytest.mark.promise("S2")
@settings(max_examples=500, deadline=None)
@given(st.lists(st.tuples(hostile, st.sampled_from(Style)), max_size=8), st.integers(1, 60))
def test_a_text_is_never_longer_than_allowed(parts: list[tuple[str, Style]], limit: int) -> None:
    words, entities = styled(tuple(Span(*part) for part in parts), limit)
    assert utf16(words) <= limit
    words.encode()
    assert all(e["offset"] >= 0 and e["offset"] + e["length"] <= utf16(words) for e in entities)


@pytest.mark.promise("S2")
@pytest.mark.parametrize("sign", ["@a ", "😀", "x", "&", "Z̸͚͗"])
def test_a_long_text_is_cut_at_4096_units(sign: str) -> None:
    words = posting(Message(text(sign * 5000)), NOW).parameters["text"]
    assert 4000 < utf16(words) <= MAX_TEXT


@pytest.mark.promise("S1")
@pytest.mark.parametrize(
    "spans",
    [
        (Span("@everyone"),),
        (Span("@"), Span("guyub", Style.BOLD)),
        (Span("hai ("), Span("@guyub", Style.ITALIC), Span(")")),
        (Span("kak @ayu_l dan @budi_s"),),
        (Span("😀@ayu_l"),),
    ],
)
def test_an_at_sign_pings_nobody(spans: tuple[Span, ...]) -> None:
    words, entities = shown(Message(spans))
    assert of(PINGS, entities) == []
    assert words.replace("\u2060", "") == "".join(span.text for span in spans)


def test_an_address_stays_what_it_is() -> None:
    assert shown(Message(text("tulis ke halo@kopi.id")))[0] == "tulis ke halo@kopi.id"


def test_styles_stand_where_they_were_meant() -> None:
    words, entities = shown(
        Message(compose("😀 *Selamat datang* {who}, ketik `/help`", {"who": (Span("Ayu", mention="111"),)}))
    )
    found = {entity["type"]: covered(words, entity) for entity in entities}
    assert found == {"bold": "Selamat datang", "text_mention": "Ayu", "code": "/help"}


def test_links_keep_their_style() -> None:
    _, entities = shown(Message((Span("aturan", Style.BOLD, link="https://kopi.id/aturan"),)))
    assert {entity["type"] for entity in entities} == {"bold", "text_link"}


def test_addresses_have_no_preview() -> None:
    assert posting(Message(text("kopi.id")), NOW).parameters["link_preview_options"] == {"is_disabled": True}


def test_buttons() -> None:
    message = Message(text("pilih"), buttons=((Button("Ya", token="t-1"), Button("Situs", url="https://kopi.id")),))
    keyboard = [[{"text": "Ya", "callback_data": "t-1"}, {"text": "Situs", "url": "https://kopi.id"}]]
    assert posting(message, NOW).parameters["reply_markup"] == {"inline_keyboard": keyboard}


def test_an_edit_without_buttons_takes_them_away() -> None:
    assert editing(Message(text("sudah"))).parameters["reply_markup"] == {"inline_keyboard": []}


@pytest.mark.parametrize("token", ["", "x" * 65, "é" * 33])
def test_a_token_that_does_not_fit_is_a_mistake_of_ours(token: str) -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        posting(Message(text("pilih"), buttons=((Button("Ya", token=token),),)), NOW)


def asked(**more: Any) -> dict[str, Any]:
    call = posting(Message(poll=Poll("Kopi?", ("Ya", "Tidak"), **more)), NOW)
    assert call.method == "sendPoll"
    return call.parameters


def test_a_poll_is_not_anonymous_and_stays_where_it_is() -> None:
    assert asked() == {
        "question": "Kopi?",
        "options": [{"text": "Ya"}, {"text": "Tidak"}],
        "is_anonymous": False,
        "allows_multiple_answers": False,
        "protect_content": True,
    }


def test_what_is_said_with_a_poll_stands_under_it() -> None:
    poll = asked(note=(Span("Poll 3. "), Span("Visible", Style.BOLD)))
    assert poll["description"] == "Poll 3. Visible"
    assert poll["description_entities"] == [{"type": "bold", "offset": 8, "length": 7}]


def test_how_a_poll_is_voted_on() -> None:
    poll = asked(multiple=True, revote=False, hides_results=True)
    assert poll["allows_multiple_answers"]
    assert poll["allows_revoting"] is False
    assert poll["hide_results_until_closes"] is True


@pytest.mark.parametrize("seconds", [10, 60.9, 86_400, 2_627_995])
def test_a_poll_closes_by_itself(seconds: float) -> None:
    assert asked(closes_at=NOW + timedelta(seconds=seconds))["close_date"] == int(NOW.timestamp() + seconds)


@pytest.mark.parametrize("seconds", [-60, 0, 9, 2_628_000, 90 * 86_400])
def test_a_poll_that_telegram_would_not_close_then_is_left_to_us(seconds: float) -> None:
    """Near the bounds too: the request takes its time, and Telegram refuses the whole poll."""
    assert "close_date" not in asked(closes_at=NOW + timedelta(seconds=seconds))


def test_what_can_not_be_sent_at_all_leaves_a_poll() -> None:
    poll = posting(Message(poll=Poll("Kopi\ud800?", ("Ya\udfff", "Tidak"))), NOW).parameters
    assert (poll["question"], poll["options"][0]["text"]) == ("Kopi??", "Ya?")


@pytest.mark.promise("S2")
@settings(max_examples=500, deadline=None)
@given(st.lists(st.tuples(hostile, st.sampled_from(Style)), min_size=1, max_size=200))
def test_a_caption_is_never_longer_than_allowed(parts: list[tuple[str, Style]]) -> None:
    message = Message(tuple(Span(*part) for part in parts), picture=Picture(b"x", "grafik"))
    caption = posting(message, NOW).parameters["caption"]
    assert utf16(caption) <= MAX_CAPTION
    whole = styled(message.text, 1_000_000)[0]
    assert caption == whole or (caption[-1] == "…" and whole.startswith(caption[:-1].rstrip()))


@pytest.mark.parametrize(
    ("words", "end"),
    [("Senopati 12 (40%)\n" * 100, "(40%)\n…"), ("Senopati " * 200, "Senopati …"), ("x" * 2000, "xx…")],
)
def test_a_caption_ends_with_a_whole_line_or_word(words: str, end: str) -> None:
    caption = posting(Message(text(words), picture=Picture(b"x", "grafik")), NOW).parameters["caption"]
    assert 900 < utf16(caption) <= MAX_CAPTION
    assert caption.endswith(end)


def test_a_time_is_shown_in_the_reader_s_own_zone() -> None:
    words, entities = shown(Message((Span("😀 Tutup "), Span("Sen 17.00 WIB", Style.BOLD, moment=NOW), Span("."))))
    time, bold = sorted(entities, key=lambda entity: entity["type"] == "bold")
    assert covered(words, time) == covered(words, bold) == "Sen 17.00 WIB"
    assert (time["type"], time["unix_time"], time["date_time_format"]) == ("date_time", int(NOW.timestamp()), "wDt")


def test_a_time_in_code_is_words() -> None:
    _, entities = shown(Message((Span("17.00", Style.CODE, moment=NOW),)))
    assert [entity["type"] for entity in entities] == ["code"]


def test_a_question_to_be_replied_to_asks_only_whom_it_answers() -> None:
    asked = posting(Message(text("apa?"), ask_reply=True), NOW).parameters["reply_markup"]
    assert asked == {"force_reply": True, "selective": True}
