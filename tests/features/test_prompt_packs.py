"""The prompts that come with Guyub: enough of each kind, for everybody, answered in ten seconds; and how packs fail."""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from bot.core.messages import Text
from bot.features.quiet.prompts import PACKS, PREFIXES, Category, Media, PackError, Prompt, pack, pack_of, read_pack

LANGUAGES = ("en", "id")

FORBIDDEN = {
    "en": {
        "survey": "rate|rating|feedback|survey|scale of|questionnaire|opinion on our|let us know|please",
        "selling": "discount|promo|buy now|our products?|brands?|customers?|sponsors?|giveaway|subscribe|coupon",
        "shaming": "so quiet|silent here|nobody talks here|lurkers?|any(one|body) (here|alive|there)|dead (chat|group)",
        "dividing": r"politic\w*|elections?|vote for|presidents?|religio\w*|god|pray\w*|church|mosque|bible|quran",
        "private": "salary|income|rich|poor|how old are you|your age|weight|diet|slim|fat|sick|illness|disease|therapy"
        "|married|husbands?|wife|wives|boyfriends?|girlfriends?|spouse|dating|are you single",
        "assumed": "your (kids?|child|children|son|daughter|boss|office|colleagues?|coworkers?|job|salary|car|partner)"
        "|your (mum|mom|dad|mother|father|employer|faith|family)|christmas|easter|ramadan|diwali|thanksgiving",
        "dated": r"20\d\d|tiktok|instagram|facebook|youtube|netflix|spotify|covid|pandemic|lockdown|chatgpt|slay",
        "a machine that plays a person": "i'm|i am|i|my",
    },
    "id": {
        "survey": "survei|nilai kami|beri nilai|penilaian|masukan|kuesioner|mohon|silakan isi|harap|pendapat anda",
        "selling": r"diskon|promo\w*|produk kami|pelanggan|sponsor|hadiah gratis|beli sekarang|merek|kupon|dijual",
        "shaming": "sepi (amat|banget|sekali)|kok sepi|pada ke mana|pada diam|silent reader|sider|bangun dong",
        "dividing": "politik|pemilu|presiden|pilkada|partai|agama|tuhan|ibadah|salat|sholat|masjid|gereja|pura|doa"
        "|vihara|subuh|maghrib|magrib",
        "private": "gaji|penghasilan|kaya raya|miskin|umurmu|usiamu|berat badan|diet|gemuk|kurus|sakit|penyakit"
        r"|jomblo|pacar\w*|suamimu|istrimu|mantan|jodoh|menikah|jerawat",
        "assumed": "anakmu|bosmu|kantormu|pekerjaanmu|mobilmu|motormu|pasanganmu|ibumu|ayahmu|orang tuamu|rekan kerja"
        "|lebaran|natal|idul fitri|nyepi|waisak|imlek|mudik",
        "dated": r"20\d\d|tiktok|instagram|facebook|youtube|netflix|spotify|covid|pandemi|gabut|mager|gercep|bestie"
        "|spill|healing|cuan|kepo|gaes|guys|sultan|baper|bucin|skena|gokil",
        "stiff": "anda|saudara sekalian|dipersilakan|bapak/ibu|adapun|demikian|para anggota|sehubungan",
        "the capital only": "jakarta|monas|senayan|transjakarta|lo|gue|gw|lu",
        "a machine that plays a person": "saya|aku|milikku|punyaku|menurutku",
    },
}

FOOD = {
    "en": r"coffees?|teas?|espresso|cook\w*|dish(es)?|soup|stew|sip|eat\w*|meals?|lunch|dinner|breakfast|supper|snacks?"
    r"|recipes?|bread|cakes?|jam|rice|onions?|tomato\w*|plums?|spices?|herbs?|kitchens?|mugs?|cups?|drink\w*|taste\w*"
    r"|hungry|thirsty|caf[eé]s?|bakery|sandwich\w*|chocolate|fruits?|restaurants?|canteen|sugar|food|sweets",
    "id": r"kopi\w*|ngopi|teh|\w*masak\w*|\w*makan\w*|\w*minum\w*|dapur\w*|nasi|telur|kecap|sambal\w*|gorengan"
    r"|jajan\w*|biskuit|mangga|jagung|papeda|liwet\w*|bawang|kuah|lontong|ketupat|menu(nya)?|\w*cicip\w*|lapar|haus"
    "|kue|gula|bumbu|bekal|dirujak|dijus|roti|restoran|kuliner|camilan|tubruk",
}

EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2b55]")
WORD = re.compile(r"[^\W\d_][\w'’]*")
LIST_FIRST = re.compile(r"[^.:?]*,[^.:?]*: ")


def words(text: str) -> list[str]:
    return WORD.findall(text.casefold())


def found(pattern: str, text: str) -> str | None:
    match = re.search(rf"\b({pattern})\b", text, re.IGNORECASE)
    return match[0] if match else None


def plain(text: Text) -> str:
    return "".join(span.text for span in text)


# ---------------------------------------------------------------- the packs


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_enough_of_every_kind(language: str) -> None:
    prompts = pack(language)
    kinds = Counter(prompt.category for prompt in prompts)
    assert len(prompts) >= 130
    assert set(kinds) == set(Category)
    assert all(re.fullmatch(rf"{PREFIXES[prompt.category]}-\d\d", prompt.id) for prompt in prompts)
    assert min(kinds.values()) >= 14


@pytest.mark.parametrize("language", LANGUAGES)
def test_about_half_suit_everybody_and_the_rest_many_interests(language: str) -> None:
    prompts = pack(language)
    general = [prompt for prompt in prompts if not prompt.interests]
    tagged = Counter(tag for prompt in prompts for tag in prompt.interests)
    assert 0.4 <= len(general) / len(prompts) <= 0.6
    assert set(tagged) == pack_of(language).interests, "a tag that no prompt has would be a promise not kept"
    assert sum(count >= 4 for count in tagged.values()) >= 14
    for category in Category:
        suitable = [prompt for prompt in general if prompt.category is category and not prompt.wants_interest]
        assert len([prompt for prompt in suitable if not prompt.food]) >= 5, f"{category} while people fast"


def test_keys_are_unique_over_all_languages() -> None:
    keys = Counter(prompt.key for language in LANGUAGES for prompt in pack(language))
    assert set(keys.values()) == {1}
    assert "en/ice-01" in keys
    assert "id/ice-01" in keys


def faults(text: str) -> list[str]:
    """What keeps a shy person from answering it in ten seconds."""
    fine = {
        "too curt or too long": 8 <= len(words(text)) <= 45,
        "not one question": text.count("?") == 1,
        "the question does not come last": re.search(r"\?( \S{1,2})?$", text),
        "more than one emoji": len(EMOJI.findall(text)) <= 1,
        "loud": "!" not in text and not re.search(r"\b[A-Z]{4,}\b", text),
        "markup, a link or a command": not re.search(r"[*`_#]|https?:|@|/\w", text),
        "untidy": text == " ".join(text.split()) and (text[0].isupper() or text[0] == "“"),
    }
    return [fault for fault, passed in fine.items() if not passed]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_can_be_answered_in_ten_seconds(language: str) -> None:
    wrong = {prompt.id: found for prompt in pack(language) if (found := faults(prompt.text))}
    assert not wrong


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("What can you see?", "too curt or too long"),
        ("What is your favourite song, and why is it that one? Who sang it first?", "not one question"),
        ("Who knows a good song for a rainy day? Tell us all about it.", "the question does not come last"),
        ("Which song do you sing when nobody else is at home? 🎶🎶", "more than one emoji"),
        ("Hello there! Which song do you sing when nobody is home?", "loud"),
        ("Which song do you REALLY like to sing when nobody is home?", "loud"),
        ("Which *one* song do you sing when nobody else is home?", "markup, a link or a command"),
        ("which song do you sing when nobody else is home?", "untidy"),
    ],
)
def test_a_prompt_that_is_badly_written_is_noticed(text: str, fault: str) -> None:
    assert fault in faults(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_none_divides_sells_to_or_shames_anybody(language: str) -> None:
    wrong = [
        (prompt.id, why, word)
        for prompt in pack(language)
        for why, pattern in FORBIDDEN[language].items()
        if (word := found(pattern, prompt.text))
    ]
    assert not wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_food_and_drink_are_known_as_such(language: str) -> None:
    shipped = pack_of(language)
    unmarked = [
        (prompt.id, prompt.text)
        for prompt in shipped.prompts
        if not prompt.food and (found(FOOD[language], prompt.text) or any(map(shipped.is_food, prompt.interests)))
    ]
    assert not unmarked, "they would be said while people fast"
    assert not [prompt.id for prompt in shipped.prompts if prompt.food and prompt.wants_interest]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_ask_nearly_the_same(language: str) -> None:
    meant = {prompt: {word for word in words(prompt.text) if len(word) > 3} for prompt in pack(language)}
    alike = [
        f"{one.id}: {one.text}\n{other.id}: {other.text}"
        for one, other in combinations(meant, 2)
        if len(meant[one] & meant[other]) / len(meant[one] | meant[other]) > 0.34
    ]
    assert not alike, "\n\n".join(alike)


@pytest.mark.parametrize("language", LANGUAGES)
def test_they_sound_like_a_person_not_like_a_pattern(language: str) -> None:
    texts = [prompt.text for prompt in pack(language)]
    lengths = [len(words(text)) for text in texts]
    openings = Counter(words(text)[0] for text in texts)
    assert sum(map(bool, map(LIST_FIRST.match, texts))) / len(texts) < 1 / 6, '"this, that, those: which …?" is a tic'
    assert openings.most_common(1)[0][1] / len(texts) < 1 / 6
    assert sum(bool(EMOJI.search(text)) for text in texts) / len(texts) < 0.05
    assert sum(length <= 14 for length in lengths) >= 20
    assert sum(length >= 25 for length in lengths) >= 10


def test_indonesian_ones_say_kamu_and_come_from_all_over() -> None:
    together = " ".join(prompt.text for prompt in pack("id"))
    places = (
        "Aceh",
        "Danau Toba",
        "Bromo",
        "Bali",
        "Toraja",
        "Papua",
        "Merauke",
        "sasirangan",
        "ulos",
        "daeng",
        "talua",
    )
    assert [place for place in places if place not in together] == []
    assert len(re.findall(r"\b\w*(kamu|mu)\b", together)) > 100


# ---------------------------------------------------------------- their use


def test_the_interest_is_put_in_as_it_is_written() -> None:
    prompt = next(prompt for prompt in pack("en") if prompt.wants_interest)
    said = prompt.said("latte *art* {name}")
    assert "latte *art* {name}" in plain(said)
    with pytest.raises(ValueError, match="wants an interest"):
        prompt.said(" ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_is_said_as_it_is_written(language: str) -> None:
    for prompt in pack(language):
        assert plain(prompt.said("origami")) == prompt.text.replace("{interest}", "origami")
        assert prompt.wants_interest == ("{interest}" in prompt.text)


@pytest.mark.parametrize(
    ("language", "interests", "tags"),
    [
        ("en", ["Coffee"], {"coffee"}),
        ("en", ["espresso", "latte art", "roasting"], {"coffee"}),
        ("en", ["Board games"], {"games"}),
        ("en", ["D&D", "K-Pop"], {"games", "music"}),
        ("en", ["art"], {"drawing"}),
        ("en", ["street food photography"], {"cooking", "photography"}),
        ("en", ["martial arts"], {"sport"}),
        ("en", ["Film photography"], {"photography"}),
        ("en", ["kopi"], {"coffee"}),
        ("en", ["party planning", "smart homes", ""], set()),
        ("id", ["Kopi susu", "latte art"], {"kopi"}),
        ("id", ["Jalan-jalan"], {"jalan-jalan"}),
        ("id", ["naik gunung", "Kicau mania"], {"alam", "hewan"}),
        ("id", ["Ngoding"], {"coding"}),
        ("id", ["bahasa Jawa"], {"bahasa"}),
        ("id", ["kuliner Nusantara"], {"masak"}),
        ("id", ["filateli"], set()),
    ],
)
def test_a_communitys_interests_find_their_tags(language: str, interests: list[str], tags: set[str]) -> None:
    assert pack_of(language).tags(interests) == tags


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_tag_is_found_by_its_own_name(language: str) -> None:
    shipped = pack_of(language)
    assert {tag for tag in shipped.interests if shipped.tags([tag]) != {tag}} == set()


def test_an_interest_in_food_is_known() -> None:
    assert pack_of("id").is_food("Latte art")
    assert pack_of("id").is_food("teh tarik")
    assert pack_of("en").is_food("sourdough")
    assert not pack_of("en").is_food("digital art")


def test_hours_are_from_and_before() -> None:
    asks_about_the_day = next(prompt for prompt in pack("en") if prompt.id == "ice-05")
    assert [hour for hour in range(24) if asks_about_the_day.suits_hour(hour)] == list(range(11, 22))
    assert all(pack("en")[0].suits_hour(hour) for hour in range(24))


def test_where_there_is_no_pack_the_english_one_serves() -> None:
    assert pack("jv") is pack("en")


def test_packs_load_fast_and_once() -> None:
    start = perf_counter()
    for language in LANGUAGES:
        read_pack(PACKS / f"{language}.toml", language)
    assert perf_counter() - start < 0.5
    assert pack("id") is pack("id")


# ---------------------------------------------------------------- a pack that is wrong

TABLE = '[interests]\ncoffee = { food = true, aliases = ["espresso"] }\n'
GOOD = '{ id = "ice-01", text = "What can you hear?" }'


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "xx.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ('{ id = "ice-1", text = "What?" }', 'entry 2 (ice-1): the id should look like "ice-01"'),
        ('{ id = "show-01", text = "What?" }', 'entry 2 (show-01): the id should look like "ice-01"'),
        ('{ id = "ice-٠١", text = "What?" }', 'the id should look like "ice-01"'),
        ('{ text = "What?" }', 'entry 2: the id should look like "ice-01"'),
        ('{ id = "ice-01", text = "What?" }', "entry 2 (ice-01): another entry has this id"),
        ('{ id = "ice-02" }', "entry 2 (ice-02): the text is missing"),
        ('{ id = "ice-02", text = " " }', "the text is missing"),
        ('{ id = "ice-02", text = 7 }', 'text is 7; it should be a text in "…"'),
        ('{ id = "ice-02", text = "Why {name}?" }', "(ice-02): unknown placeholder {name}"),
        ('{ id = "ice-02", text = "Why {intrest}?" }', "did you mean {interest}?"),
        ('{ id = "ice-02", text = "Why {?" }', 'a single "{"'),
        (
            '{ id = "ice-02", text = "?", interests = ["cofee"] }',
            '"cofee" is not in the table of interests; did you mean',
        ),
        ('{ id = "ice-02", text = "?", interests = [{ a = 1 }] }', "is not in the table of interests"),
        ('{ id = "ice-02", text = "?", interests = "coffee" }', "it should be a list […]"),
        ('{ id = "ice-02", text = "?", food = "yes" }', "food is 'yes'; it should be true or false"),
        ('{ id = "ice-02", text = "?", media = "video" }', 'media is "video"; known: photo'),
        ('{ id = "ice-02", text = "?", media = "" }', 'media is ""; known: photo'),
        ('{ id = "ice-02", text = "?", hours = [22, 6] }', "hours are [22, 6]; give two such as [11, 22]"),
        ('{ id = "ice-02", text = "?", hours = [true, 6] }', "hours are [True, 6]"),
        ('{ id = "ice-02", text = "?", hours = ["6", "9"] }', "hours are"),
        ('{ id = "ice-02", text = "?", intrests = [] }', 'unknown key "intrests"; did you mean "interests"?'),
        ('"What can you see?"', "entry 2: this should be a table"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path: Path, entry: str, complaint: str) -> None:
    path = written(tmp_path, f"{TABLE}[prompts]\nicebreaker = [\n  {GOOD},\n  {entry},\n]\n")
    with pytest.raises(PackError) as error:
        read_pack(path, "xx")
    assert str(error.value).startswith("xx.toml: icebreaker, entry 2")
    assert complaint in str(error.value)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "xx.toml: prompts: there are none"),
        ("[prompts]\nicebreaker = []", "xx.toml: prompts: there are none"),
        ("[prompts", "xx.toml: can't be read"),
        ("[prompts]\nicebraker = []", 'xx.toml: prompts: unknown key "icebraker"; did you mean "icebreaker"?'),
        ("[prompts]\ntips = 3", "xx.toml: prompts: tips is 3; it should be a list"),
        ("prompts = 3", "xx.toml: the file: prompts is 3; it should be a table"),
        ("[promts]", 'xx.toml: the file: unknown key "promts"; did you mean "prompts"?'),
        ("[interests]\ncoffee = 3", "xx.toml: interests.coffee: this should be a table"),
        ("[interests]\ncoffee = { alias = [] }", 'interests.coffee: unknown key "alias"; did you mean "aliases"?'),
        ('[interests]\ncoffee = { aliases = ["…"] }', "interests.coffee: '…' is no alias"),
        ("[interests]\ncoffee = { aliases = [3] }", "interests.coffee: 3 is no alias"),
        (TABLE + 'tea = { aliases = ["Espresso"] }', 'interests.tea: "Espresso" already belongs to coffee'),
    ],
)
def test_a_wrong_pack_is_told_plainly(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(PackError) as error:
        read_pack(written(tmp_path, text), "xx")
    assert complaint in str(error.value)


def test_a_pack_that_is_missing_or_no_text_is_told_plainly(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"xx\.toml: can't be read"):
        read_pack(tmp_path / "xx.toml", "xx")
    (tmp_path / "xx.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(PackError, match=r"xx\.toml: can't be read"):
        read_pack(tmp_path / "xx.toml", "xx")


def test_a_right_entry_holds_all_that_was_written(tmp_path: Path) -> None:
    entry = (
        '{ id = "show-07", text = "Your cup?", interests = ["coffee"], media = "photo", food = true, hours = [6, 11] }'
    )
    (prompt,) = read_pack(written(tmp_path, f"{TABLE}[prompts]\nshow_and_tell = [{entry}]"), "xx").prompts
    meant: dict[str, Any] = {"interests": frozenset({"coffee"}), "food": True, "media": Media.PHOTO, "hours": (6, 11)}
    assert prompt == Prompt("show-07", "xx", Category.SHOW_AND_TELL, "Your cup?", **meant)
