"""What an answer says about when to come back, and which requests count as one host's: pure."""

import datetime as dt
import re
from email.utils import parsedate_to_datetime

from multidict import MultiMapping
from yarl import URL

from outbound.addresses import literal_address
from outbound.errors import InvalidURL

LONGEST_WAIT = dt.timedelta(hours=24)
"""The most that a host can put us off by Retry-After. robots.txt can do so for good."""
LONGEST_FRESHNESS = dt.timedelta(hours=24)
"""The most that Cache-Control or Expires can put off the next visit."""

_NOTHING = dt.timedelta(0)
_SECONDS = re.compile(r"[0-9]+")
_MOST_DIGITS = 9
_DATE_CHARACTERS = 64
# A name, or a name with a value, quoted or not (RFC 9111, section 5.2).
_DIRECTIVE = re.compile(r'([\w-]+)(?:\s*=\s*("(?:[^"\\]|\\.)*"|[^\s,"]*))?', re.ASCII)
_DIRECTIVE_CHARACTERS = 2_000


def retry_after(headers: MultiMapping[str], now: dt.datetime) -> dt.timedelta | None:
    """Return how long the host asks us to stay away, None if it does not say so in a valid form.

    Both forms of RFC 9110, section 10.2.3: seconds, and a date, which is compared with `now`
    (aware). At most `LONGEST_WAIT`; no time at all for a moment that is past. Of several fields the
    longest wait counts.
    """
    waits = [_wait(value.strip(), now) for value in headers.getall("Retry-After", ())]
    return max((wait for wait in waits if wait is not None), default=None)


def _wait(value: str, now: dt.datetime) -> dt.timedelta | None:
    wait = _seconds(value)
    if wait is None:
        moment = _http_date(value)
        if moment is None:
            return None
        wait = moment - now
    return _within(wait, LONGEST_WAIT)


def freshness(headers: MultiMapping[str], now: dt.datetime) -> dt.timedelta | None:
    """Return for how long the answer says it stays as it is, None if it does not say.

    By RFC 9111, section 4.2, for a private cache, so without s-maxage: max-age, else Expires less
    Date (or `now`, aware), less Age, between nothing and `LONGEST_FRESHNESS`. What is not valid
    means stale, as the RFC recommends; no-cache and no-store are no statement.
    It is a hint: before that time a visit would bring home nothing new.
    """
    said = _directives(",".join(headers.getall("Cache-Control", ())))
    if "no-store" in said or "no-cache" in said:
        return None
    if "max-age" in said:
        lifetime = _seconds(said["max-age"]) or _NOTHING
    elif "Expires" in headers:
        expires = _http_date(headers["Expires"])
        since = _http_date(headers.get("Date", "")) or now
        lifetime = expires - since if expires else _NOTHING
    else:
        return None
    return _within(lifetime - (_seconds(headers.get("Age", "")) or _NOTHING), LONGEST_FRESHNESS)


def host_of(url: str) -> str:
    """Return the host of `url` as one text for all that spell it: what politeness is counted by.

    Lower-case, by IDNA, without port, brackets and final dot; an address in its usual spelling. It
    is the exact host: a.example.com and b.example.com are often other machines of other people.
    Raises `InvalidURL` if there is none.
    """
    try:
        host = URL(url).raw_host
    except ValueError as error:
        raise InvalidURL("The URL is malformed.") from error
    if not host:
        raise InvalidURL("The URL has no host.")
    address = literal_address(host)
    return host.lower().removesuffix(".") if address is None else str(address)


def _directives(text: str) -> dict[str, str]:
    """Return what Cache-Control says, names in lower case; of a repeated one the first counts."""
    said: dict[str, str] = {}
    for match in _DIRECTIVE.finditer(text[:_DIRECTIVE_CHARACTERS]):
        said.setdefault(match[1].lower(), (match[2] or "").strip('"'))
    return said


def _seconds(text: str) -> dt.timedelta | None:
    text = text.strip()
    if not _SECONDS.fullmatch(text):
        return None
    # More than any limit here; more digits than Python likes to read.
    return dt.timedelta(seconds=int(text) if len(text) <= _MOST_DIGITS else 10**_MOST_DIGITS)


def _http_date(text: str) -> dt.datetime | None:
    """Read a date in one of the three forms of RFC 9110, section 5.6.7; None if it is in none."""
    if len(text) > _DATE_CHARACTERS or ":" not in text:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _within(span: dt.timedelta, longest: dt.timedelta) -> dt.timedelta:
    return min(max(span, _NOTHING), longest)
