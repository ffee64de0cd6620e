"""How far updates may be confirmed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from adapters.telegram.window import Window


def window(*numbers: int) -> Window:
    fresh = Window()
    assert all(fresh.admit(number) for number in numbers)
    return fresh


def test_nothing_done_nothing_confirmed() -> None:
    assert window(1, 2).offset is None


def test_only_what_is_done_without_a_gap_is_confirmed() -> None:
    under_way = window(1, 2, 3)
    under_way.finish(2)
    assert under_way.offset is None
    under_way.finish(1)
    assert under_way.offset == 3
    under_way.finish(3)
    assert under_way.offset == 4


def test_what_is_told_again_is_not_begun_again() -> None:
    under_way = window(1, 2)
    under_way.finish(2)
    assert not under_way.admit(1)
    assert not under_way.admit(2)


def test_what_failed_is_begun_again_in_its_old_place() -> None:
    under_way = window(1, 2)
    under_way.fail(1)
    under_way.finish(2)
    assert under_way.offset is None
    assert under_way.admit(1)
    under_way.finish(1)
    assert under_way.offset == 3


def test_after_a_quiet_week_ids_may_be_lower() -> None:
    under_way = window(900)
    under_way.all_confirmed()
    under_way.finish(900)
    assert under_way.offset == 901
    under_way.all_confirmed()
    assert under_way.offset is None
    assert under_way.admit(5)
    under_way.finish(5)
    assert under_way.offset == 6


@given(st.permutations(range(10)))
def test_in_whatever_order_they_are_done_none_is_passed_over(order: list[int]) -> None:
    under_way, done = window(*range(10)), set[int]()
    for number in order:
        under_way.finish(number)
        done.add(number)
        assert set(range(under_way.offset or 0)) <= done
    assert under_way.offset == 10
    assert not under_way.open
