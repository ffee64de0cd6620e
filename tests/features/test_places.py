"""Countries, cities and time zones, as people write them."""

from __future__ import annotations

import pytest

from bot.features.quiet.observances import country_of
from bot.features.quiet.places import INDONESIA, city_named, place_of, zone_place
from bot.features.quiet.public_holidays import country_named, is_country

LARGE_CITIES = """
    Jakarta Bandung Surabaya Medan Makassar Denpasar Yogyakarta Semarang Palembang Balikpapan Banjarmasin Manado Padang
    Pekanbaru Jayapura Ambon Aceh Malang Solo Bogor Depok Tangerang Bekasi Pontianak Samarinda Mataram Kupang
    London Singapore Riyadh Dubai Istanbul Berlin Cairo
"""


class TestCountries:
    @pytest.mark.parametrize(
        ("timezone", "country"),
        [
            ("Asia/Jakarta", "ID"),
            ("Asia/Jayapura", "ID"),
            ("Europe/Berlin", "DE"),
            ("Asia/Calcutta", "IN"),
            ("US/Pacific", "US"),
            ("UTC", ""),
            ("Etc/GMT+7", ""),
        ],
    )
    def test_a_time_zone_lies_in_a_country(self, timezone: str, country: str) -> None:
        assert country_of(timezone) == country

    def test_a_country_is_known_by_its_code(self) -> None:
        assert is_country("ID")
        assert is_country("DE")
        assert not any(map(is_country, ("id", "IDN", "XX", "")))

    @pytest.mark.parametrize("written", ["ID", "id", " Indonesia ", "IDN"])
    def test_it_may_be_written_otherwise(self, written: str) -> None:
        assert country_named(written) == "ID"

    def test_of_more_than_one_word_too(self) -> None:
        assert country_named("saudi arabia") == "SA"

    @pytest.mark.parametrize(
        ("written", "hint"),
        [("Indonesi", r'did you mean "ID" \(Indonesia\)\?'), ("XX", "write its two letters, such as ID")],
    )
    def test_an_unknown_one_is_answered_with_what_was_meant(self, written: str, hint: str) -> None:
        with pytest.raises(ValueError, match=f'unknown country "{written}"; {hint}'):
            country_named(written)


class TestCities:
    @pytest.mark.parametrize("city", LARGE_CITIES.split())
    def test_large_cities_are_known(self, city: str) -> None:
        assert city_named(city) == city

    @pytest.mark.parametrize(
        ("written", "city"),
        [("jakarta", "Jakarta"), (" banda  aceh ", "Banda Aceh"), ("KUALA LUMPUR", "Kuala Lumpur")],
    )
    def test_however_they_are_written(self, written: str, city: str) -> None:
        assert city_named(written) == city
        assert place_of(written) == place_of(city)

    @pytest.mark.parametrize(
        ("written", "hint"),
        [
            ("Jakrta", 'did you mean "Jakarta"'),
            ("Yogjakarta", 'did you mean "Yogyakarta"'),
            ("Birmingham", 'did you mean "Birmingham, USA"'),  # or England: one has to be chosen
            ("Xqzzy", "write a larger one near it, such as Jakarta"),
        ],
    )
    def test_an_unknown_one_is_answered_with_the_nearest(self, written: str, hint: str) -> None:
        with pytest.raises(ValueError, match=f'unknown city "{written}"; {hint}'):
            city_named(written)

    @pytest.mark.parametrize("city", sorted(INDONESIA))
    def test_indonesias_lie_in_indonesia(self, city: str) -> None:
        place = place_of(city)
        assert -11 < place.latitude < 6
        assert 95 < place.longitude < 141.1

    def test_a_zone_lies_at_its_city(self) -> None:
        for zone, city in (("Asia/Jakarta", "Jakarta"), ("Asia/Makassar", "Makassar"), ("Asia/Saigon", "Ho Chi Minh")):
            known, place = zone_place(zone), place_of(city)
            assert known is not None
            assert abs(known.place.latitude - place.latitude) < 0.2
            assert abs(known.place.longitude - place.longitude) < 0.2
