"""How polls are asked, in both languages and under both faces: every way to write one, and what may be wrong."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from bot.core.events import Standing
from bot.features.polls import feature as polls
from bot.play.community import BUILT_IN
from tests.core.fakes import GROUP, play, town
from tests.driver import Conversation, conversation

KOPI = (Path(__file__).parent.parent / "scenarios" / "kopi.toml").read_text(encoding="utf-8")
CONFIGS = {"en": BUILT_IN, "id": KOPI}
FACES = ("telegram", "discord")
BAR = "▱▱▱▱▱▱▱▱▱▱ 0 · 0%"
LUNCH = f"📊 Where? Senopati {BAR} Kemang {BAR}…"
SAYS = {"en": "Poll 1", "id": "Poling 1"}
FORM = {"en": "Write the question on the first line…", "id": "Tulis pertanyaan di baris pertama…"}


async def rina_says(talk: Conversation, face: str, text: str) -> None:
    await talk.clock.advance(seconds=11)
    await talk.person("Rina", manager=True).says(face, text)


WAYS = [
    '/poll "Where?" Senopati | Kemang',
    '/poll new "Where?" Senopati | Kemang',
    "/POLL NEW “Where?” Senopati | Kemang",
    "/poll@Guyub “Where?” Senopati|Kemang",
    "/poling „Where?“ Senopati | Kemang",
    "/poling baru «Where?» Senopati | Kemang",
    "/poll baru 'Where?' Senopati | Kemang",
    "/poll   Where?   Senopati  |  |  Kemang |",
    '/poll\t"Where?"\tSenopati\t|\tKemang',
    "/poll Where? | Senopati | Kemang",
    '/poll "Where?" Senopati, Kemang',
    "/poll\nWhere?\nSenopati\nKemang",
    "/poll new Where?\n\n- Senopati\n- Kemang\n",
    "/poling baru\nWhere?\n1. Senopati\n2. Kemang",
    '/poll "Where?" "Senopati" | "Kemang"',
    '/poll "Where?"\nSenopati\nKemang',
    '/poll "Where? Senopati | Kemang',
    "/poll “Where?\nSenopati\nKemang",
]


@pytest.mark.parametrize("face", FACES)
async def test_every_way_to_write_a_poll_is_the_same_poll(face: str) -> None:
    async with conversation() as talk:
        for text in WAYS:
            await rina_says(talk, face, text if face == "telegram" else text.replace("@Guyub", ""))
            for everywhere in FACES:
                talk.place(everywhere).shows(LUNCH)
            talk.place(face).shows("…Your choice is visible. [Senopati] [Kemang]…")


FLAGS = [
    ("--closes 2h", "--tutup 2 jam", "…today 04:…", "…hari ini 11.…"),
    ("—closes 45m", "—tutup 45 menit", "…today 02:…", "…hari ini 09.…"),
    ("--closes 3 days", "--sampai 3 hari", "…Thursday 8 January, 02:…", "…Kamis 8 Januari, 09.…"),
    ("--until friday 18:00", "--tutup jumat 17.00", "…Friday 9 January, 18:00 UTC…", "…Jumat 9 Januari, 17.00 WIB…"),
    ("--closes “friday 18:00”", "--tutup “jumat 17.00”", "…Friday 9 January, 18:00 UTC…", "…17.00 WIB…"),
    ("--closes tomorrow", "--tutup besok", "…Tuesday 6 January, 02:…", "…Selasa 6 Januari, 09.…"),
    ("--closes tonight", "--tutup malam ini", "…today 20:00 UTC…", "…hari ini 20.00 WIB…"),
    ("--secret", "--rahasia", "…Your choice is secret.…", "…Pilihanmu rahasia.…"),
    ("–secret", "—rahasia", "…Your choice is secret.…", "…Pilihanmu rahasia.…"),
    ("--multiple", "--banyak", "…Choose as many as you like.…", "…Pilih sebanyak yang kamu mau.…"),
    ("--revote no", "--ganti tidak", "…A vote is final.…", "…Suara tidak bisa diubah.…"),
    ("--revote yes", "--ganti ya", "…visible. [Senopati]…", "…terlihat. [Senopati]…"),
    ("--hide-results", "--sembunyikan-hasil", "…Results come when it closes.…", "…Hasilnya tampil saat ditutup.…"),
    ("--add-options", "--tambah-opsi", "…[Add an option]…", "…[Tambah pilihan]…"),
    ("--max-per-person 1", "--maks 1", "…visible. [Senopati]…", "…terlihat. [Senopati]…"),
]  # fmt: skip


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("language", CONFIGS)
async def test_every_flag_does_what_it_says_wherever_it_stands(language: str, face: str) -> None:
    async with conversation(CONFIGS[language]) as talk:
        for english, indonesian, in_english, in_indonesian in FLAGS:
            flag, shown = (english, in_english) if language == "en" else (indonesian, in_indonesian)
            for text in (f'"Where?" Senopati | Kemang {flag}', f'{flag} "Where?" Senopati | Kemang'):
                await rina_says(talk, face, f"/poll {text}")
                talk.place(face).shows("📊 Where? …Senopati…Kemang…[Senopati] [Kemang]…")
                talk.place(face).shows(shown)


async def test_all_flags_at_once_in_the_middle_and_on_lines_of_their_own() -> None:
    async with conversation() as talk:
        text = '/poll --secret "Where?" --closes 2h A | B | C --max-per-person 2 --revote no --hide-results'
        await rina_says(talk, "telegram", text)
        talk.place("discord").shows(
            "📊 Where? • A • B • C Results come…today 04:…secret. Choose up to 2. A vote is final.…"
        )
        await rina_says(talk, "telegram", "/poll\nWhere?\nA\nB\nC\n--closes 2h\n—secret\n--max-per-person 2")
        talk.place("discord").shows("📊 Where? A …B …C …today 04:…secret. Choose up to 2.…")


@pytest.mark.parametrize("flag", ["--closes 2h", "—closes friday 18:00", "--tutup besok jam 9 pagi", "--closes “2h”"])
async def test_options_behind_a_time_are_options(flag: str) -> None:
    async with conversation() as talk:
        await rina_says(talk, "telegram", f'/poll "Where?" {flag} Senopati | Kemang')
        talk.place("telegram").shows(LUNCH)
        talk.place("telegram").shows("…[Senopati] [Kemang]…")
        await rina_says(talk, "telegram", f'/poll "How many?" {flag} 7 | 8')
        talk.place("telegram").shows("…[7] [8]…")
        await rina_says(talk, "telegram", '/poll "Where?" --closes frday Senopati | Kemang')
        talk.place("telegram").shows("I don't understand when frday is. Did you mean friday?")


@pytest.mark.parametrize("face", FACES)
async def test_two_to_ten_options(face: str) -> None:
    async with conversation() as talk:
        for count in range(2, 11):
            options = [f"option {n}" for n in range(1, count + 1)]
            await rina_says(talk, face, f'/poll "Which?" {" | ".join(options)}')
            talk.place(face).shows("…" + " ".join(f"[{option}]" for option in options) + "…")


# What is typed, and the answer in both languages.
MISTAKES = [
    ('/poll "Where?" A', "A poll needs at least two options, divided by |. Like this: /poll \"Where shall we meet?\" …",
     'Poling butuh paling sedikit dua pilihan, dipisah dengan |. Contohnya: /poling "Ngopi di mana?" …'),
    ("/poll 7 | 8", "A poll needs at least two options, divided by |. Like this: …", "…dua pilihan…Contohnya: …"),
    ('/poll "" A | B', "The question is missing. Like this: /poll …", "Pertanyaannya belum ada. Contohnya: /poling …"),
    ('/poll "   " A | B', "The question is missing. …", "Pertanyaannya belum ada. …"),
    ("/poll | A | B", "The question is missing. …", "Pertanyaannya belum ada. …"),
    ('/poll "\u200b\u202e" A | B', "The question is missing. …", "Pertanyaannya belum ada. …"),
    ('/poll "Where?" A | \u200b | \u2800', "A poll needs at least two options, …", "…paling sedikit dua pilihan…"),
    ('/poll "Where?" 1|2|3|4|5|6|7|8|9|10|11', "A poll has at most 10 options, not 11.",
     "Poling paling banyak punya 10 pilihan, bukan 11."),
    ('/poll "Where?" Teh | kopi | teh', "The option “teh” is there twice.", "Pilihan “teh” ada dua kali."),
    ('/poll "Where?" A | B | a\u200b', "The option “a” is there twice.", "Pilihan “a” ada dua kali."),
    (f'/poll "Where?" A | {"b" * 101}', f"The option “{'b' * 30}…” is longer than 100 characters.",
     f"Pilihan “{'b' * 30}…” lebih panjang dari 100 karakter."),
    (f'/poll "{"w" * 301}?" A | B', "The question has at most 300 characters, this one has 302.",
     "Pertanyaan paling panjang 300 karakter, yang ini 302."),
    ('/poll "Where?" A | B --closes', "--closes needs a time: --closes 2h or --closes friday 18:00.",
     "--tutup butuh waktu: --tutup 2 jam atau --tutup jumat 18.00."),
    ('/poll "Where?" A | B --closes 0m', "A poll is open for at least a minute. Say it like --closes 45m.",
     "Poling dibuka paling sebentar satu menit. Tulis seperti --tutup 45m."),
    ('/poll "Where?" A | B --closes 30s', "A poll is open for at least a minute. …", "…paling sebentar satu menit. …"),
    ('/poll "Where?" A | B --closes 100d', "A poll is open for at most 90 days. Say it like --closes 1w.",
     "Poling dibuka paling lama 90 hari. Tulis seperti --tutup 1 minggu."),
    ('/poll "Where?" A | B --closes 99999999d', "A poll is open for at most 90 days. …", "…paling lama 90 hari. …"),
    ('/poll "Where?" A | B --closes yesterday', "yesterday is over already. Say a time to come: …",
     "yesterday sudah lewat. Tulis waktu yang akan datang: …"),
    ('/poll "Where?" A | B --tutup 1 jan 2020', "1 jan 2020 is over already. …", "1 jan 2020 sudah lewat. …"),
    ('/poll "Where?" A | B --closes jam 7', "jam 7 could mean several things. Say it like 2h, 19:00 or sunday 18:00.",
     "jam 7 bisa berarti beberapa hal. Tulis seperti 2 jam, 19.00, atau hari minggu 18.00."),
    ('/poll "Where?" A | B --closes 2', "2 could mean several things. …", "2 bisa berarti beberapa hal. …"),
    ('/poll "Where?" A | B --closes 31 feb', "There is no 31 feb in the calendar. Say it like …",
     "31 feb tidak ada di kalender. Tulis seperti …"),
    ('/poll "Where?" A | B --closes 25:00', "No clock shows 25:00. Say it like 18:00 or …", "Tidak ada jam 25:00. …"),
    ('/poll "Where?" A | B --closes monday 9 january', "9 january is another day of the week. …",
     "9 january jatuh di hari lain. Tulis harinya atau tanggalnya saja."),
    ('/poll "Where?" A | B --closes frday', "I don't understand when frday is. Did you mean friday?",
     "Saya tidak paham kapan frday itu. Maksudmu friday?"),
    ('/poll "Where?" A | B --closes soonish maybe', "I don't understand when soonish maybe is. Say it like 45m, …",
     "Saya tidak paham kapan soonish maybe itu. Tulis seperti 45m, 2 jam, …"),
    ('/poll "Where?" A | B --max-per-person', "How many options may one person choose? Like this: --max-per-person 2",
     "Berapa pilihan yang boleh dipilih satu orang? Contohnya: --maks 2"),
    ('/poll "Where?" A | B --max-per-person 0', "0 won't do for --max-per-person: say how many …, such as 2.",
     "0 tidak cocok untuk --maks: …"),
    ('/poll "Where?" A | B --maks dua', "dua won't do for --max-per-person: …", "dua tidak cocok untuk --maks: …"),
    ('/poll "Where?" A | B --maks -1', "-1 won't do for --max-per-person: …", "-1 tidak cocok untuk --maks: …"),
    ('/poll "Where?" A | B --maks ' + "9" * 3000, "99… won't do for …", "99… tidak cocok untuk …"),
    ('/poll "Where?" A | B --revote maybe', "maybe won't do for --revote: say yes or no.",
     "maybe tidak cocok untuk --ganti: tulis ya atau tidak."),
    ('/poll "Where?" A | B --every', "--every needs a day and a time: --every friday 17:00.",
     "--tiap butuh hari dan jam: --tiap jumat 17.00."),
    ('/poll "Where?" A | B --every friday', "At what time? Like this: --every friday 17:00",
     "Jam berapa? Contohnya: --tiap jumat 17.00"),
    ('/poll "Where?" A | B --tiap 17.00', "On which day? Like this: --every friday 17:00",
     "Hari apa? Contohnya: --tiap jumat 17.00"),
    ('/poll "Where?" A | B --every fridy 17:00', "I don't understand fridy. Did you mean friday?",
     "Saya tidak paham fridy. Maksudmu friday?"),
    ('/poll "Where?" A | B --every 2 weeks', "I don't understand 2 weeks. Say on which day and when: …",
     "Saya tidak paham 2 weeks. Tulis hari dan jamnya: …"),
    ('/poll "Where?" A | B --every friday 17:00 WITA', "I go by the clock of this community. …",
     "Saya pakai jam komunitas ini. …"),
    ('/poll "Where?" A | B --secert', "I don't know the option --secert. Did you mean --secret?",
     "Saya tidak mengenal opsi --secert. Maksudmu --secret?"),
    ('/poll "Where?" A | B —rahsia', "I don't know the option —rahsia. Did you mean --rahasia?",
     "Saya tidak mengenal opsi —rahsia. Maksudmu --rahasia?"),
    ('/poll "Where?" A | B --xyzzy', "I don't know the option --xyzzy. There are: --closes --multiple …",
     "Saya tidak mengenal opsi --xyzzy. Yang ada: --tutup --banyak …"),
    ("/poll help", "Ask like this: /poll …You may add: --closes …", "Tanya seperti ini: /poling …Boleh ditambah: …"),
    ("/poling bantuan", "Ask like this: /poll …", "Tanya seperti ini: /poling …Boleh ditambah: --tutup …"),
    ("/poll close the cafe? | yes | no", "If that is a question, put it in quotes: /poll …",
     "Kalau itu pertanyaan, tulis dalam tanda kutip: /poling …"),
    ("/poll lst", "lst is nothing I can do with /poll. Did you mean /poll list?", "…Maksudmu /poll list?"),
    ("/poling dftar", "…Did you mean /poling daftar?", "dftar tidak ada di /poling. Maksudmu /poling daftar?"),
]  # fmt: skip


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("language", CONFIGS)
async def test_what_is_wrong_is_named_with_what_would_be_right(language: str, face: str) -> None:
    async with conversation(CONFIGS[language]) as talk:
        for text, in_english, in_indonesian in MISTAKES:
            await rina_says(talk, face, text)
            talk.place(face).shows(in_english if language == "en" else in_indonesian)
            talk.place(face).does_not_show("📊…")
        await rina_says(talk, face, '/poll "Where?" A | B')
        talk.place(face).shows(f"📊…{SAYS[language]} ·…")  # none of them was a poll


# ---------------------------------------------------------------- what is never anything but words


HOSTILE = [
    "*bold* and _under_ `code`",
    "{name} {mention} {0}",
    "@everyone come @here",
    "<b>html</b> &amp; [link](https://example.org)",
    "👩‍👩‍👧‍👦 🏳️‍🌈 1️⃣",
    "أين نلتقي؟",
    "a -- b — c",
    "Tea|coffee",
]


@pytest.mark.promise("S2")
@pytest.mark.parametrize("face", FACES)
async def test_questions_and_options_are_words_and_nothing_else(face: str) -> None:
    async with conversation() as talk:
        for words in HOSTILE:
            await rina_says(talk, face, f'/poll "{words}" {words.replace("|", "/")} | B')
            talk.place(face).shows(f"📊 {words} {words.replace('|', '/')} {BAR} B…[B]…")


async def test_what_nobody_could_read_is_taken_out() -> None:
    async with conversation() as talk:
        await rina_says(talk, "telegram", '/poll "Wh\u202eere\u200b?" Z\u0335\u0321\u0322\u0323\u0324o | \u200dB\u2066')
        talk.place("telegram").shows("📊 Where? \u1e92\u0335\u0321o …[B]…")


@pytest.mark.parametrize("face", FACES)
async def test_the_longest_that_is_allowed_can_be_asked_and_voted_on(face: str) -> None:
    async with conversation() as talk:
        question = "w" * 299 + "?"
        options = [f"{n} {'x' * 98}" for n in range(10)]
        await rina_says(talk, face, f'/poll "{question}" {" | ".join(options)}')
        talk.place(face).shows(f"📊 {question} 1. {options[0]} …10. {options[9]} …")
        await talk.person("Ayu").votes(face, options[3])
        await rina_says(talk, face, "/poll close")
        await talk.clock.advance(seconds=5)
        talk.place("telegram").shows(f"…{options[3]} wins: 1 of 1 voted for it.…")


WORDS = [
    "Where?",
    '"',
    "“",
    "”",
    "'",
    "|",
    "--",
    "—",
    "closes",
    "2h",
    "every",
    "friday",
    "17:00",
    "revote",
    "no",
    "secret",
    "max-per-person",
    "9",
    "1",
    "#",
    "close",
    "fix",
    "add",
    "clone",
    "results",
    "chart",
    "list",
    "cancel",
    "{x}",
    "*",
    "`",
    "😀",
    "-",
    "?",
    ",",
    "\u200b",
]


@pytest.mark.promise("R20")
def test_nothing_that_is_typed_is_too_much() -> None:
    """Whatever comes behind /poll is answered or done, and never a fault."""
    chosen = Random(7)

    async def story() -> None:
        async with town(polls) as here:
            here.chat.standings[GROUP.group, "Rina"] = Standing(administrator=True)
            for _ in range(400):
                words = chosen.choices([*WORDS, " ", "\n"], k=chosen.randint(0, 14))
                here.clock.ahead += timedelta(seconds=11)
                await here.says(
                    "Rina", "/poll " + "".join(f"{word} " if chosen.random() < 0.7 else word for word in words)
                )
            assert not [words for words in here.chat.words() if "went wrong" in words]
            assert [words for words in here.chat.words() if "▱" in words]

    play(story())
