"""The words with which people ask in English and Indonesian, where they write no question mark."""

from __future__ import annotations

from typing import Final

_NOT_AFTER = "if|kalau|kalo|klo|jika|bila|yang|yg|tau|tahu|paham|ngerti|silakan|silahkan|entah|itulah|alasan|tergantung"
_THANKS = "makasih|kasih|thanks|thx|trims|tq|atas|nuhun"
_NOT = "ga|gak|nggak|ngga|engga|enggak|tidak|belum|blm"
_YA = "ya|yaa|yah|sih"
_WHOM = "min|kak|gan|om|bang|mas|mbak|suhu|guys"
_THEY = "i|you|u|we|they|people|he|she|it|one|the|this|that|there|my|your|these|those"

PHRASES: Final = f"""
does|do|did|has|have|can|could|would|will|is|are anyone|anybody
anyone|anybody know|knows
^ anyone|anybody have|has|had|tried|using|used|use|here|else|able|got|been|seen|interested
. can|could|would|will|does|has someone|somebody
how|what|where|when|why do|does|did|can|could|should|would|will {_THEY}
what|which|how|where|whose should|can|could|would i|we|you|u
how much|many|long|often|far is|are|was|do|does|did|can|should|would|will
^ how to|come|about
^ what|where|when|how|why is|are|was|were {_THEY}|a|an|everyone|everybody|going|up|wrong
^ what's|whats|where's|wheres|when's|how's|who's the|a|an|your|my|this|that|up|going|wrong|best
. who is|are|was|were {_THEY}|a|going|coming|in|here
. can|could|would|will|did|are|were you|u|i|we|they|he|she|it|this|that|there|the
. is|was|does|has it|this|that|there|he|she|the|my|your
. should i|we
. do|have you|u|we|they
^ any idea|ideas|tips|suggestions|suggestion|recommendations|recs|advice|thoughts
any idea|ideas how|what|why|where|when|who|if
wondering if|how|what|why|where|who|whether
i'm|im|am looking for a|an|some|any|something|someone|recommendations|suggestions|advice|tips|help
i have|got a|another|one question
^ quick|newbie|noob|stupid|dumb|silly question
^ question for|about

!pasti|sudah|untung ada|adakah yang|yg|yng tau|tahu|tw
^ ada|adakah yang|yg|yng pernah|punya|bisa|ngerti|paham|kenal|jual|mau|minat|pake|pakai|coba|nyoba|udah|sudah|lihat
^ ada rekomendasi|rekomen|saran|tips|ide|solusi|masukan
!{_NOT_AFTER}|jangan izin|ijin|mau|numpang|boleh|pengen|pingin|ikut|sekalian bertanya|tanya|nanya
^ tanya|nanya|bertanya dong|donk|nih|{_WHOM}|{_YA}
!{_NOT_AFTER} gimana|gmn|gmna|bagaimana cara|caranya|kalo|kalau|biar|supaya|kabar|kabarnya|menurut|{_YA}
^ gimana|gmn|gmna|bagaimana|kenapa|knp|mengapa !pun|kenapa
!{_NOT_AFTER} kenapa|knp|mengapa kok|{_YA}
!{_NOT_AFTER} kenapa|knp|mengapa|berapa|brp|kapan|siapa|dimana … {_YA} $
!{_NOT_AFTER}|{_NOT}|apa|gpp apa|berapa|brp|kapan|siapa|mana|dimana {_YA}
!{_NOT_AFTER}|mana|lupa berapa|brp|kapan|mana|dimana|gimana|gmn|bagaimana $
^ berapa|brp|kapan|siapa|dimana|mana !saja|aja|pun|tau|tahu|sangka|kapan|mana
^ di|ke|dari mana !saja|aja|pun|mana
yang|yg mana $
^ apa bedanya|beda|itu|ada|yang|yg|kabar|harus|bisa|boleh|benar|bener|betul|perlu|masih|nama|namanya|arti|artinya
bedanya|artinya|maksudnya|namanya apa
!{_NOT_AFTER}|cek|tanya|bertanya apakah
adakah|bisakah|bolehkah|benarkah|siapakah|haruskah|perlukah|mungkinkah|sudahkah|maukah|kapankah|berapakah|manakah
!{_NOT_AFTER} mohon|minta|butuh|cari|nyari saran|rekomendasi|rekomen|pencerahan|masukan|info|bantuan|tips|solusi
!{_THANKS} info|infonya|saran|sarannya|rekomendasi|rekomendasinya|rekomen dong|donk|please|pls|{_WHOM}|{_YA}
^ bisa|boleh|ada|perlu|harus|masih|udah|sudah|emang|aman|cocok|apa … {_NOT} $
"""
"""A phrase a line: words that follow each other, with "|" between those of which one is enough. "^" begins a clause,
"." a sentence, "$" ends one; "…" passes over some words; "!" stands before words that may not be there, and takes none.
"""

FIRST_SAID: Final = f"""
{_WHOM}|hi|hey|hello|halo|hai|gaes|gais|all|everyone|admin|so|and|but|well|sorry|ok|okay|oke|btw|permisi|misi|eh|nah|maaf
disini|di|sini|please|pls|jadi|terus
"""
"""What people say before they ask …"""

LAST_SAID: Final = f"{_YA}|{_WHOM}|gaes|gais|nih|dong|please|pls|makasih|thanks"
"""… and behind it."""
