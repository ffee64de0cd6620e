"""Names for people who happen to come by."""

from __future__ import annotations

from collections.abc import Collection
from random import Random

_GIVEN = (
    "Agus Ayu Bagas Bayu Bima Citra Dewi Dian Dimas Eka Fajar Fitri Gita Hana Hendra Indah Intan Joko Kartika "
    "Kirana Laras Lestari Made Mega Melati Nadia Ningsih Nyoman Putri Putu Raka Ratna Reza Rizky Sari Satria Sekar "
    "Siti Surya Tari Teguh Tono Utami Wahyu Wati Wayan Wulan Yanti Yusuf Zahra"
)
_FAMILY = (
    "Anggraini Hartono Hidayat Kusuma Lubis Maharani Nasution Nugroho Permata Prasetyo Pratama Rahayu Ramadhan "
    "Santoso Saputra Setiawan Siregar Sitorus Suryani Wibowo Wijaya Wirawan"
)
GIVEN, FAMILY = tuple(_GIVEN.split()), tuple(_FAMILY.split())


def newcomer(random: Random, known: Collection[str]) -> str:
    """A name that nobody has yet: a short one while there are such."""
    free = [name for name in GIVEN if name not in known]
    if free:
        return random.choice(free)
    both = [f"{given} {family}" for given in GIVEN for family in FAMILY]
    free = [name for name in both if name not in known]
    return random.choice(free) if free else f"{random.choice(both)} {len(known)}"
