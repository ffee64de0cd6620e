"""What the bot says, and what people see of it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest

from bot.core.chat import Operation, Reason, Refusal
from bot.core.events import (
    ButtonPressed,
)
from bot.core.fit import fit
from bot.core.messages import Button, Message, Picture, Span, Style, only, text
from tests.adapters.contract import Seen, Someone, Subject
from tests.adapters.contract.doing import (
    CHOICE,
    HOSTILE,
    PNG,
    capabilities,
    does,
    private,
    refused,
    send,
)
from tests.adapters.contract.platforms import where_repeats_are_known


class TestSaying:
    async def test_what_was_said_can_be_changed_marked_and_removed(self, subject: Subject, ayu: Someone) -> None:
        id = await send(subject, CHOICE)
        await does(subject, Operation.EDIT, id, Message(text("Hai")))
        await does(subject, Operation.REACT, id, emoji="👍")
        await does(subject, Operation.PIN, id)
        [seen] = await subject.sees(ayu, subject.channel)
        assert seen == Seen(id, "Hai", pinned=True, reactions=("👍",))
        await does(subject, Operation.DELETE, id)
        assert await subject.sees(ayu, subject.channel) == []

    async def test_what_is_so_already_is_no_failure(self, subject: Subject) -> None:
        id = await send(subject)
        for operation in (Operation.EDIT, Operation.REACT, Operation.PIN):
            for _ in range(2):
                assert await does(subject, operation, id, emoji="👍") == id

    async def test_styles_links_and_mentions_are_seen(self, subject: Subject, ayu: Someone) -> None:
        spans = (
            Span("Halo "), Span("Ayu", mention=ayu.id), Span(", "), Span("selamat", Style.BOLD), Span(" "),
            Span("datang", Style.ITALIC), Span(": "), Span("/aturan *", Style.CODE), Span(" "),
            Span("di sini", link="https://kopi.example/a_b?c=1"), Span("!"),
        )  # fmt: skip
        await send(subject, Message(spans))
        [seen] = await subject.sees(ayu, subject.channel)
        assert seen.text == "Halo Ayu, selamat datang: /aturan * di sini!"
        assert seen.pings == ()
        assert set(seen.marks) == {
            ("mention", ayu.id),
            ("bold", "selamat"),
            ("italic", "datang"),
            ("code", "/aturan *"),
            ("link", "https://kopi.example/a_b?c=1"),
        }

    async def test_hostile_names_are_only_words(self, subject: Subject, ayu: Someone) -> None:
        for name in HOSTILE:
            await send(subject, Message((Span(f"{name}\nHalo {name}!"),)))
        seen = await subject.sees(ayu, subject.channel)
        assert [one.text for one in seen] == [f"{name}\nHalo {name}!" for name in HOSTILE]
        assert [(one.marks, one.pings) for one in seen] == [((), ())] * len(HOSTILE)

    async def test_hostile_names_are_only_words_in_bold_and_code_too(self, subject: Subject, ayu: Someone) -> None:
        styles = (Style.BOLD, Style.CODE)
        for number, name in enumerate(HOSTILE):
            await send(subject, Message((Span("Halo "), Span(name, styles[number % 2]), Span("!"))))
        for name, one in zip(HOSTILE, await subject.sees(ayu, subject.channel), strict=True):
            assert one.text.replace("\u02cb", "`") == f"Halo {name}!"  # Discord's code knows no backtick
            assert [kind for kind, _ in one.marks] in (["bold"], ["code"])
            assert one.pings == ()

    async def test_a_reply_pings_nobody(self, subject: Subject, ayu: Someone) -> None:
        id = await subject.says(ayu, "Apa kabar?")
        await send(subject, Message(text("Baik"), reply_to=id))
        [seen] = await subject.sees(ayu, subject.channel)
        assert (seen.reply_to, seen.pings) == (id, ())

    async def test_a_reply_to_what_is_gone_is_said_all_the_same(self, subject: Subject, ayu: Someone) -> None:
        id = await send(subject)
        await does(subject, Operation.DELETE, id)
        await send(subject, Message(text("Baik"), reply_to=id))
        assert [seen.text for seen in await subject.sees(ayu, subject.channel)] == ["Baik"]

    @pytest.mark.parametrize("letter", ["x", "ä", "😀"])
    async def test_the_longest_text_arrives_whole(self, subject: Subject, ayu: Someone, letter: str) -> None:
        caps = capabilities(subject)
        units = 2 if caps.utf16 and letter > "\uffff" else 1
        words = letter * (caps.max_text // units)
        await send(subject, Message(text(words)))
        assert [seen.text for seen in await subject.sees(ayu, subject.channel)] == [words]

    async def test_the_longest_text_is_said_though_every_letter_is_escaped(
        self, subject: Subject, ayu: Someone
    ) -> None:
        await send(subject, Message(text("*" * capabilities(subject).max_text)))
        [seen] = await subject.sees(ayu, subject.channel)
        assert set(seen.text) <= set("*…")

    async def test_as_many_buttons_as_there_may_be(self, subject: Subject, ayu: Someone) -> None:
        limits = capabilities(subject).buttons
        assert limits is not None
        rows = tuple(
            tuple(Button(f"{row}-{n}".ljust(limits.label, "x"), token=f"tok-{row}-{n}") for n in range(limits.per_row))
            for row in range(limits.rows)
        )
        await send(subject, Message(text("Pilih"), buttons=rows))
        [seen] = await subject.sees(ayu, subject.channel)
        assert seen.buttons == tuple(tuple(button.label for button in row) for row in rows)
        await subject.presses(ayu, rows[-1][-1].label)
        assert (await subject.ears.hear_one(ButtonPressed)).token == rows[-1][-1].token

    @pytest.mark.parametrize("picture", [None, Picture(PNG, "bagan")])
    async def test_what_exceeds_everything_fits(self, subject: Subject, ayu: Someone, picture: Picture | None) -> None:
        spans = tuple(Span(f"*{n}* 😀 <b>@everyone</b>\n", style) for n in range(500) for style in Style)
        rows = tuple(tuple(Button(f"{row} {n} 😀" * 40, token=f"tok-{row}-{n}") for n in range(9)) for row in range(40))
        message = fit(Message(spans, buttons=rows, picture=picture), capabilities(subject))
        await send(subject, message)
        [seen] = await subject.sees(ayu, subject.channel)
        assert seen.buttons == tuple(tuple(button.label for button in row) for row in message.buttons)
        assert seen.text.startswith("*0* 😀 <b>@everyone</b>")
        assert seen.text.endswith("…")

    async def test_all_that_is_said_at_once_arrives(self, subject: Subject, ayu: Someone) -> None:
        await subject.says_in_private(ayu, "Halo")
        places = (subject.channel, subject.group, private(ayu, subject))
        words = [f"Pesan {n}" for n in range(60)]
        sends = (send(subject, Message(text(one)), where=places[n % 3]) for n, one in enumerate(words))
        ids = await asyncio.gather(*sends)
        in_group, in_private = await subject.sees(ayu, places[0]), await subject.sees(ayu, places[2])
        assert sorted(one.text for one in (*in_group, *in_private)) == sorted(words)
        assert {one.id for one in (*in_group, *in_private)} == set(ids)

    @where_repeats_are_known
    async def test_what_is_sent_again_is_there_once(self, subject: Subject, ayu: Someone) -> None:
        assert capabilities(subject).repeatable_for > timedelta(0)
        first = await send(subject, nonce="once")
        assert await send(subject, nonce="once") == first
        assert [seen.id for seen in await subject.sees(ayu, subject.channel)] == [first]


class TestInPrivate:
    async def test_who_opened_a_chat_is_reached(self, subject: Subject, ayu: Someone) -> None:
        await subject.says_in_private(ayu, "Halo")
        id = await send(subject, Message(text("Hai"), only(ayu.id)), where=private(ayu, subject))
        await does(subject, Operation.EDIT, id, Message(text("Hai, Ayu"), only(ayu.id)), where=private(ayu, subject))
        assert [seen.text for seen in await subject.sees(ayu, private(ayu, subject))] == ["Hai, Ayu"]
        assert await subject.sees(ayu, subject.channel) == []

    async def test_who_did_not_is_unreachable(self, subject: Subject) -> None:
        citra = await subject.unreachable("Citra")
        message = Message(text("Hai"), only(citra.id))
        assert await refused(send(subject, message, where=private(citra, subject))) is Reason.UNREACHABLE

    async def test_nobody_else_sees_what_is_for_one(self, subject: Subject, ayu: Someone, budi: Someone) -> None:
        """What can't be shown to one person alone isn't said at all."""
        await subject.says_in_private(budi, "Halo")
        await send(subject, CHOICE)
        await subject.presses(ayu, "Ya")
        press = await subject.ears.hear_one(ButtonPressed)
        longer_than_a_note = Message(text("rahasia " * 60), only(ayu.id))
        drawn = Message(text("rahasia"), only(ayu.id), picture=Picture(PNG, "rahasia"))
        for message in (longer_than_a_note, drawn):
            with suppress(Refusal):  # where there are no private answers
                await send(subject, message, handle=press.handle)
            assert await refused(send(subject, message)) is Reason.BAD_MESSAGE
            assert await refused(send(subject, message, where=private(budi, subject))) is Reason.BAD_MESSAGE
        assert [seen.text for seen in await subject.sees(budi, subject.channel)] == ["Pilih"]
        assert await subject.sees(budi, private(budi, subject)) == []
