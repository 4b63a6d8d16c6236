"""Forms of English verbs: from a base form to all others, and back."""

from __future__ import annotations

from typing import Literal

Form = Literal["base", "third", "past", "participle", "ing"]

_VOWELS = "aeiou"


def inflect(base: str) -> dict[str, set[Form]]:
    """Return the forms of a regular verb, each with what it can be."""
    if base.endswith("e"):
        past, ing = base + "d", base[:-1] + "ing"
    elif base.endswith("y") and base[-2:-1] not in _VOWELS:
        past, ing = base[:-1] + "ied", base + "ing"
    else:
        past, ing = base + "ed", base + "ing"
    third = base + ("es" if base.endswith(("s", "x", "z", "ch", "sh")) else "s")
    third = base[:-1] + "ies" if past.endswith("ied") else third
    return {base: {"base"}, third: {"third"}, past: {"past", "participle"}, ing: {"ing"}}


class Forms:
    """Knows the forms of every verb it was asked to expand."""

    def __init__(self, irregular: dict[str, list[str]]) -> None:
        """Take irregular verbs as base → third person, past, participle, -ing form."""
        self._irregular = irregular
        self._kinds: dict[str, set[Form]] = {}

    def expand(self, base: str) -> frozenset[str]:
        """Return all forms of a verb, and remember what each can be."""
        if base in self._irregular:
            third, past, participle, ing = self._irregular[base]
            forms: dict[str, set[Form]] = {}
            kinds: list[tuple[str, Form]] = [
                (base, "base"), (third, "third"), (past, "past"),
                (participle, "participle"), (ing, "ing"),
            ]  # fmt: skip
            for word, kind in kinds:
                forms.setdefault(word, set()).add(kind)
        else:
            forms = inflect(base)
        if base == "cancel":  # American spelling
            forms |= {"canceled": {"past", "participle"}, "canceling": {"ing"}}
        for word, kinds_of_word in forms.items():
            self._kinds.setdefault(word, set()).update(kinds_of_word)
        return frozenset(forms)

    def kinds(self, word: str) -> frozenset[Form]:
        """Return what a lower-case word can be as a verb; empty when it is none that is known."""
        return frozenset(self._kinds.get(word, ()))
