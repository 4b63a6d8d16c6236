"""Which targets a source is probably about: pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import prod

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from sources.extraction.links import host_of

MAX_SUGGESTIONS = 10


class Reason(TextChoices):
    """Why a target is suggested, as stored and as shown; the words that were seen come with it."""

    WEBSITE = "website", _("the address is on the website of the company")
    HOST = "host", _("the address has the name of the company in it")
    TITLE = "title", _("the title names the company")
    PRODUCT_TITLE = "product_title", _("the title names the product")
    TEXT = "text", _("the text names the company")
    PRODUCT_TEXT = "product_text", _("the text names the product")
    CAMPAIGN = "campaign", _("it has words in common with the title of the campaign")


# How likely each reason alone makes it that the source is about the target.
_WEIGHTS = {
    Reason.WEBSITE: 0.7,
    Reason.HOST: 0.5,
    Reason.TITLE: 0.6,
    Reason.PRODUCT_TITLE: 0.5,
    Reason.TEXT: 0.3,
    Reason.PRODUCT_TEXT: 0.25,
    Reason.CAMPAIGN: 0.2,
}
_NAMED_OFTEN = 0.5
_OFTEN = 3
"""So often a text names what it is about."""
_WORD = re.compile(r"[^\W_]+")
_LEGAL_FORM = re.compile(
    "ab|ag|bv|co|corp|corporation|gmbh|inc|kg|limited|llc|llp|ltd|nv|plc|sa", re.IGNORECASE
)
_HOST_LETTERS = 4
_LONG_NAME = 6
_CAMPAIGN_WORDS = 2
_CAMPAIGN_LETTERS = 5
MOST_WORDS = 500
"""Of so many words at most, the first ones, targets are looked up."""


@dataclass(frozen=True, slots=True)
class TargetToSuggest:
    """A target that a source may be about.

    Attributes:
        key: returned with the suggestion.
        names: of its company, and its aliases.
        websites: of its company: URLs or hosts.
        products: that the demand is about.
        campaign: the title of its campaign.
    """

    key: int
    names: Sequence[str]
    websites: Sequence[str] = ()
    products: Sequence[str] = ()
    campaign: str = ""


@dataclass(frozen=True, slots=True)
class Clues:
    """What a target must have something of to be suggested: to look up those worth weighing.

    Attributes:
        hosts: a company's website is at one of these.
        beginnings: the name of a company or product begins with one of these words, case folded.
        words: the title of a campaign has two of these, case folded.
    """

    hosts: tuple[str, ...]
    beginnings: tuple[str, ...]
    words: tuple[str, ...]


def clues_of(*, title: str, text: str, url: str) -> Clues:
    """Return by what :func:`suggest_targets` could know a target, given the same.

    Of a long text the words with a capital or a digit come first, as names mostly have one.
    """
    host = host_of(url)
    labels = host.split(".") if host else []
    prefixes = [part[:end] for part in _label_parts(host) for end in range(1, len(part) + 1)]
    titled = [word.casefold() for word in _words(title)]
    told = [word.casefold() for word in sorted(_words(text), key=str.islower)]
    long = [word for word in (*titled, *told) if len(word) >= _CAMPAIGN_LETTERS]
    return Clues(
        hosts=tuple(".".join(labels[place:]) for place in range(len(labels))),
        beginnings=tuple(dict.fromkeys([*titled, *prefixes, *told]))[:MOST_WORDS],
        words=tuple(dict.fromkeys(long))[:MOST_WORDS],
    )


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A target that a source is probably about.

    Attributes:
        key: of the target.
        score: over 0, under 1: the higher the likelier; the reasons are taken as independent.
        reasons: the strongest first, each with the words that were seen; at least one.
    """

    key: int
    score: float
    reasons: tuple[tuple[Reason, str], ...]


def suggest_targets(
    *, title: str, text: str, url: str, targets: Iterable[TargetToSuggest]
) -> list[Suggestion]:
    """Return the targets that a source is probably about, the likeliest first, the best ten.

    Args:
        title: of the page or feed.
        text: the beginning of what it says.
        url: its address.
        targets: to choose from.
    """
    source = _Source(title, text, url)
    found = []
    for target in targets:
        if reasons := list(source.reasons(target)):
            reasons.sort(key=lambda reason: -reason.weight)
            score = 1 - prod(1 - reason.weight for reason in reasons)
            stated = tuple((reason.reason, reason.words) for reason in reasons)
            found.append(Suggestion(target.key, round(score, 3), stated))
    found.sort(key=lambda suggestion: (-suggestion.score, suggestion.key))
    return found[:MAX_SUGGESTIONS]


@dataclass(frozen=True, slots=True)
class _Weighed:
    reason: Reason
    words: str
    weight: float


class _Source:
    """What a source says, prepared to be searched for many names."""

    def __init__(self, title: str, text: str, url: str) -> None:
        self._title, self._text = _searchable(title), _searchable(text)
        self._host = host_of(url)
        self._labels = _label_parts(self._host)
        self._words = set(f"{self._title}{self._text}".casefold().split())

    def reasons(self, target: TargetToSuggest) -> Iterator[_Weighed]:
        """Yield each kind of reason once at most."""
        yield from self._of_host(target)
        yield from self._named(target.names, Reason.TITLE, Reason.TEXT)
        yield from self._named(target.products, Reason.PRODUCT_TITLE, Reason.PRODUCT_TEXT)
        words = _words(target.campaign.casefold())
        common = sorted(self._words.intersection(w for w in words if len(w) >= _CAMPAIGN_LETTERS))
        if len(common) >= _CAMPAIGN_WORDS:
            yield _Weighed(Reason.CAMPAIGN, ", ".join(common), _WEIGHTS[Reason.CAMPAIGN])

    def _of_host(self, target: TargetToSuggest) -> Iterator[_Weighed]:
        for website in target.websites:
            host = host_of(website) or host_of(f"//{website}")
            if host and f".{self._host}".endswith(f".{host}"):
                yield _Weighed(Reason.WEBSITE, host, _WEIGHTS[Reason.WEBSITE])
                return
        for name in target.names:
            letters = "".join(_essential(name)).casefold()
            if any(_is_named(label, letters) for label in self._labels):
                yield _Weighed(Reason.HOST, name, _WEIGHTS[Reason.HOST])
                return

    def _named(self, names: Sequence[str], in_title: Reason, in_text: Reason) -> Iterator[_Weighed]:
        wanted = {f" {'  '.join(words)} ": name for name in names if (words := _essential(name))}
        for phrase, name in wanted.items():
            if phrase in self._title or phrase.upper() in self._title:
                yield _Weighed(in_title, name, _WEIGHTS[in_title])
                break
        counts = {name: self._text.count(phrase) for phrase, name in wanted.items()}
        if (total := sum(counts.values())) > 0:
            weight = _NAMED_OFTEN if total >= _OFTEN else _WEIGHTS[in_text]
            yield _Weighed(in_text, max(counts, key=lambda name: counts[name]), weight)


def _label_parts(host: str) -> dict[str, None]:
    """Return the labels of a host and what hyphens part in them, in order, but for the last."""
    labels = host.split(".")[:-1]
    return dict.fromkeys(part for label in labels for part in (label, *label.split("-")) if part)


def _searchable(text: str) -> str:
    """Return the words, each between spaces of its own, in their case: "target" is not Target."""
    return f" {'  '.join(_words(text))} "


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _essential(name: str) -> list[str]:
    """Return the words of a name without its legal form."""
    words = _words(name)
    while len(words) > 1 and _LEGAL_FORM.fullmatch(words[-1]):
        words.pop()
    return words


def _is_named(label: str, letters: str) -> bool:
    if len(letters) < _HOST_LETTERS:
        return False
    return label == letters or (len(letters) >= _LONG_NAME and label.startswith(letters))
