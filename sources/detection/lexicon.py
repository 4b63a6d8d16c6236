"""The words and phrases that detection knows, read from its data files and compiled once."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any

from sources.detection.patterns import Phrase, PhraseIndex, index_phrases
from sources.detection.tokens import stem
from sources.detection.verbs import Forms


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Compiled word classes and phrases; see ``words.toml``, ``phrases.toml`` and ``tags.toml``.

    There is one; it is equal to none but itself, so that what follows from it can be remembered.
    """

    classes: dict[str, frozenset[str]]
    classes_of: dict[str, frozenset[str]]
    """Lower-case word → the names of its classes, for words that have any."""
    signals: dict[str, PhraseIndex]
    signal_openers: dict[str, tuple[str, ...]]
    """First word → the names of the signals that can begin with it."""
    phrases: PhraseIndex
    forms: Forms
    synonyms: dict[str, str]
    stop_stems: frozenset[str]
    tags: dict[str, str]
    """Lower-case word, or the stem of one → its tag; see ``tags.toml``."""

    def is_a(self, word: str, *names: str) -> bool:
        """Tell whether a lower-case word belongs to one of the named classes."""
        found = self.classes_of.get(word)
        return found is not None and not found.isdisjoint(names)


@functools.cache
def lexicon() -> Lexicon:
    """Return the lexicon; the data files are read at the first call only."""
    words, phrases = _read("words.toml"), _read("phrases.toml")
    forms = Forms(phrases.pop("irregular"))
    classes = {name: words[name] for name in words if isinstance(words[name], list)}
    for table in ("governors", "nouns"):
        classes.update(words[table])
    signals = {
        name: index_phrases([Phrase(name, text) for text in texts], forms)
        for name, texts in words["signals"].items()
    }
    return Lexicon(
        classes={name: frozenset(entries) for name, entries in classes.items()},
        classes_of={
            word: frozenset(name for name, entries in classes.items() if word in entries)
            for word in set().union(*classes.values())
        },
        signals=signals,
        signal_openers={
            word: tuple(name for name in signals if word in signals[name])
            for word in set().union(*signals.values())
        },
        phrases=index_phrases(
            [Phrase(name, text) for name in phrases for text in phrases[name]["phrases"]], forms
        ),
        forms=forms,
        synonyms={
            stem(word): stem(group[0]) for group in words["synonyms"]["groups"] for word in group
        },
        stop_stems=frozenset(stem(word) for word in words["stop_words"]["words"]),
        tags=_by_word(_read("tags.toml")["tags"]),
    )


def _by_word(tags: dict[str, list[str]]) -> dict[str, str]:
    """Turn tag → words into word → tag; the stem of a word has its tag if no other has it."""
    listed = {word: tag for tag, words in tags.items() for word in words}
    return {stem(word): tag for word, tag in reversed(listed.items())} | listed


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath(name).read_text("utf-8"))
