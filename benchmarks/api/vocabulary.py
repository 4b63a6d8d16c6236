"""Words whose frequencies look like a language's, so that a search meets rare and common ones."""

from __future__ import annotations

from itertools import accumulate, product
from random import Random

from benchmarks.api.chance import seeded

_ARTICLES = "the of to and a in on for by with that is at from"
_STOP_WORDS = _ARTICLES.split()
_STOP_SHARE = 0.3
_SUBJECTS = (
    "police surveillance recognition workers contract company moratorium report letter petition "
    "camera data privacy union safety climate supplier board shareholder customer office agency "
    "border detention housing wage warehouse algorithm audit disclosure demand promise policy "
    "technology software drone sale export license research employee manager council senate "
    "hearing lawsuit court judge settlement regulator evidence community protest strike boycott "
    "vote investor bank insurance pipeline coal forest water river factory plastic pesticide "
    "animal welfare supply chain audit standard transparency consent biometric face voice "
    "location tracking advert child school hospital patient record access repair warranty "
    "battery mine cobalt cotton garment fishing palm soy beef egg cage testing release statement"
)
COMMON = list(dict.fromkeys(_SUBJECTS.split()))
_BEFORE = "b br c ch d dr f fl g gr h j k l m n p pl r s sh st t tr v w z"
_WITHIN = "a e i o u ai ea ou"
_AFTER = ["", "l", "m", "n", "r", "s"]
# Zipf's law as Mandelbrot mended it: without the offset a single word would be in every text.
_OFFSET = 30
INVENTED = 12_000


class Vocabulary:
    """Common words, invented rare ones and the articles between them; the same for every seed."""

    def __init__(self) -> None:
        syllables = ["".join(parts) for parts in product(_BEFORE.split(), _WITHIN.split(), _AFTER)]
        invent = seeded("vocabulary")
        pool = dict.fromkeys(
            invent.choice(syllables) + invent.choice(syllables) for _ in range(INVENTED * 3)
        )
        invented = [word for word in pool if word not in COMMON]
        self.content = COMMON + invented[:INVENTED]
        self.names = [word.capitalize() for word in invented[INVENTED : INVENTED + 9_000]]
        weights = [1 / (rank + _OFFSET) for rank in range(len(self.content))]
        each = sum(weights) * _STOP_SHARE / (1 - _STOP_SHARE) / len(_STOP_WORDS)
        self._words = [*_STOP_WORDS, *self.content]
        self._cumulative = list(accumulate([each] * len(_STOP_WORDS) + weights))
        self.common = COMMON[:60]
        self.rare = self.content[-3_000:]

    def text(self, rng: Random, words: int) -> str:
        """Return so many words as a sentence."""
        return " ".join(rng.choices(self._words, cum_weights=self._cumulative, k=words)) + "."

    def title(self, rng: Random, words: int) -> str:
        """Return so many words as a title."""
        drawn = rng.choices(self._words, cum_weights=self._cumulative, k=words)
        return " ".join(drawn).capitalize()
