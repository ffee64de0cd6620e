"""Whether somebody asks something: by "?" and by the words with which people ask in English and Indonesian. Pure."""

from __future__ import annotations

import re

LONGEST = 2000  # characters that are looked at: a question is asked early
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_BEGINS = re.compile(
    r"\b(?:"
    r"(?:does|do|is|has|have|did|can|could|would) (?:any|some)(?:one|body|\s?one)\b"
    r"|any(?:one|body) (?:know|knows|have|has|tried|using|here|else|able|got)\b"
    r"|any (?:idea|ideas|tips|suggestions|recommendations|advice)\b"
    r"|how (?:do|does|can|could|should|would|to) (?:i|you|we|one|it|they|make|get|use|fix|set)\b"
    r"|(?:what|which|where|who|why|when)(?:'s| is| are| do| does| did| can| should| would)\b[^.!\n]{3,}"
    r"|can (?:you|someone|somebody|anyone) (?:help|explain|recommend|tell|show)\b"
    r"|(?:i'?m|i am) (?:wondering|looking for (?:a|some|any))\b"
    r"|quick question\b|question for\b"
    # Indonesian
    r"|ada (?:yang|yg|ygn) (?:tau|tahu|tw|bisa|punya|pernah|ngerti|paham|mau|jual|kenal)\b"
    r"|(?:izin|ijin|mau|numpang|boleh|pengen|mohon izin) (?:ber)?(?:tanya|nanya)\b"
    r"|(?:ber)?tanya dong\b|tanya (?:min|kak|gan|om|bang|mas|mbak|suhu)\b"
    r"|(?:gimana|gmn|bagaimana|gmna) (?:cara|caranya|sih|ya|kalo|kalau|kalo|biar|supaya)\b|caranya gimana\b"
    r"|(?:kenapa|knp|mengapa) (?:ya|sih|kok|bisa|yah)\b"
    r"|(?:apa|apakah|berapa|dimana|di mana|kapan|siapa|mana) (?:ya|yah|sih|nih)\b|apakah\b"
    r"|(?:mohon|minta|butuh) (?:saran|rekomendasi|pencerahan|masukan|info)\b"
    r"|(?:rekomendasi|saran|info) (?:dong|donk|ya|nya dong|nya ya)\b"
    r")",
    re.IGNORECASE,
)


def asks(text: str) -> bool:
    """In linear time, whatever the text."""
    words = _LINK.sub(" ", text[:LONGEST])
    return "?" in words or "？" in words or _BEGINS.search(words) is not None
