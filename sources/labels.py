"""Lines that say nothing lasting: dates of the page, counters, greetings, weather: pure.

A number or date *within a sentence* is never taken for one of them. All functions take a line as
:func:`folded` returns it, but for :func:`is_ticker`, to which case matters.
"""

from __future__ import annotations

import functools
import re
import unicodedata

LABEL_LENGTH = 200
"""Most characters of a line that may be a label."""

_TYPOGRAPHY = str.maketrans("’‘“”–—‐‑…−", "''\"\"----.-")

_MONTH = (
    r"(?:jan(?:uary?|vier|uar|v)?|ene(?:ro)?|f[eé][bv]r?(?:uary|uar|rero|rier|ero|ier)?|mar(?:ch|zo|s)?|"
    r"märz|a[pbv]r(?:il)?|ma[yi]o?|june?|jun[io]{1,2}|juin|july?|jul[io]{1,2}|juil(?:let)?|"
    r"aug(?:ust)?|ago(?:sto)?|août|sept?(?:ember|iembre|embre)?|o[ck]t(?:ober|ubre|obre)?|"
    r"nov(?:ember|iembre|embre)?|d[eéi][cz](?:ember|iembre|embre)?)\.?"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th|er|\.)?"
_WEEKDAY = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|lunes|martes|miércoles|"
    r"jueves|viernes|sábado|domingo|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|montag|"
    r"dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)"
)
_DATE = re.compile(
    rf"\b(?:{_WEEKDAY}\.?,?\s+)?(?:{_DAY}\s+(?:de\s+)?{_MONTH},?\s+(?:de\s+)?\d{{4}}|"
    rf"{_MONTH}\s+{_DAY},?\s+\d{{4}}|{_MONTH}\s+(?:de\s+)?\d{{4}}|"
    r"\d{4}-\d\d-\d\d(?:t[\d:.]+(?:z|[+-]\d\d:?\d\d)?)?|\d{1,2}[./]\d{1,2}[./]\d{2,4})"
)
_TODAY = re.compile(rf"{_WEEKDAY},?(?:\s+(?:{_DAY}\s+{_MONTH}|{_MONTH}\s+{_DAY}))?")
_TIME = re.compile(r"\b\d{1,2}(?::\d\d){1,2}\s*(?:[ap]\.?m\b\.?)?|\b\d{1,2}\s*[ap]\.?m\b\.?")
_ZONE = re.compile(r"\b(?:utc|gmt|[cemp][ds]?t|cest|mesz|mez|bst)\b")
_RELATIVE = re.compile(
    r"\b(?:\d+|an?|one|two|few)\s*(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|"
    r"months?|years?|[smhd])\.?\s+ago\b|\bjust now\b"
    r"|\b(?:hace|il y a|vor)\s+(?:\d+|una?|une?|eine[rmn]?)\s+"
    r"(?:segundos?|minutos?|horas?|d[ií]as?|semanas?|mes(?:es)?|años?|secondes?|minutes?|heures?|"
    r"jours?|semaines?|mois|ans?|sekunden?|minuten?|stunden?|tage?n?|wochen?|monate?n?|jahre?n?)\b"
)
_NUMBER = r"\d[\d.,]{0,15}\s?[km]?"
_VIEWS = re.compile(
    rf"\b{_NUMBER}\s+(?:views?|comments?|likes?|reads?|replies|reactions?|visualizaciones|"
    r"comentarios|vues|commentaires|partages|aufrufe|kommentare|min(?:ute)?s?\s+read)\b"
    r"|\bcomments?\s*\(\d+\)|\b(?:views?|visits?|hits?|shares?|comments?|likes?)\s*:\s*\d[\d.,]*"
)
# Counts that can be what a text is about: they are left out where a line holds nothing else.
_SUPPORT = re.compile(
    rf"\b{_NUMBER}(?:\s+(?:of|/)\s+{_NUMBER})?\s+(?:shares?|signatures|supporters|votes?|followers|"
    rf"subscribers|downloads|firmas|unterschriften)\b|\b{_NUMBER}\s+(?:people\s+)?(?:have\s+)?signed\b"
    rf"|\b(?:signatures|supporters|followers|subscribers|downloads)\s*:\s*{_NUMBER}"
    rf"|\blet's get to {_NUMBER}"
)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\))[\s©]{0,3}(?:copyright\s)?\d{4}(?:\s*-\s*\d{4})?"
    r"|^copyright[\s©]{0,3}\d{4}(?:\s*-\s*\d{4})?"
)
_VERSION = re.compile(r"\b(?:version|revision|v)\.?\s*\d+(?:\.\d+)*")
_LABELS = re.compile(
    r"\b(?:a|accessed|article|as|at|by|checked|crawl|crawled|created|date|dated|edited|first|"
    r"generated|is|last|modified|of|on|page|policy|post|posted|published|retrieved|"
    r"reviewed|revised|statement|the|this|time|today|uhr|update|updated|was|yesterday|"
    r"actualizad[ao]|actualización|de|el|fecha|hoy|la|publicad[ao]|última|"
    r"à|dernière|jour|le|mise?|modification|publiée?|"
    r"aktualisiert|am|geändert|stand|um|veröffentlicht|vom|zuletzt)\b"
)
_WORD = re.compile(r"[^\W\d_]+")
_UNIT = (
    r"(?:second|sec|minute|min|hour|hr|day|week|month|year|view|visit|hit|share|comment|like|read|replie|vote|"
    r"reaction|signature|supporter|follower|subscriber|download|firma|commentaire|partage|vue)s?"
)
_WORD_OF_LABELS = re.compile(
    rf"{_MONTH}|{_WEEKDAY}|{_ZONE.pattern}|{_LABELS.pattern}|{_UNIT}|"
    r"ago|one|two|few|just|now|hace|una|vor|ein\w{0,3}|un\w{0,3}|segundos?|minutos?|horas?|d[ií]as?|"
    r"semanas?|mes(?:es)?|años?|secondes?|heures?|jours?|semaines?|mois|ans|sekunden?|minuten|stunden?|"
    r"tagen?|wochen?|monaten?|jahren?|reply|visualizaciones|comentarios|aufrufe|kommentare|"
    r"unterschriften|people|have|signed|let|get|copyright|version|revision"
)
_BYLINE = re.compile(r"by ([^\W\d_](?:[^\W\d_]|[ .,'@&/|·•:()-]){0,80})")
_MOST_NAMES = 8
_SAYS_SOMETHING = re.compile(
    r"\b(?:are|be|can|end|had|has|have|is|may|must|no|not|of|our|shall|should|then|to|us|was|we|were|"
    r"will|would)\b"
)
_EARLY_OR_LATE = re.compile(r"(?:beginning|early|end|late|middle|mid|next|the|this)\b")
_SEPARATOR = re.compile(r"[|·•,:]\s*\Z|\s-\s*\Z")
_GREETING = re.compile(
    r"(?:good (?:morning|afternoon|evening|day)|welcome back|buen[oa]s (?:días|tardes|noches)|"
    r"bonjour|bonsoir|guten (?:morgen|tag|abend))(?:, [\w '-]{1,40})?\W*"
)
_COUNTER_SENTENCE = re.compile(
    rf"(?:this (?:page|article|post|story) (?:has been |was )?)?"
    rf"(?:viewed|visited|read|shared)(?: by)? {_NUMBER} (?:times|people|readers)\W*"
    rf"|{_NUMBER} (?:people|readers|users|visitors)(?: are)?(?: currently| now)? (?:reading|"
    rf"viewing|watching|online)(?: (?:this|now|right now).{{0,20}})?\W*"
    rf"|you are visitor (?:number |no\. ?|#)?{_NUMBER}\W*"
    rf"|(?:page |this page was )?(?:generated|rendered|loaded) in {_NUMBER} "
    rf"?(?:ms|s|sec|seconds)\W*"
    rf"|reading time\W+{_NUMBER}\s*min(?:ute)?s?\W*"
)
_DEGREES = re.compile(r"-?\d{1,3}\s?°\s?[cf]?(?!\w)")
_SKY = re.compile(
    r"\b(?:clear|cloud(?:s|y)?|drizzle|fair|fog(?:gy)?|haz[ey]|overcast|partly|rain(?:y)?|showers?|"
    r"snow|storms?|sunny|thunderstorms?|windy?)\b"
)
_FORECAST = re.compile(
    r"\b(?:feels|h|high|humidity|l|like|low|now|today|tonight|weather)\b|\d+\s?%"
)
_FORECAST_LENGTH = 80
_QUOTE = (
    r"[A-Z]{1,6}(?:[.:-][A-Z]{1,5})?\s+[$€£]?\d[\d,]*\.\d+\s+(?:[▲▼+−-]\s?[$€£]?\d[\d,.]*\s+)?"
    r"\(?[▲▼+−-]\s?\d+(?:\.\d+)?\s?%\)?"
)
_TICKER = re.compile(rf"{_QUOTE}(?:[\s|·•]+{_QUOTE}){{0,20}}")
_END_OF_SENTENCE = re.compile(r"[.!?]\W*\Z")


def folded(text: str) -> str:
    """Return a text without differences of case, white space, typography and width."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_TYPOGRAPHY)
    return " ".join(text.casefold().split())


def is_label(line: str) -> bool:
    """Tell whether a line only dates, counts, greets or forecasts."""
    if len(line) > LABEL_LENGTH:
        return False
    return (
        _only_dates(line)
        or _GREETING.fullmatch(line) is not None
        or _COUNTER_SENTENCE.fullmatch(line) is not None
        or _is_forecast(line)
    )


def without_counters(line: str) -> str:
    """Return a line without counters of readers and relative times; a sentence keeps them."""
    line = _COPYRIGHT.sub(" ", line)
    if _END_OF_SENTENCE.search(line):
        return line
    return _RELATIVE.sub(" ", _VIEWS.sub(" ", line))


def is_ticker(line: str) -> bool:
    """Tell whether a line, in its own case, is a price of a share with its change."""
    return len(line) <= LABEL_LENGTH and _TICKER.fullmatch(line.strip()) is not None


def _only_dates(line: str) -> bool:
    if not line.startswith("by ") and not all(map(_may_date, _WORD.findall(line))):
        return False
    rest = line
    for label in (_VIEWS, _SUPPORT, _RELATIVE, _COPYRIGHT, _DATE, _TIME, _ZONE, _VERSION, _LABELS):
        rest = label.sub(" ", rest)
    if not any(map(str.isalnum, _TODAY.sub(" ", rest))):
        return True
    return line.startswith("by ") and _is_byline(line)


def _is_byline(line: str) -> bool:
    """Tell whether a line says who signs a text ("by staff writer | 8 june 2021"), and no more.

    "By 8 june 2021 we end it" says by when, and what.
    """
    date = _DATE.search(line)
    named = _BYLINE.fullmatch(line[: date.start()].rstrip()) if date else None
    if date is None or named is None:
        return False
    if _EARLY_OR_LATE.match(named[1]) and not _SEPARATOR.search(line[: date.start()]):
        return False
    behind = line[date.end() :]
    for label in (_VIEWS, _RELATIVE, _DATE, _TIME, _ZONE, _LABELS):
        behind = label.sub(" ", behind)
    return (
        not any(map(str.isalnum, behind))
        and len(named[1].split()) <= _MOST_NAMES
        and _SAYS_SOMETHING.search(named[1]) is None
    )


@functools.lru_cache(maxsize=4096)
def _may_date(word: str) -> bool:
    """Tell whether a word can stand in a line that only dates or counts: a quick first look."""
    return len(word) < 3 or _WORD_OF_LABELS.fullmatch(word) is not None


def _is_forecast(line: str) -> bool:
    if len(line) > _FORECAST_LENGTH or not _DEGREES.search(line):
        return False
    if _SKY.search(line) and not _END_OF_SENTENCE.search(line):
        return True
    return not any(map(str.isalnum, _FORECAST.sub(" ", _DEGREES.sub(" ", line))))
