"""Charts drawn by the real drawing process: what comes out, and what becomes of one that hangs, crashes or lies."""

from __future__ import annotations

import asyncio
import json
import os
import struct
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from adapters.charts.drawer import Drawer, NotDrawn
from bot.core.messages import Bar, Chart

KOPI = Chart(
    "Ngopi di mana Sabtu ini?",
    (Bar("Kedai Tuku", 12, "12 (40%)"), Bar("Di rumah saja", 6, "6 (20%)")),
    "30 suara",
    "Kedai Tuku 12, di rumah saja 6",
)
HOSTILE = [
    "$x^2$ and $\\frac{$ and $$",  # no mathematics, above all no broken one
    "\\n <b>&amp; {x} %s \x00\x1b[31m",
    "السلام عليكم ورحمة الله",
    "\u200b\u2060\ufeff\u202e\u200d",
    "👨‍👩‍👧‍👦🇮🇩👍🏽",
    "日本語 हिन्दी ไทย",
    "Z̷̡̢͉̱͚a̴̛͇̮l̷̢g̵o͍͚̽͐̓̈́͘" * 8,
    "\ud800 lonely",
    "W" * 100,
    "pertanggungjawaban-" * 40,
    "",
]


@asynccontextmanager
async def drawer(*command: str, seconds: float = 20, at_once: int = 2) -> AsyncIterator[Drawer]:
    made = Drawer(command, seconds, at_once) if command else Drawer(seconds=seconds, at_once=at_once)
    try:
        yield made
    finally:
        made.close()


def program(source: str, *arguments: object) -> tuple[str, ...]:
    return (sys.executable, "-c", source, *map(str, arguments))


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert png.endswith(b"IEND\xaeB`\x82")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


# ---------------------------------------------------------------- what comes out


async def test_a_picture_is_as_wide_as_a_phone_can_show_and_grows_downwards() -> None:
    async with drawer() as draw:
        picture = await draw(KOPI)
        longer = await draw(Chart(KOPI.title, KOPI.bars * 5))
        assert picture.description == KOPI.description
        assert size(picture.data)[0] == size(longer.data)[0] == 1000
        assert 300 < size(picture.data)[1] < size(longer.data)[1] < 2000
        assert (await draw(KOPI)).data == picture.data


async def test_it_comes_as_svg_for_pages() -> None:
    async with drawer() as draw:
        svg = await draw.drawn(KOPI, "svg")
        assert svg.rstrip().endswith(b"</svg>")
        assert await draw.drawn(KOPI, "svg") == svg


async def test_ten_long_options_and_a_long_question_can_be_sent_anywhere() -> None:
    async with drawer() as draw:
        bars = tuple(Bar(f"{n} " + "pertanggungjawaban " * 5, n, f"{n} (10%)") for n in range(10))
        width, height = size((await draw(Chart("pertanyaan " * 27, bars))).data)
        assert width + height <= 10_000
        assert height < 20 * width


@pytest.mark.parametrize("bars", [(), (Bar("Ya", 0, "0"), Bar("Tidak", 0, "0")), (Bar("x", 1),) * 200])
async def test_no_bars_no_votes_and_far_too_many_bars(bars: tuple[Bar, ...]) -> None:
    async with drawer() as draw:
        assert size((await draw(Chart("Kopi?", bars))).data)[1] < 5000


async def test_any_words_and_any_numbers_can_be_drawn() -> None:
    values = [float("nan"), float("inf"), -4, 1e308, 1e-308, 0, 1, 10**18, 2.5, -0.0, 7]
    bars = tuple(Bar(words, value, words) for words, value in zip(HOSTILE, values, strict=True))
    async with drawer() as draw:
        for words in HOSTILE[:3]:
            size((await draw(Chart(words, bars, words))).data)
        assert (await draw.drawn(Chart("".join(HOSTILE), bars), "svg")).startswith(b"<?xml")


# ---------------------------------------------------------------- a process that misbehaves

HANGS = """
import subprocess, sys, time
child = subprocess.Popen(["sleep", "300"])
open(sys.argv[1], "w").write(str(child.pid))
time.sleep(300)
"""


async def test_one_that_takes_too_long_is_ended_with_its_children(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    async with drawer(*program(HANGS, pid), seconds=2) as draw:
        with pytest.raises(NotDrawn, match="more than 2 seconds"):
            await draw(KOPI)
    _is_gone(int(pid.read_text()))


async def test_one_that_nobody_waits_for_any_more_is_ended(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    async with drawer(*program(HANGS, pid)) as draw:
        drawing = asyncio.create_task(draw(KOPI))
        while not (pid.exists() and pid.read_text()):
            await asyncio.sleep(0.01)
        drawing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await drawing
    _is_gone(int(pid.read_text()))


def _is_gone(pid: int) -> None:
    """Ended; whoever inherited it may not have noticed yet."""
    try:
        process = psutil.Process(pid)
        if process.status() != psutil.STATUS_ZOMBIE:
            process.wait(5)
    except psutil.NoSuchProcess:
        pass


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (program("import sys; sys.exit(3)"), "ended with 3"),
        (program("import os; os.abort()"), "ended with -6"),
        (program("print('no picture')"), "ended with 0"),
        (program("import sys; sys.stdin.read(); sys.stderr.write('ValueError at x.py:1'); sys.exit(1)"), "x.py:1"),
        (("/nowhere/python",), "No such file"),
    ],
)
async def test_one_that_fails_says_why(command: tuple[str, ...], reason: str) -> None:
    async with drawer(*command) as draw:
        with pytest.raises(NotDrawn, match=reason):
            await draw(KOPI)


async def test_what_goes_wrong_within_holds_nobodys_words() -> None:
    async with drawer() as draw:
        with pytest.raises(NotDrawn) as caught:
            await draw.drawn(Chart("a secret", (Bar("a secret", "a secret"),)), "png")  # type: ignore[arg-type]
        assert str(caught.value).startswith("TypeError at ")
        assert "secret" not in str(caught.value)


async def test_at_most_two_draw_at_once(tmp_path: Path) -> None:
    source = """
import sys, time, uuid, pathlib
mark = pathlib.Path(sys.argv[1]) / uuid.uuid4().hex
mark.touch(); seen = len(list(mark.parent.iterdir())); time.sleep(0.1); mark.unlink()
sys.stdout.buffer.write(b"\\x89PNG\\r\\n\\x1a\\n" + bytes([seen]))
"""
    async with drawer(*program(source, tmp_path)) as draw:
        pictures = await asyncio.gather(*(draw(KOPI) for _ in range(6)))
    assert max(picture.data[-1] for picture in pictures) <= 2


# ---------------------------------------------------------------- what it costs the bot


async def test_it_gets_no_secrets_and_leaves_nothing_on_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", "123:abc")
    source = """
import json, os, sys
sys.stdout.buffer.write(b"\\x89PNG\\r\\n\\x1a\\n" + json.dumps(dict(os.environ)).encode())
"""
    async with drawer(*program(source)) as draw:
        environment = json.loads((await draw(KOPI)).data[8:])
    assert environment.keys() <= {"PATH", "MPLCONFIGDIR", "LC_CTYPE"}
    assert not Path(environment["MPLCONFIGDIR"]).exists()


def test_the_program_never_loads_what_draws_and_keeps_no_memory_of_it() -> None:
    source = """
import asyncio, psutil, sys
import bot.running
from adapters.charts.drawer import Drawer
from bot.core.messages import Bar, Chart
chart = Chart("Kopi?", tuple(Bar(f"pilihan {n}", n, str(n)) for n in range(10)))
async def draw():
    drawer, sizes = Drawer(), []
    for _ in range(4):
        await drawer(chart)
        sizes.append(psutil.Process().memory_info().rss)
    drawer.close()
    return sizes[-1] - sizes[0]
grown = asyncio.run(draw())
assert not {"matplotlib", "numpy", "PIL"} & sys.modules.keys()
assert not psutil.Process().children()
print(grown)
"""
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, cwd=Path(__file__).parents[3])
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 2_000_000


async def test_drawing_doesnt_stall_the_loop_and_yields_to_the_bot() -> None:
    async with drawer() as draw:
        drawing = asyncio.create_task(draw(KOPI))
        gaps, priorities = [], set()
        while not drawing.done():
            began = time.perf_counter()
            await asyncio.sleep(0.001)
            gaps.append(time.perf_counter() - began)
            priorities |= {_niceness(child) for child in psutil.Process().children()}
        await drawing
    assert sorted(gaps)[len(gaps) // 2] < 0.01
    assert max(priorities) >= 10 + os.getpriority(os.PRIO_PROCESS, 0)


def _niceness(process: psutil.Process) -> int:
    try:
        return int(process.nice())
    except psutil.NoSuchProcess:
        return -20
