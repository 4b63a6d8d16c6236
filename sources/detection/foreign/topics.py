"""Which words of another language touch a demand, which is mostly written in English."""

from __future__ import annotations

import functools
import tomllib
import unicodedata
from collections.abc import Sequence
from importlib import resources

from sources.detection.model import WatchedTarget
from sources.detection.tokens import Token, tokenize

_COGNATE = 6
"""Words that agree in so many letters from their beginning are taken for the same."""
_KEEPING = frozenset({"keep", "stay", "maintain", "remain", "preserve", "retain", "continue"})
_SHORT = 4
"""Shorter words of a demand are matched as they are, or not at all."""


@functools.cache
def _data() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads(resources.files(__package__).joinpath("topics.toml").read_text("utf-8"))


@functools.cache
def _listed(name: str) -> frozenset[str]:
    return frozenset(str(_data()["demands"][name]).split())


def plain(word: str) -> str:
    """Return a lower-case word without its accents: "carbón" → "carbon"."""
    parts = unicodedata.normalize("NFD", word)
    return "".join(part for part in parts if not unicodedata.combining(part))


class Topics:
    """The words of a demand, its topics and its products, in another language."""

    def __init__(self, target: WatchedTarget, language: str) -> None:
        """Take a target and the code of the language."""
        words = [token for token in tokenize(target.demand) if token.is_word]
        about = tokenize(" ".join((*target.topics, *target.products)))
        own = {token.low for name in (target.company, *target.aliases) for token in tokenize(name)}
        low = tuple(token.low for token in words)
        self.asks_to_stop = not words or low[0] in _listed("stops") or low[1:2] == ("out",)
        """Whether it asks to end something, as an unstated one does; else to do something."""
        first = words[0].low if words else ""
        self._deeds = tuple(_data()["deeds"].get(first, {}).get(language, "").split())
        self.is_for_less = bool({"only", "free", "remove"} & {token.low for token in words})
        """Whether to do it is to end something else: "use only cage-free eggs"."""
        self.limits: tuple[str, ...] = ()
        """Beginnings of words that would limit an act, were they not in the demand."""
        if any(word.startswith(("new", "neu", "nuev", "nouv")) for word in low):
            self.limits += ("neu", "nuev", "nouv")
        if self.is_for_less or "only" in low:
            self.limits += ("solo", "sólo", "únic", "seul", "uniqu", "nur")
        self.is_to_keep = first in _KEEPING and not self.asks_to_stop
        """Whether it asks to go on with something, so that its end takes a win back."""
        self.is_unstated = not (words or about)
        starts: set[str] = set()
        inside: set[str] = set()
        for token in (*words[1:], *about):
            if token.low in own or token.low in _listed("common") or not token.low[0].isalpha():
                continue
            listed = _data()["words"].get(token.low, {}).get(language, "").split()
            for start in listed:
                (inside if start.startswith("*") else starts).add(plain(start.lstrip("*")))
            if listed or len(token.low) < _SHORT:
                continue
            starts.add(plain(token.low)[: max(_SHORT, min(len(token.low) - 1, _COGNATE))])
        self._starts, self._inside = tuple(starts), tuple(inside)

    def is_done_by(self, verb: str) -> bool:
        """Tell whether a verb says what the demand asks to be done, as far as that is listed."""
        return self._deeds == () or verb.startswith(self._deeds)

    def shared(self, tokens: Sequence[Token]) -> list[str]:
        """Return the words that touch the demand, each once, in order."""
        return list(dict.fromkeys(token.text for token in tokens if self._has(token.low)))

    def _has(self, word: str) -> bool:
        if not word[0].isalnum() or len(word) < 2:
            return False
        known = plain(word)
        return known.startswith(self._starts) or any(part in known for part in self._inside)
