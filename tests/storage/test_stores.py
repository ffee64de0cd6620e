"""What the engine remembers besides posts, jobs and places."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import Protocol

import pytest

from bot.core.events import Where
from bot.core.membership import Membership, Presence
from bot.core.stores import (
    Account,
    Accounts,
    Forms,
    Invites,
    Members,
    Notices,
    OpenForm,
    Override,
    Overrides,
    Pause,
    Pauses,
    Seen,
    SetAside,
    State,
)
from bot.core.unit import Unit
from tests.storage.conftest import Desk
from tests.storage.sayings import DAY, KOPI, MINUTE, NOW, TEH


async def test_what_was_seen_is_known_also_in_big_batches(run: Desk) -> None:
    keys = [f"aether:MessagePosted:{n}" for n in range(3000)]

    def work(unit: Unit) -> set[str]:
        unit.store(Seen).add(keys[::2], NOW)
        unit.store(Seen).add(keys[:10], NOW)  # some of them again
        return unit.store(Seen).among(keys)

    assert await run(work) == {*keys[::2], *keys[:10]}
    assert await run(lambda unit: unit.store(Seen).among([])) == set()


async def test_what_was_seen_long_ago_is_forgotten(run: Desk) -> None:
    await run(lambda unit: unit.store(Seen).add(["old"], NOW - DAY))
    await run(lambda unit: unit.store(Seen).add(["new"], NOW))
    assert await run(lambda unit: unit.store(Seen).forget(NOW)) == 1
    assert await run(lambda unit: unit.store(Seen).among(["old", "new"])) == {"new"}


async def test_a_poisoned_event_is_set_aside_once(run: Desk) -> None:
    for _ in range(2):
        await run(lambda unit: unit.store(SetAside).add("aether:MemberJoined:1", KOPI, "Traceback …", NOW))
    assert await run(lambda unit: unit.store(SetAside).count()) == 1


async def test_members_come_and_go(run: Desk) -> None:
    here = Membership(Presence.PRESENT, NOW, NOW + MINUTE, NOW - DAY)
    gone = Membership(Presence.ABSENT, None, NOW, NOW + DAY, banned=True)

    def work(unit: Unit) -> None:
        members = unit.store(Members)
        assert members.get("aether", "kopi", "ayu") == Membership()
        members.put("aether", "kopi", "ayu", here)
        members.put("aether", "teh", "ayu", here)
        members.put("aether", "susu", "ayu", Membership(Presence.PENDING, NOW))
        assert members.get("aether", "kopi", "ayu") == here
        assert members.groups_of("aether", "ayu") == ["kopi", "teh"]
        members.put("aether", "kopi", "ayu", gone)
        assert members.get("aether", "kopi", "ayu") == gone
        assert members.groups_of("aether", "ayu") == ["teh"]
        assert (members.present("aether", "kopi"), members.present("aether", "teh")) == (0, 1)

    await run(work)


async def test_accounts_remember_language_and_whether_they_can_be_reached(run: Desk) -> None:
    def work(unit: Unit) -> None:
        accounts = unit.store(Accounts)
        assert accounts.get("aether", "ayu") == Account()
        accounts.set_language("aether", "ayu", "id")
        accounts.set_reachable("aether", "ayu", True)
        assert accounts.get("aether", "ayu") == Account("id", True)
        accounts.set_reachable("aether", "ayu", False)
        assert accounts.get("aether", "ayu") == Account("id", False)

    await run(work)


async def test_the_reachable_are_counted_once_over_several_groups(run: Desk) -> None:
    here = Membership(Presence.PRESENT, NOW, NOW)

    def work(unit: Unit) -> None:
        members, accounts = unit.store(Members), unit.store(Accounts)
        for group, account in (("kopi", "ayu"), ("teh", "ayu"), ("kopi", "budi"), ("teh", "citra"), ("susu", "dewi")):
            members.put("aether", group, account, here)
        members.put("aether", "kopi", "eka", Membership(Presence.ABSENT, left_at=NOW))
        for account, reachable in (("ayu", True), ("budi", False), ("dewi", True), ("eka", True)):
            accounts.set_reachable("aether", account, reachable)
        assert accounts.reachable_count("aether", ["kopi", "teh"]) == (1, 3)
        assert accounts.reachable_count("aether", []) == (0, 0)

    await run(work)


async def test_what_managers_set_can_be_reset_and_undone(run: Desk) -> None:
    def work(unit: Unit) -> None:
        overrides = unit.store(Overrides)
        assert overrides.reset("kopi", "welcome", "window", "rina", NOW) == 0
        first = overrides.set("kopi", "welcome", "window", "30s", "rina", NOW)
        second = overrides.set("kopi", "welcome", "window", ["1m", 2, None], "rina", NOW)
        overrides.set("teh", "welcome", "window", "5m", "rina", NOW)
        assert overrides.of("kopi") == [Override("welcome", "window", ["1m", 2, None])]
        assert not overrides.undo("kopi", first, "rina", NOW)  # it was changed since
        assert not overrides.undo("teh", second, "rina", NOW)  # another community's
        assert overrides.undo("kopi", second, "rina", NOW)
        assert overrides.of("kopi") == [Override("welcome", "window", "30s")]
        assert not overrides.undo("kopi", second, "rina", NOW)  # it was undone already
        third = overrides.reset("kopi", "welcome", "window", "rina", NOW)
        assert overrides.of("kopi") == []
        assert overrides.undo("kopi", third, "rina", NOW)
        assert overrides.undo("kopi", first, "rina", NOW)
        assert overrides.of("kopi") == []
        assert overrides.of("teh") == [Override("welcome", "window", "5m")]

    await run(work)


async def test_a_place_is_paused_once_until_its_group_is_mended(run: Desk) -> None:
    pause = Pause(Where("aether", "kopi", "helpers", "t1"), "no_right", "can't write", NOW)

    def work(unit: Unit) -> None:
        pauses = unit.store(Pauses)
        assert pauses.add(pause)
        assert not pauses.add(Pause(pause.where, "gone", "", NOW + DAY))
        assert pauses.all() == [pause]
        assert not pauses.lift("aether", "teh")
        assert pauses.lift("aether", "kopi")
        assert pauses.all() == []

    await run(work)


async def test_a_form_is_found_by_the_message_that_is_replied_to(run: Desk) -> None:
    form = OpenForm("form:1", "rules set", "rina", KOPI, NOW + MINUTE, {"for": ["ayu", 2], "until": None})
    elsewhere = OpenForm("form:2", "help", "ayu", TEH, NOW + MINUTE)

    def work(unit: Unit) -> None:
        forms = unit.store(Forms)
        for each in (form, elsewhere):
            forms.open(each)
            forms.posted(each.post_key, "m1")
        assert forms.find("aether", KOPI, "m1") == form
        assert forms.find("aether", KOPI, "m2") is None
        forms.close(form)
        assert forms.find("aether", KOPI, "m1") is None
        assert forms.find("aether", TEH, "m1") == elsewhere

    await run(work)
    run.now = NOW + MINUTE
    assert await run(lambda unit: unit.store(Forms).find("aether", TEH, "m1")) is None


async def test_a_form_that_is_not_posted_yet_is_nobodys_to_answer(run: Desk) -> None:
    def work(unit: Unit) -> None:
        unit.store(Forms).open(OpenForm("form:1", "rules set", "rina", KOPI, NOW + MINUTE))
        assert unit.store(Forms).find("aether", KOPI, "") is None
        unit.store(Forms).posted("form:of somebody else", "m1")
        assert unit.store(Forms).find("aether", KOPI, "m1") is None

    await run(work)


async def test_a_notice_is_given_once_until_it_is_cleared(run: Desk) -> None:
    def work(unit: Unit) -> None:
        notices = unit.store(Notices)
        assert notices.first("rights:kopi", NOW)
        assert not notices.first("rights:kopi", NOW)
        assert notices.first("Rights:kopi", NOW)
        assert notices.first("rights%", NOW)
        notices.clear("rights:")
        assert notices.first("rights:kopi", NOW)
        assert not notices.first("Rights:kopi", NOW)
        assert not notices.first("rights%", NOW)

    await run(work)


async def test_small_facts_outlive(run: Desk) -> None:
    assert await run(lambda unit: unit.store(State).get("offset")) == ""
    await run(lambda unit: unit.store(State).put("offset", "1"))
    await run(lambda unit: unit.store(State).put("offset", "2"))
    assert await run(lambda unit: unit.store(State).get("offset")) == "2"


async def test_an_invite_is_used_once_and_in_time(run: Desk) -> None:
    def work(unit: Unit) -> None:
        invites = unit.store(Invites)
        invites.add("d1", NOW + MINUTE)
        assert invites.valid("d1", NOW)
        assert not invites.valid("d1", NOW + MINUTE)
        assert not invites.use("d1", NOW + MINUTE)
        assert invites.use("d1", NOW)
        assert not invites.use("d1", NOW)
        assert not invites.valid("d1", NOW)
        invites.add("d1", NOW + DAY)  # the same code again doesn't make it fresh
        assert not invites.valid("d1", NOW)
        assert not invites.use("unknown", NOW)

    await run(work)


async def test_times_come_back_as_utc_to_the_microsecond_and_naive_ones_are_refused(run: Desk) -> None:
    jakarta = (NOW + timedelta(microseconds=1)).astimezone(timezone(timedelta(hours=7)))

    def work(unit: Unit) -> Membership:
        unit.store(Members).put("aether", "kopi", "ayu", Membership(Presence.PENDING, jakarta))
        return unit.store(Members).get("aether", "kopi", "ayu")

    since = (await run(work)).since
    assert since == jakarta
    assert since.utcoffset() == timedelta(0)
    naive = Membership(Presence.PENDING, NOW.replace(tzinfo=None))
    with pytest.raises(Exception, match="naive"):
        await run(lambda unit: unit.store(Members).put("aether", "kopi", "ayu", naive))


async def test_a_store_that_nobody_implements_is_named(run: Desk) -> None:
    class Trophies(Protocol): ...

    with pytest.raises(LookupError, match="Trophies"):
        await run(lambda unit: unit.store(Trophies))
