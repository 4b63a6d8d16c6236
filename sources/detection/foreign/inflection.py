"""Forms of Spanish, French and German verbs, as far as reports use them: third person and "we"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Literal

Form = Literal["finite", "future", "conditional", "subjunctive", "participle", "infinitive"]
Table = dict[str, set[Form]]
"""Word → what it can be."""

_UNSTRESSED = ("be", "ver", "ent", "er", "ge", "zer", "unter", "wider", "über", "miss")
"""German prefixes that stay on the verb and take no "ge"."""


def _add(table: Table, form: Form, words: Iterable[str]) -> None:
    for word in words:
        table.setdefault(word, set()).add(form)


def spanish(verb: str) -> Table:
    """Return the forms of a regular verb."""
    stem, ending = verb[:-2], verb[-2:]
    table: Table = {verb: {"infinitive"}}
    is_ar = ending == "ar"
    past = ("ó", "aron", "amos") if is_ar else ("ió", "ieron", "imos")
    present = ("a", "an") if is_ar else ("e", "en")
    _add(
        table,
        "finite",
        (
            stem + end
            for end in (
                "ando" if is_ar else "iendo",
                *past,
                *present,
                "emos" if ending == "er" else "",
            )
        ),
    )
    _add(table, "future", (verb + end for end in ("á", "án", "emos")))
    _add(table, "conditional", (verb + end for end in ("ía", "ían")))
    soft = {"c": stem[:-1] + "qu", "g": stem + "u", "z": stem[:-1] + "c"}.get(stem[-1], stem)
    wished = (soft + "e", soft + "en") if is_ar else (stem + "a", stem + "an")
    were = ("ara", "aran", "ase") if is_ar else ("iera", "ieran", "iese")
    _add(table, "subjunctive", (*wished, *(stem + end for end in were)))
    done = "ad" if is_ar else "id"
    _add(table, "participle", (stem + done + end for end in ("o", "a", "os", "as")))
    table.pop(stem, None)
    return table


def french(verb: str) -> Table:
    """Return the forms of a regular verb in -er, -ir (as finir) or -re (as vendre)."""
    stem, ending = verb[:-2], verb[-2:]
    table: Table = {verb: {"infinitive"}}
    present = {
        "er": ("e", "ent", "ons"),
        "ir": ("it", "issent", "issons"),
        "re": ("", "ent", "ons"),
    }
    soft = {"g": stem + "e", "c": stem[:-1] + "ç"}.get(stem[-1], stem) if ending == "er" else stem
    _add(
        table,
        "finite",
        ((soft if end[:1] in ("o", "a") else stem) + end for end in present[ending]),
    )
    root = verb[:-1] if ending == "re" else verb
    _add(table, "future", (root + end for end in ("a", "ont", "ons")))
    _add(table, "conditional", (root + end for end in ("ait", "aient")))
    done = {"er": "é", "ir": "i", "re": "u"}[ending]
    _add(table, "participle", (stem + done + end for end in ("", "e", "s", "es")))
    return table


def german(verb: str) -> Table:
    """Return the forms of a weak verb; a prefix that comes off stands before a plus."""
    prefix, _, base = verb.rpartition("+")
    stem = base[:-2] if base.endswith("en") else base[:-1]
    link = "e" if stem.endswith(("t", "d", "chn", "ffn", "dn", "gn")) else ""
    past = "" if base.startswith(_UNSTRESSED) or base.endswith("ieren") else "ge"
    table: Table = {}
    _add(table, "infinitive", (prefix + base, *([f"{prefix}zu{base}"] if prefix else ())))
    _add(
        table,
        "finite",
        (prefix + base, *(prefix + stem + link + end for end in ("t", "te", "ten", "e"))),
    )
    _add(table, "participle", (prefix + past + stem + link + "t",))
    return table


_REGULAR: Mapping[str, Callable[[str], Table]] = {"es": spanish, "fr": french, "de": german}


class Conjugation:
    """Knows the forms of every verb that it was asked to expand, as the phrase matcher asks."""

    def __init__(self, language: str, irregular: Mapping[str, Mapping[Form, str]]) -> None:
        """Take a language and its irregular verbs, as verb → form → words."""
        self._regular = _REGULAR[language]
        self._irregular = irregular
        self._kinds: Table = {}

    def expand(self, verb: str) -> frozenset[str]:
        """Return all forms of a verb, and remember what each can be."""
        table = self._irregular_forms(verb) or self._regular(verb)
        for word, forms in table.items():
            self._kinds.setdefault(word, set()).update(forms)
        return frozenset(table)

    def kinds(self, word: str) -> frozenset[Form]:
        """Return what a lower-case word can be as a verb; empty when it is none that is known."""
        return frozenset(self._kinds.get(word, ()))

    def finite(self, verb: str) -> frozenset[str]:
        """Return the forms of a verb that stand by themselves, in German apart from a prefix."""
        base = verb.rpartition("+")[2]
        table = self._irregular_forms(base) or self._regular(base)
        words = frozenset(word for word, forms in table.items() if "finite" in forms)
        for word in words:
            self._kinds.setdefault(word, set()).add("finite")
        return words

    def _irregular_forms(self, verb: str) -> Table:
        """Return the forms of an irregular verb, of one with a separable prefix by its base."""
        prefix, _, base = verb.rpartition("+")
        given = self._irregular.get(base)
        if given is None:
            return {}
        table: Table = {}
        for form, words in given.items():
            _add(table, form, (prefix + word for word in words.split()))
        _add(table, "infinitive", (prefix + base, *([f"{prefix}zu{base}"] if prefix else ())))
        return table
