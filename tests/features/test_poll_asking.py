"""How polls are asked, in both languages and under both faces: every way to write one, and what may be wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.discord.commands import payload
from bot.core.commands import Command
from bot.features import ALL
from bot.locale import translate
from bot.play.community import BUILT_IN
from tests.driver import Conversation, conversation
from tests.features.stories import kopi

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
    ('/poll "Where?" A | B --closes jam 7', "7 could mean several things. Say it like 2h, 19:00 or sunday 18:00.",
     "7 bisa berarti beberapa hal. Tulis seperti 2 jam, 19.00, atau hari minggu 18.00."),
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


# ---------------------------------------------------------------- by form and by thumb


@pytest.mark.parametrize("language", CONFIGS)
async def test_the_wizard_by_thumb(language: str) -> None:
    """Bare /poll, a reply, some presses."""
    english = language == "en"
    async with conversation(CONFIGS[language]) as talk:
        rina, budi = talk.person("Rina", manager=True), talk.person("Budi")
        await rina.says("telegram", "/poll" if english else "/poling")
        talk.place("telegram").shows(FORM[language])
        await rina.replies("telegram", "Guyub", "Ngopi di mana?\nSenopati\nKemang\nBlok M")
        talk.place("telegram").shows("📊 Ngopi di mana? • Senopati • Kemang • Blok M …")
        talk.place("discord").does_not_show()
        longer, several, secret = (
            ("Open for 1 day ⟳", "☐ Several choices", "☐ Secret votes")
            if english
            else ("Dibuka selama 1 hari ⟳", "☐ Boleh pilih beberapa", "☐ Suara rahasia")
        )
        await budi.presses("telegram", secret)
        talk.place("telegram").shows("…preparing…" if english else "…disiapkan orang lain…")
        for label in (longer, several, secret):
            await rina.presses("telegram", label)
        talk.place("telegram").shows("…[Open for 3 days ⟳]…" if english else "…[Dibuka selama 3 hari ⟳]…")
        await rina.presses("telegram", "Start the poll" if english else "Mulai poling")
        for face in FACES:
            talk.place(face).shows(
                "…[Senopati]…[Blok M]…" if face == "discord" else "📊 Ngopi di mana? Senopati …8 Jan…"
            )
        talk.place("discord").shows("…secret. Choose as many…" if english else "…rahasia. Pilih sebanyak…")


async def test_the_wizard_can_be_left_and_works_once() -> None:
    async with conversation() as talk:
        rina = talk.person("Rina", manager=True)
        await rina.says("telegram", "/poll")
        await rina.replies("telegram", "Guyub", "Where? A | B")
        await rina.presses("telegram", "Cancel")
        talk.place("telegram").shows("Never mind, no poll was started.")
        with pytest.raises(AssertionError, match="no button"):
            await rina.presses("telegram", "Start the poll")


@pytest.mark.promise("S5")
async def test_whoever_lost_the_right_meanwhile_cant_start_it() -> None:
    async with conversation() as talk:
        await talk.person("Rina", manager=True).says("telegram", "/poll")
        await talk.person("Rina", manager=True).replies("telegram", "Guyub", "Where? A | B")
        await talk.person("Rina").leaves("telegram")
        await talk.clock.advance(seconds=61)
        await talk.person("Rina").presses("telegram", "Start the poll")
        talk.place("discord").does_not_show()
        talk.place("telegram").does_not_show("…Poll 1…")


@pytest.mark.parametrize("face", FACES)
async def test_a_question_without_options_asks_for_the_options_alone(face: str) -> None:
    async with conversation() as talk:
        rina = talk.person("Rina", manager=True)
        await rina.says(face, '/poll "Where?" --closes 2h --secret')
        talk.place(face).shows("Write each option on a line of its own. …")
        await rina.replies(face, "Guyub", "Senopati")
        talk.place(face).shows("A poll needs at least two options, …Reply once more with it mended.")
        await rina.replies(face, "Guyub", "Where?\nSenopati\nKemang")  # the question once more does no harm
        talk.place("telegram").shows("📊 Where? Senopati …[Senopati] [Kemang]…")
        talk.place("discord").shows("…today 04:…secret.…")


async def test_flags_count_in_a_reply_too() -> None:
    async with conversation() as talk:
        rina = talk.person("Rina", manager=True)
        await rina.says("telegram", "/poll")
        await rina.replies("telegram", "Guyub", "Where?\nSenopati\nKemang\n—tutup 2 jam\n--rahsia")
        talk.place("telegram").shows("I don't know the option --rahsia. Did you mean --rahasia? Reply once more …")
        await rina.replies("telegram", "Guyub", "Where?\nSenopati\nKemang\n—tutup 2 jam\n--rahasia")
        talk.place("discord").shows("📊 Where? Senopati …today 04:…secret. [Senopati] [Kemang]…")


async def test_options_that_were_typed_in_quotes_are_no_flags() -> None:
    async with conversation() as talk:
        await rina_says(talk, "telegram", '/poll "Which?" "--secret" | B')
        talk.place("telegram").shows("…visible. [--secret] [B]…")


async def test_a_wizard_in_the_private_chat_puts_the_poll_where_it_was_asked_for() -> None:
    """Where a private chat is open, discreet answers go there."""
    async with conversation(KOPI) as talk:
        rina = talk.person("Rina", manager=True)
        await rina.starts("telegram")
        await rina.says("telegram#7", "/poling")
        await rina.replies("telegram#7", "Guyub", "Ngopi di mana?\nSenopati\nKemang")
        talk.place("telegram@Rina").shows("📊 Ngopi di mana? • Senopati • Kemang …")
        await rina.presses("telegram@Rina", "Mulai poling")
        talk.place("telegram@Rina").shows("Poling 1 sudah dibuka, sampai …")
        talk.place("telegram#7").shows("📊 Ngopi di mana? …")
        talk.place("telegram").does_not_show("📊…")


# ---------------------------------------------------------------- who asks, and where


async def test_wherever_it_is_asked_it_stands_once_in_each_group() -> None:
    async with conversation(KOPI) as talk:
        rina = talk.person("Rina", manager=True)
        for place, own, answered in [
            ("telegram#7", "telegram#7", False),
            ("telegram#managers", "telegram", True),
            ("discord#managers", "discord", True),
            ("discord#555", "discord#555", True),
        ]:
            await talk.clock.advance(seconds=11)
            await rina.says(place, '/poling "Ngopi di mana?" Senopati | Kemang')
            other = "discord" if place.startswith("telegram") else "telegram"
            talk.place(own).shows("📊 Ngopi di mana? …")
            talk.place(other).shows("📊 Ngopi di mana? …")
            if own != place:
                talk.place(place).does_not_show("📊…")
            if answered:
                talk.place(place).shows("Poling … sudah dibuka, sampai …/poling tutup …")


async def test_from_a_private_chat() -> None:
    async with conversation() as talk:
        rina = talk.person("Rina", manager=True)
        await rina.says("telegram", "halo")
        await rina.starts("telegram")
        await rina.says("telegram", "/ping")
        await rina.writes("telegram", '/poll "Where?" A | B')
        talk.place("telegram@Rina").shows("Poll 1 is up, open until …")
        for face in FACES:
            talk.place(face).shows("📊 Where? …")
        await rina.writes("telegram", "/poll close")
        talk.place("telegram@Rina").shows("Poll 1 is closed.")


@pytest.mark.parametrize("face", FACES)
async def test_in_a_group_that_is_not_served(face: str) -> None:
    async with conversation() as talk:
        await talk.person("Rina", manager=True).says(f"{face}/elsewhere", '/poll "Where?" A | B')
        talk.place(f"{face}/elsewhere").shows("This group isn't set up yet. …")
        talk.place(face).does_not_show()


# ---------------------------------------------------------------- who may


MEMBERS = "[communities.kopi.polls]\nmembers = true\n"


@pytest.mark.promise("S7")
async def test_linked_accounts_share_the_days_limit_and_the_authors_rights() -> None:
    async with conversation(kopi(tables=MEMBERS)) as talk:
        ayu = talk.person("Ayu")
        for face in FACES:
            await ayu.says(face, "halo")
        await ayu.links()
        await ayu.says("telegram", '/poll "Where?" A | B')
        talk.place("discord").shows("📊 Where? …")
        await ayu.says("discord", '/poll "Again?" A | B')
        talk.place("discord").shows("You may start 1 poll a day here. Tomorrow is another day!")
        talk.place("telegram").does_not_show()
        await talk.clock.advance(seconds=11)
        await ayu.says("discord", '/poll fix 1 "Where shall we meet?"')
        talk.place("telegram").shows("📊 Where shall we meet? …")
        await ayu.says("discord", "/poll close 1")
        talk.place("telegram").shows("📊 Where shall we meet? It's closed, …")


@pytest.mark.promise("S5")
@pytest.mark.parametrize("face", FACES)
async def test_rights_are_looked_up_when_a_poll_is_ended(face: str) -> None:
    """Rina was a manager a moment ago."""
    async with conversation(kopi()) as talk:
        rina = talk.person("Rina", manager=True)
        await talk.person("Sari", manager=True).says(face, '/poll "Where?" A | B')
        await rina.says(face, "/poll list")
        await talk.person("Rina").leaves(face)
        await talk.person("Rina").joins(face)
        for verb in ("close", "cancel"):
            await talk.person("Rina").says(face, f"/poll {verb} 1")
            talk.place(face).shows("Only its author and managers may do that.")


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize(
    ("tables", "manager", "shown"),
    [("", False, False), ("", True, True), (MEMBERS, False, True), (MEMBERS, True, True)],
)
async def test_help_shows_what_one_may(face: str, tables: str, manager: bool, shown: bool) -> None:
    for language, names in {
        "en": ("/poll new", "/poll close", "/poll cancel", "/poll clone", "/poll fix"),
        "id": ("/poling baru", "/poling tutup", "/poling batal", "/poling ulang", "/poling perbaiki"),
    }.items():
        async with conversation(kopi(language, tables=tables)) as talk:
            await talk.person("Ayu", manager=manager).says(face, "/help")
            for name in names:
                if shown:
                    talk.place(face).shows(f"…{name} –…")
                else:
                    talk.place(face).does_not_show(f"…{name} –…")
            for name in (
                ("/poll list", "/poll results", "/poll add", "/vote") if language == "en" else ("/poling daftar",)
            ):
                talk.place(face).shows(f"…{name} –…")


async def test_a_reply_that_comes_when_the_right_is_gone_starts_nothing() -> None:
    async with conversation(kopi()) as talk:
        await talk.person("Rina", manager=True).says("telegram", "/poll")
        await talk.person("Rina").leaves("telegram")
        await talk.person("Rina").joins("telegram")
        await talk.clock.advance(seconds=61)
        await talk.person("Rina").replies("telegram", "Guyub", "Where?\nA\nB", saying="Write the question…")
        talk.place("telegram").does_not_show("📊…")


async def test_what_somebody_else_replies_to_the_form_is_no_poll() -> None:
    async with conversation(kopi()) as talk:
        await talk.person("Rina", manager=True).says("telegram", "/poll")
        await talk.person("Sari", manager=True).replies("telegram", "Guyub", "Where?\nA\nB")
        talk.place("telegram").does_not_show()


# ---------------------------------------------------------------- what the platforms offer


def test_the_commands_are_such_that_discord_takes_them() -> None:
    table = service_commands()
    poll = next(command for command in payload(table) if command["name"] == "poll")
    assert poll["name_localizations"] == {"id": "poling"}
    assert len(poll["options"]) <= 25
    for verb in poll["options"]:
        options = verb["options"]
        assert len(options) <= 25
        assert [option["required"] for option in options] == sorted(
            (option["required"] for option in options), reverse=True
        )
        assert verb["name_localizations"]["id"]
        for one in (verb, *options):
            for words in (one["description"], *one["description_localizations"].values()):
                assert 1 <= len(words) <= 100, words
            whole = translate("id", one["description"])
            assert whole != one["description"]
            assert len(whole) <= 100, whole  # nothing of it is cut off


@pytest.mark.parametrize("language", CONFIGS)
def test_the_form_fits(language: str) -> None:
    form = next(command.form for command in service_commands() if command.name == "poll new")
    assert form
    assert len(translate(language, form.title)) <= 45
    for given in ({}, {"question": "Where?"}):
        assert len(translate(language, form.asks(given))) <= 100


def service_commands() -> list[Command]:
    return [command for feature in ALL for command in feature.commands]
