"""One person with several accounts."""

from __future__ import annotations

from bot.core.stores import Identity, People
from bot.core.unit import Unit
from tests.storage.conftest import Desk
from tests.storage.sayings import MINUTE, NOW

AYU, AYU_TOO = Identity("aether", "ayu"), Identity("nether", "7")
BUDI, BUDI_TOO = Identity("aether", "budi"), Identity("nether", "8")


def same(unit: Unit, *accounts: Identity) -> bool:
    return len(set(unit.store(People).persons(accounts).values())) == 1


async def test_nobody_is_linked_at_first(run: Desk) -> None:
    def work(unit: Unit) -> None:
        people = unit.store(People)
        assert people.accounts_of(AYU) == [AYU]
        assert not same(unit, AYU, AYU_TOO)
        assert not people.unlink(AYU)
        assert people.persons([]) == {}

    await run(work)


async def test_two_linked_accounts_are_one_person_until_they_are_unlinked(run: Desk) -> None:
    def work(unit: Unit) -> None:
        people = unit.store(People)
        people.link(AYU, AYU_TOO, NOW)
        assert same(unit, AYU, AYU_TOO)
        assert not same(unit, AYU, BUDI)
        assert people.accounts_of(AYU_TOO) == [AYU_TOO, AYU]
        people.link(AYU_TOO, AYU, NOW)  # as they are
        assert people.accounts_of(AYU) == [AYU, AYU_TOO]
        assert people.unlink(AYU)
        assert not same(unit, AYU, AYU_TOO)
        assert people.accounts_of(AYU_TOO) == [AYU_TOO]
        assert not people.unlink(AYU_TOO)  # alone already

    await run(work)


async def test_linking_two_people_of_two_accounts_makes_one_of_four(run: Desk) -> None:
    def work(unit: Unit) -> None:
        people = unit.store(People)
        people.link(AYU, AYU_TOO, NOW)
        people.link(BUDI, BUDI_TOO, NOW + MINUTE)
        people.link(AYU_TOO, BUDI, NOW + 2 * MINUTE)
        assert same(unit, AYU, AYU_TOO, BUDI, BUDI_TOO)
        assert people.accounts_of(BUDI) == [BUDI, AYU, AYU_TOO, BUDI_TOO]
        assert people.unlink(BUDI)
        assert same(unit, AYU, AYU_TOO, BUDI_TOO)
        assert not same(unit, AYU, BUDI)

    await run(work)


async def test_a_third_account_joins_whoever_asks(run: Desk) -> None:
    def work(unit: Unit) -> None:
        people = unit.store(People)
        people.link(AYU, AYU_TOO, NOW)
        people.link(BUDI, AYU_TOO, NOW)
        assert same(unit, AYU, AYU_TOO, BUDI)
        people.link(AYU, BUDI_TOO, NOW)
        assert same(unit, AYU, AYU_TOO, BUDI, BUDI_TOO)

    await run(work)


async def test_an_account_is_not_linked_to_itself(run: Desk) -> None:
    def work(unit: Unit) -> None:
        unit.store(People).link(AYU, AYU, NOW)
        assert not unit.store(People).unlink(AYU)

    await run(work)


async def test_the_same_id_on_two_platforms_is_two_people(run: Desk) -> None:
    assert not await run(lambda unit: same(unit, Identity("aether", "1"), Identity("nether", "1")))


async def test_hostile_names_of_accounts_are_nobody_else(run: Desk) -> None:
    def work(unit: Unit) -> None:
        people = unit.store(People)
        people.link(AYU, AYU_TOO, NOW)
        person = people.persons([AYU])[AYU]
        pretenders = [Identity("person", person), Identity("aether", person), Identity("account", person), BUDI]
        found = people.persons([AYU, *pretenders])
        assert len(set(found.values())) == 1 + len(pretenders)

    await run(work)


async def test_thousands_are_looked_up_at_once(run: Desk) -> None:
    crowd = [Identity(("aether", "nether")[n % 2], str(n)) for n in range(5000)]

    def work(unit: Unit) -> None:
        people = unit.store(People)
        for n in range(0, 5000, 50):
            people.link(crowd[n], crowd[n + 1], NOW)
        found = people.persons(crowd)
        assert list(found) == crowd
        assert len(set(found.values())) == 4900
        assert all(found[crowd[n]] == found[crowd[n + 1]] for n in range(0, 5000, 50))

    await run(work)
