"""People ask in two languages, mostly without a question mark; most of what they say is no question."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.question_words import PHRASES
from bot.core.questions import LOOKED_AT, asks

ASKED = """
Really?
Kopi apa ini?!
kok bisa？
sudah lihat https://kopi.example/resep?
cek https://kopi.example/p?q=1 ya, bener kan?
does anyone know a good grinder
hi guys how do I descale this thing
So, what is the best ratio for a v60
where can i buy filters in Bandung
any tips for latte art
how to clean a moka pot
is it worth upgrading to a burr grinder
can someone help me with the setup
I’m looking for a recommendation
has anybody tried the new blend
what's your favourite brew
What’s the ratio
do you guys use paper or metal filters
anyone here from Surabaya
i was wondering if the meetup is still on
who is coming on friday
question about the roast profile
how much is the entry fee
should I preheat the cup
when does the event start
why is my espresso so sour
are you guys open on sunday
quick question: light or dark
If anyone knows a shop, tell me
ada yang tau tempat ngopi enak di Bandung
ada yg tau harga mesin ini
min izin bertanya
kak mau tanya
numpang nanya suhu
Mau nanya, grinder 600N masih worth it ga
gimana cara bikin latte art
gimana ya biar crema nya tebal
kenapa kopi saya pahit ya
kopi saya kenapa asam ya kak
mesinnya kenapa yaaa
Kenapa espresso saya encer
berapa harga biji gayo sekarang
di mana beli filter v60
siapa yang ikut kopdar besok
harganya berapa
yang bagus yang mana
kapan kopdar lagi kak
apa bedanya arabika sama robusta
apakah bisa pakai susu oat
bisa pakai susu biasa gak
ada rekomendasi grinder murah
mohon pencerahan suhu
minta saran dong
info dong kak
disini ada yang pernah coba aeropress
permisi, ada yang jual biji flores
kalo ada yang tau tolong kasih tau ya
bolehkah ikut kopdar
tanya dong, beli biji dari mana
Halo semua. Ada yang punya V60 bekas
"""
SAID = """
good morning everyone
I know how it works
that's what I do
the guy who is running it said yes
it tastes great, which is why I love it
there is someone at the door
I have someone for that
I'll show you how to make it
let me know when you are there
this is how you do it
I do know that
what a day
how nice
you can do that
no idea
who cares
do it now
have a nice day
if you have a question, ask the admins
check example.com/a?b=c now
https://shop.example/item?id=3&ref=chat
selamat pagi semuanya
kopi pagi ini enak sekali
terima kasih infonya kak
makasih sarannya ya
thanks infonya min
tidak apa apa ya
ga apa apa
siapa saja boleh ikut
siapa tahu berguna
kapan-kapan kita ngopi
di mana-mana sama saja
aku juga nggak
tau kenapa kopi ini enak banget
itulah kenapa saya suka
silakan tanya admin
kalau mau tanya langsung ke admin
jangan tanya soal itu
belum ada yang datang
ada yang datang terlambat kemarin
pasti ada yang tahu
sudah saya cek apakah benar
berapa pun harganya saya beli
bagaimanapun juga kita teman
yang mana saja boleh
saya bisa bantu
kami mau ikut juga
info: kopdar pindah ke jam 7
ada info terbaru nih
iya sih
entah kapan
"""


@pytest.mark.parametrize("words", ASKED.strip().splitlines())
def test_a_question_is_known(words: str) -> None:
    assert asks(words)
    assert asks(words.upper())


@pytest.mark.parametrize("words", SAID.strip().splitlines())
def test_what_is_none_is_not_taken_for_one(words: str) -> None:
    assert not asks(words)
    assert not asks(f"{words}.")


def test_a_long_text_asks_at_its_beginning_or_its_end() -> None:
    story = "kopi pagi ini enak sekali. " * 200
    assert not asks(story)
    assert asks(f"ada yang tau caranya\n{story}")
    assert asks(f"{story}\nada yang tau caranya")
    assert asks(f"{story} Enak, kan?")


def test_nothing_is_asked_by_silence() -> None:
    assert not asks("")
    assert not asks(" \n ")
    assert not asks("😀👍")


@given(st.text())
def test_whatever_is_said_is_understood_one_way_or_the_other(words: str) -> None:
    assert asks(words) in (True, False)


HOSTILE = (
    "how ",
    "kenapa ",
    "ada yang ",
    "bisa a ",
    "?/",
    "https://a/?b ",
    "can, ",
    ", ",
    "yaaa",
    "a",
    "'",
    "\n",
    "💬",
)


@pytest.mark.promise("S9")
@pytest.mark.parametrize("piece", HOSTILE)
def test_huge_texts_stall_nothing(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    begun = process_time()
    asks(text)
    assert process_time() - begun < 0.1


def test_as_much_is_looked_at_of_a_long_text_as_of_a_longer_one() -> None:
    """A phrase in the middle is not seen: that is the price of a bound."""
    silence = "kopi " * LOOKED_AT
    assert not asks(f"{silence} ada yang tau {silence}")


def test_the_phrases_are_written_as_they_are_read() -> None:
    for line in filter(None, PHRASES.splitlines()):
        words = line.split()
        assert all(word == word.lower() for word in words), line
        assert "…" not in words or words[-1] == "$", line
