"""In which ten minutes of the last thirteen weeks somebody spoke: all that is remembered of a channel's rhythm.

Times are whole seconds since 1970 in UTC. A slot is ten minutes; slot n begins at n * 600.
"""

from __future__ import annotations

import struct
import zlib

SLOT = 600
SLOTS_A_DAY = 144
KEPT_DAYS = 91
_FULL, _KEPT = (KEPT_DAYS + 14) * SLOTS_A_DAY, (KEPT_DAYS + 7) * SLOTS_A_DAY
_HEAD = struct.Struct(">BqqqqH")
_VERSION = 1
_NEVER = -1
_DAY_MASK = (1 << SLOTS_A_DAY) - 1


class Slots:
    """Bits: `active`, where somebody spoke, and `unknown`, where the bot wasn't there to hear it. Bit 0 is `origin`.

    `first`: the first message ever; `last`: the latest one; `resumed`: when the bot was last back from an absence.
    """

    __slots__ = ("active", "first", "last", "origin", "resumed", "unknown")

    def __init__(self) -> None:
        self.active = self.unknown = self.origin = 0
        self.first = self.last = self.resumed = _NEVER

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Slots) and self._state() == other._state()

    __hash__ = None  # type: ignore[assignment]

    def _state(self) -> tuple[int, ...]:
        return (self.active, self.unknown, self.origin, self.first, self.last, self.resumed)

    @property
    def silent_since(self) -> int | None:
        """Since when nothing was heard although somebody listened. None: nobody ever spoke."""
        return None if self.last == _NEVER else max(self.last, self.resumed)

    def observe(self, at: int) -> None:
        """Somebody spoke. Late and repeated news do no harm."""
        slot = at // SLOT
        if self.last == _NEVER:
            self.first, self.origin = at, slot
        if slot < self.origin:
            return
        place = self._place(slot)  # first: it may move the bits
        self.active |= 1 << place
        self.last = max(self.last, at)

    def offline(self, begin: int, end: int) -> None:
        """Nobody listened from `begin` to `end`. Less than a slot, as for a restart, isn't worth a note."""
        if self.last == _NEVER or end - begin < SLOT:
            return
        begin = max(begin, self.origin * SLOT)
        if end <= begin:
            return
        last_place = self._place(-(-end // SLOT) - 1)
        first_place = max(0, begin // SLOT - self.origin)
        if first_place <= last_place:
            self.unknown |= (1 << (last_place + 1)) - (1 << first_place)
        self.resumed = max(self.resumed, end)

    def _place(self, slot: int) -> int:
        """The bit of a slot that isn't before the origin; what has become too old makes room."""
        place = slot - self.origin
        if place >= _FULL:
            old = place - _KEPT
            self.active >>= old
            self.unknown >>= old
            self.origin += old
            place -= old
        return place

    def day(self, slot: int) -> int:
        """The 144 bits from `slot` on."""
        return _from(self.active, slot - self.origin) & _DAY_MASK

    def unknown_in_day(self, slot: int) -> int:
        return _from(self.unknown, slot - self.origin) & _DAY_MASK if self.unknown else 0

    def passed(self, slot: int, count: int) -> int | None:
        """How many slots after the beginning of `slot` the `count`-th active one was over. None: there are fewer."""
        ahead = _from(self.active, slot - self.origin)
        within_a_day = ahead & _DAY_MASK
        if within_a_day.bit_count() >= count:
            ahead = within_a_day
        for _ in range(count - 1):
            ahead &= ahead - 1
        return (ahead & -ahead).bit_length() if ahead else None

    def heard(self, slot: int, until: int) -> bool:
        """Whether it is known of each slot from `slot` until `until` if somebody spoke."""
        if not self.unknown or until <= slot:
            return True
        return not _from(self.unknown & ~self.active, slot - self.origin) & ((1 << (until - slot)) - 1)

    def to_bytes(self) -> bytes:
        active = self.active.to_bytes((self.active.bit_length() + 7) // 8, "little")
        unknown = self.unknown.to_bytes((self.unknown.bit_length() + 7) // 8, "little")
        head = _HEAD.pack(_VERSION, self.first, self.last, self.resumed, self.origin, len(active))
        return zlib.compress(head + active + unknown, 1)

    @classmethod
    def from_bytes(cls, data: bytes) -> Slots:
        """ValueError: these aren't the bytes of `to_bytes`."""
        try:
            plain = zlib.decompress(data)
            version, first, last, resumed, origin, length = _HEAD.unpack_from(plain)
        except (zlib.error, struct.error) as error:
            raise ValueError("not a channel's rhythm") from error
        body = plain[_HEAD.size :]
        if version != _VERSION or length > len(body):
            raise ValueError("not a channel's rhythm of this version")
        slots = cls()
        slots.first, slots.last, slots.resumed, slots.origin = first, last, resumed, origin
        slots.active = int.from_bytes(body[:length], "little")
        slots.unknown = int.from_bytes(body[length:], "little")
        return slots


def _from(bits: int, place: int) -> int:
    return bits >> place if place >= 0 else bits << -place
