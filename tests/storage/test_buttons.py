"""Tokens: all that a platform knows of a button."""

from __future__ import annotations

import re

from bot.core.messages import Button, Message, only
from bot.core.stores import Buttons, PlacedButton
from bot.core.unit import Unit
from tests.storage.conftest import Desk
from tests.storage.sayings import ASK, DAY, KOPI, NOW, claim_all, send_all


async def tokens(run: Desk) -> list[str]:
    """Of the buttons in the message that is sent next."""
    (row,) = await run(send_all)
    return [button.token for line in row.message.buttons for button in line]


async def find(run: Desk, token: str) -> PlacedButton | None:
    return await run(lambda unit: unit.store(Buttons).find(token))


async def test_a_token_leads_to_what_the_button_means(run: Desk) -> None:
    await run(lambda unit: unit.post(ASK, KOPI, kind="prompt", key="p", community="kopi"))
    yes, no = await tokens(run)
    assert yes != no
    placed = await find(run, yes)
    assert placed is not None
    assert (placed.button.action, placed.button.data) == ("poll.vote", {"option": 1})
    assert (placed.where, placed.community, placed.account, placed.post_key) == (KOPI, "kopi", "", "p")
    assert await find(run, "forged") is None


async def test_tokens_are_opaque_and_short(run: Desk) -> None:
    await run(lambda unit: unit.post(ASK, KOPI, kind="prompt"))
    for token in await tokens(run):
        assert re.fullmatch(r"[\w-]{12,22}", token)


async def test_a_link_has_no_token(run: Desk) -> None:
    link = Message(buttons=((Button("Open", url="https://example.org"),),))
    await run(lambda unit: unit.post(link, KOPI, kind="answer"))
    assert await tokens(run) == [""]


async def test_a_private_message_has_buttons_for_its_reader_only(run: Desk) -> None:
    private = Message(ASK.text, only("ayu"), ASK.buttons)
    await run(lambda unit: unit.post(private, KOPI, kind="answer"))
    placed = [await find(run, token) for token in await tokens(run)]
    assert [button.account for button in placed if button] == ["ayu", "ayu"]


async def test_buttons_work_for_half_a_year_or_as_long_as_their_post(run: Desk) -> None:
    async def expiry() -> object:
        yes, _ = await tokens(run)
        placed = await find(run, yes)
        return placed and placed.expires

    await run(lambda unit: unit.post(ASK, KOPI, kind="prompt", expires=NOW + DAY))
    assert await expiry() == NOW + 180 * DAY
    await run(lambda unit: unit.post(ASK, KOPI, kind="prompt", expires=NOW + 365 * DAY))
    assert await expiry() == NOW + 365 * DAY


async def test_the_tokens_of_a_post_still_work_after_it_was_edited(run: Desk) -> None:
    await run(lambda unit: unit.post(ASK, KOPI, kind="prompt", key="p"))
    before = await tokens(run)
    run.now = NOW + DAY
    more = Message(ASK.text, buttons=((*ASK.buttons[0], Button("Mungkin", "poll.vote", {"option": 3})),))
    await run(lambda unit: unit.edit("p", more))
    after = await tokens(run)
    assert len(set(after)) == 3
    for token in {*before, *after}:
        assert await find(run, token)


async def test_a_button_that_stays_keeps_its_token_and_lives_on(run: Desk) -> None:
    """So a poll that is edited at each of a thousand votes has no thousand tokens."""
    await run(lambda unit: unit.post(ASK, KOPI, kind="prompt", key="p"))
    before = await tokens(run)
    run.now = NOW + DAY
    await run(lambda unit: unit.edit("p", ASK))
    assert await tokens(run) == before
    placed = await find(run, before[0])
    assert placed is not None
    assert placed.expires == NOW + 181 * DAY


async def test_spent_buttons_are_void_and_an_edit_makes_new_ones(run: Desk) -> None:
    await run(lambda unit: unit.post(ASK, KOPI, kind="prompt", key="p"))
    await run(lambda unit: unit.post(ASK, KOPI, kind="prompt", key="other"))
    rows = await run(claim_all)
    first, other = (row.message.buttons[0][0].token for row in rows)
    await run(lambda unit: unit.store(Buttons).spend("p"))
    assert await find(run, first) is None
    assert await find(run, other)


async def test_spending_no_key_spends_nothing(run: Desk) -> None:
    await run(lambda unit: unit.post(ASK, KOPI, kind="prompt"))
    await run(lambda unit: unit.store(Buttons).spend(""))
    yes, _ = await tokens(run)
    assert await find(run, yes)


async def test_expired_buttons_are_forgotten(run: Desk) -> None:
    await run(lambda unit: unit.post(ASK, KOPI, kind="prompt"))

    def work(unit: Unit) -> tuple[int, int]:
        return unit.store(Buttons).forget(NOW + 180 * DAY), unit.store(Buttons).forget(NOW + 181 * DAY)

    assert await run(work) == (0, 2)
