"""How many people or groups signed, marched or struck, as texts say it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sources.clipping.lines import Line
from sources.clipping.model import Count
from sources.detection.tokens import PlacedToken

_UNITS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 1_000, "million": 1_000_000}
_TENS_AND_ONES = 2
_DIGITS = re.compile(r"([0-9]{1,10})(?:\.([0-9]{1,3}))?(k|m)?\Z")
_ABBREVIATED = {"k": 1_000, "m": 1_000_000}
_MOST = 2_000_000_000


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PEOPLE = _words(
    """academics activists actors advocates alumni artists associations authors bishops campaigners
    charities churches citizens clergy colleagues consumers contractors creators customers
    developers doctors drivers economists educators employees engineers experts families farmers
    fishermen founders funds groups households individuals institutions investors journalists
    lawmakers lawyers lecturers managers marchers mayors members ministers moderators musicians
    names ngos nonprofits non-profits nurses officials organisations organizations owners parents
    participants passengers patients people persons physicians pilots plaintiffs players
    professionals professors protesters protestors representatives researchers residents scholars
    scientists senators shareholders signatories signatures signers staff staffers students
    subscribers supporters teachers technologists tenants unions users veterans volunteers voters
    women workers writers"""
)
_DEEDS = re.compile(
    r"\b(?:sign(?:s|ed|ing|atories|atures|ers)?|co-?sign\w*|letter|petition\w*|join(?:s|ed|ing)?|"
    r"march\w*|rall(?:y|ied|ies)|protest\w*|walk(?:ed|ing)? (?:out|off)|walkout|str(?:ike|uck)|"
    r"striking|coalition|call(?:s|ed|ing)? (?:on|for)|urg(?:e|es|ed|ing)|demand(?:s|ed|ing)?|"
    r"ask(?:s|ed|ing)?|wr(?:ite|ote|itten)|back(?:s|ed|ing)?|boycott\w*|gather\w*|picket\w*|"
    r"demonstrat\w*|sued?|suing|plaintiffs|support(?:s|ed)?|endors\w*)\b"
)
_HARM = re.compile(
    r"\b(?:laid off|lay(?:ing)? off|layoffs?|fired|hired?|killed|injured|employs?|serves?|"
    r"affected|exposed|evicted|dismissed)\b"
)
_SIGNED_BY = re.compile(r"\bsign(?:ed|atures)\b[\w\s]{0,20}\b(?:by|from|of)\b[\w\s,]{0,20}\Z")
_FOR_SIGNING = frozenset({"signatures", "signatories", "signers"})
_TIME = frozenset({"in", "since", "of", "by", "during", "until", "from", "before", "after"})
_BETWEEN = 12
"""Most words between a number and whom it counts: "85 racial justice, faith and rights groups"."""
_STOPS = _words(
    """signed signing by from to sent wrote letter letters petition petitions said says were was
    have has had are is who that which percent per years year days day months month weeks week hours
    hour times minutes dollars euros pounds"""
)


def find_count(lines: Sequence[Line]) -> Count | None:
    """Return the number of those who took part that a text speaks of most plainly.

    Numbers of money, years, percent and of people to whom something was done are none. "Hundreds"
    is no number.
    """
    best: tuple[int, Count] | None = None
    for line in lines:
        for value, start, end, score in _counts(line):
            if best is None or score > best[0]:
                best = (score, Count(value, line.passage(start, end)))
    return best[1] if best else None


def _counts(line: Line) -> Iterator[tuple[int, int, int, int]]:
    """Yield value, place and score of each number in a line that may be one."""
    place = 0
    while place < len(line.tokens):
        number = _number_at(line.tokens, place)
        if number is None:
            place += 1
            continue
        value, after = number
        last = _counted(line.tokens, after)
        start = line.tokens[place].start
        if _is_plain(line, place, after) and 1 < value <= _MOST:
            if last is not None:
                end = line.tokens[last].end
                if score := _score(line, line.tokens[last].low):
                    yield value, start, end, score
            elif _SIGNED_BY.search(line.low, max(0, start - 60), start):
                yield value, start, line.tokens[after - 1].end, line.weight + 2
        place = after


def _score(line: Line, unit: str) -> int:
    """Return how plainly the number tells who took part: 0 for one that does not."""
    if _HARM.search(line.low) and unit not in _FOR_SIGNING:
        return 0
    if unit in _FOR_SIGNING:
        return line.weight + 5
    deed = _DEEDS.search(line.low)
    if deed is None:
        return 0
    return line.weight + (4 if "sign" in line.low else 2)


def _number_at(tokens: Sequence[PlacedToken], place: int) -> tuple[int, int] | None:
    """Return the number that begins at a word, and the place after it."""
    read = _digits_at(tokens, place) or _word_at(tokens, place)
    if read is None:
        return None
    value, after = read
    while after < len(tokens) and tokens[after].low in _SCALES:
        value, after = value * _SCALES[tokens[after].low], after + 1
    is_article = tokens[place].low in ("a", "an") and after == place + 1
    return None if is_article or value != int(value) else (int(value), after)


def _digits_at(tokens: Sequence[PlacedToken], place: int) -> tuple[float, int] | None:
    found = _DIGITS.match(tokens[place].low)
    if found is None:
        return None
    value = float(f"{found[1]}.{found[2] or 0}") * _ABBREVIATED.get(found[3] or "", 1)
    after = place + 1
    while after + 1 < len(tokens) and tokens[after].text == "," and _continues(tokens, after):
        value, after = value * 1_000 + int(tokens[after + 1].text), after + 2
    return value, after


def _word_at(tokens: Sequence[PlacedToken], place: int) -> tuple[float, int] | None:
    parts = tokens[place].low.split("-")
    if len(parts) > _TENS_AND_ONES or not all(part in _UNITS for part in parts):
        return None
    return sum(_UNITS[part] for part in parts), place + 1


def _continues(tokens: Sequence[PlacedToken], comma: int) -> bool:
    there, left = tokens[comma + 1], tokens[comma - 1]
    return (
        left.end == tokens[comma].start
        and tokens[comma].end == there.start
        and len(there.text) == 3
        and there.text.isdecimal()
        and left.text.isdecimal()
    )


def _is_plain(line: Line, place: int, after: int) -> bool:
    """Whether the number is none of money, of a share or of a year."""
    tokens = line.tokens
    before = tokens[place - 1].low if place else ""
    following = tokens[after].low if after < len(tokens) else ""
    if before in ("$", "€", "£") or following in ("%", "percent", "per"):
        return False
    word = tokens[place].text
    is_year = len(word) == 4 and word.isdecimal() and word[:2] in ("19", "20")
    return not (is_year and after == place + 1 and (before in _TIME or not before))


def _counted(tokens: Sequence[PlacedToken], place: int) -> int | None:
    """Return the place of the word that says who is counted, if it follows close enough."""
    for ahead in range(place, min(place + _BETWEEN, len(tokens))):
        low = tokens[ahead].low
        if low in _PEOPLE:
            return ahead
        if low in _STOPS or low[0].isdigit() or low in (".", ";", ":", "(", ")", "—", "–"):
            return None
    return None
