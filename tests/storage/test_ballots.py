"""Who chose what, of visible and of secret polls alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.stores import Identity, Places
from bot.core.unit import Unit
from bot.features.polls.model import Ballot, Ballots
from tests.storage.conftest import Desk
from tests.storage.sayings import NOW

AYU = Ballot("aether", "kopi", "ayu", "Ayu Ω 'x'", (2,), NOW, 1)
BUDI = Ballot("nether", "kopi", "ayu", "Budi", (0, 3, 5), NOW + timedelta(microseconds=1), 2)
CITRA = Ballot("aether", "teh", "citra", "", (), NOW, 3)

secrecy = pytest.mark.parametrize("secret", [False, True], ids=["visible", "secret"])


@secrecy
async def test_ballots_come_back_in_the_order_of_casting(run: Desk, secret: bool) -> None:
    def work(unit: Unit) -> None:
        ballots = unit.store(Ballots)
        for each in (CITRA, AYU, BUDI):
            ballots.cast(1, secret, each)
        ballots.cast(2, secret, replace(AYU, options=(0,)))
        assert ballots.of(1, secret) == [AYU, BUDI, CITRA]
        assert ballots.of(3, secret) == []
        assert ballots.of(1, not secret) == []

    await run(work)


@secrecy
async def test_an_account_has_one_ballot_and_may_change_it(run: Desk, secret: bool) -> None:
    changed = replace(AYU, options=(0, 1), group="teh", at=NOW + timedelta(hours=1), order=9)

    def work(unit: Unit) -> None:
        ballots = unit.store(Ballots)
        ballots.cast(1, secret, AYU)
        ballots.cast(1, secret, changed)
        assert ballots.of(1, secret) == [changed]

    await run(work)


@secrecy
async def test_a_ballot_can_be_taken_back(run: Desk, secret: bool) -> None:
    def work(unit: Unit) -> None:
        ballots = unit.store(Ballots)
        ballots.withdraw(1, secret, AYU.identity)  # nothing there yet
        ballots.cast(1, secret, AYU)
        ballots.cast(1, secret, BUDI)
        ballots.cast(2, secret, AYU)
        ballots.withdraw(1, secret, AYU.identity)
        assert ballots.of(1, secret) == [BUDI]
        assert ballots.of(2, secret) == [AYU]

    await run(work)


@secrecy
async def test_the_ballots_of_some_accounts(run: Desk, secret: bool) -> None:
    crowd = [Identity("aether", str(n)) for n in range(1500)]

    def work(unit: Unit) -> None:
        ballots = unit.store(Ballots)
        assert ballots.of_accounts(1, secret, crowd) == []
        for each in (AYU, BUDI, CITRA):
            ballots.cast(1, secret, each)
        assert ballots.of_accounts(1, secret, [CITRA.identity, *crowd, AYU.identity, AYU.identity]) == [AYU, CITRA]
        assert ballots.of_accounts(1, secret, []) == []
        assert ballots.of_accounts(2, secret, [AYU.identity]) == []

    await run(work)


@secrecy
async def test_all_of_a_poll_can_be_forgotten(run: Desk, secret: bool) -> None:
    def work(unit: Unit) -> None:
        ballots = unit.store(Ballots)
        ballots.cast(1, secret, AYU)
        ballots.cast(2, secret, AYU)
        ballots.forget(1)
        assert ballots.of(1, secret) == []
        assert ballots.of(2, secret) == [AYU]

    await run(work)


@secrecy
@pytest.mark.promise("R10")
async def test_they_follow_their_group_to_its_new_id(run: Desk, secret: bool) -> None:
    def work(unit: Unit) -> None:
        ballots = unit.store(Ballots)
        for each in (AYU, BUDI):
            ballots.cast(1, secret, each)
        unit.store(Places).migrate("aether", "kopi", "kopi-new")
        assert ballots.of(1, secret) == [replace(AYU, group="kopi-new"), BUDI]
        assert ballots.of_accounts(1, secret, [AYU.identity]) == [replace(AYU, group="kopi-new")]

    await run(work)
