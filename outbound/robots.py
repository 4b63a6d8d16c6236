"""What a site lets robots visit, by RFC 9309: pure.

The parser and the matcher are our own; docs/decisions/0015-robots.md says why. Both take time in
proportion to the file, and a file to the rules that concern us, so they need no child process.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import quote_from_bytes

from multidict import MultiMapping
from yarl import URL

from outbound.errors import Cause, InvalidURL
from outbound.manners import freshness, retry_after

NAME = "followthrough"
"""The name by which a site speaks of us, in lower case; it stands in our User-Agent."""
PATH = "/robots.txt"
MAX_BYTES = 500 * 1024
"""How much of a file is read: what RFC 9309, section 2.5, asks for at least."""
LONGEST_DELAY = dt.timedelta(seconds=60)
"""The most that Crawl-delay can ask for between two requests."""
LONGEST_LIFE = dt.timedelta(hours=24)
"""How long a file is believed at most (RFC 9309, section 2.4)."""
SHORTEST_LIFE = dt.timedelta(hours=1)
"""How long it is believed even if the site would have it fetched before every visit."""
TROUBLED_LIFE = dt.timedelta(minutes=10)
"""How long we stay away before we ask again, if the file could not be had."""

_ANYBODY = b"*"
_PRODUCT = re.compile(rb"[A-Za-z_-]*")
_RULES = (b"allow", b"disallow", b"crawl-delay")
_DELAY = re.compile(r"[0-9]+(\.[0-9]+)?")
_DELAY_CHARACTERS = 20
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
_VISIBLE = bytes(range(0x21, 0x7F)).decode()
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class _Rule:
    """One line of Allow or Disallow.

    parts: the octets between the wildcards, percent-decoded; the path begins with the first.
    is_anchored: whether the path ends with the last. weight: octets of the pattern.
    """

    is_allowing: bool
    parts: tuple[bytes, ...]
    is_anchored: bool
    weight: int

    def matches(self, path: bytes) -> bool:
        first, *others = self.parts
        if not path.startswith(first):
            return False
        if not others:
            return not self.is_anchored or path == first
        place = len(first)
        for part in others[:-1]:
            place = path.find(part, place)
            if place < 0:
                return False
            place += len(part)
        if self.is_anchored:
            return path.endswith(others[-1]) and len(path) - len(others[-1]) >= place
        return path.find(others[-1], place) >= 0


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one origin for us, made from what can be kept in a row.

    status: of the answer to the request for /robots.txt, None if there was none.
    text: the lines of the file that concern us, in ASCII, themselves a robots.txt; else "". At most
    three times `MAX_BYTES` characters.
    """

    status: int | None
    text: str = ""
    _rules: tuple[_Rule, ...] = field(init=False, repr=False, compare=False)
    crawl_delay: dt.timedelta | None = field(init=False, compare=False)
    """Time that the site wants between two requests, at most `LONGEST_DELAY`."""

    def __post_init__(self) -> None:
        lines = list(_lines_for_us(self.text.encode()))
        rules = [_rule(name, value) for name, value in lines if name != b"crawl-delay"]
        # The most specific rule decides, and of two that are equal the one that allows.
        rules.sort(key=lambda rule: (-rule.weight, not rule.is_allowing))
        delays = [value.decode() for name, value in lines if name == b"crawl-delay"]
        seconds = [float(value[:_DELAY_CHARACTERS]) for value in delays if _DELAY.fullmatch(value)]
        longest = LONGEST_DELAY.total_seconds()
        delay = dt.timedelta(seconds=min(max(seconds), longest)) if seconds else None
        object.__setattr__(self, "_rules", tuple(rules))
        object.__setattr__(self, "crawl_delay", delay)

    @classmethod
    def from_answer(cls, status: int, body: bytes) -> Self:
        """Read the final answer to a request for /robots.txt; redirects are the client's to follow.

        2xx: the rules of the file, of which at most `MAX_BYTES` are read. 5xx and 429: nothing may
        be visited for now. Any other status: there are no rules.
        """
        if not 200 <= status < 300:
            return cls(status)
        lines = [(name.decode(), _ascii(value)) for name, value in _lines_for_us(_whole(body))]
        if not lines:
            return cls(status)
        kept = [("user-agent", NAME), *dict.fromkeys(lines)]
        return cls(status, "".join(f"{name}: {value}\n" for name, value in kept))

    @classmethod
    def from_failure(cls, cause: Cause) -> Self:
        """Return what holds when the file could not be fetched: nothing may be visited for now.

        Redirects that lead nowhere are as good as no file (RFC 9309, section 2.3.1.2).
        """
        leads_nowhere = cause in (Cause.TOO_MANY_REDIRECTS, Cause.BAD_REDIRECT)
        return cls(302 if leads_nowhere else None)

    @property
    def is_troubled(self) -> bool:
        """Whether the site could not tell us its rules, so that nothing may be visited for now.

        An earlier answer that is still at hand may be used instead (RFC 9309, section 2.4).
        """
        return self.status is None or self.status >= 500 or self.status == 429

    def allows(self, url: str) -> bool:
        """Whether `url`, one of this origin, may be visited; `InvalidURL` if it is none."""
        parsed = _parsed(url)
        if parsed.raw_path == PATH:
            return True
        if self.is_troubled:
            return False
        path = _decoded(parsed.raw_path_qs.encode())
        return next((rule.is_allowing for rule in self._rules if rule.matches(path)), True)

    def expires_after(self, headers: MultiMapping[str] | None, now: dt.datetime) -> dt.timedelta:
        """Return for how long this may be kept. `headers`: those of the answer, if there was one.

        The site's max-age or Expires, between `SHORTEST_LIFE` and `LONGEST_LIFE`; the longest if it
        says nothing. In trouble: `TROUBLED_LIFE`, or until its Retry-After.
        """
        if self.is_troubled:
            wait = retry_after(headers, now) if headers is not None else None
            return max(TROUBLED_LIFE, wait or TROUBLED_LIFE)
        said = freshness(headers, now) if headers is not None else None
        return LONGEST_LIFE if said is None else min(max(said, SHORTEST_LIFE), LONGEST_LIFE)


def robots_url(url: str) -> str:
    """Return where the rules for `url` are; `InvalidURL` if it is no absolute URL."""
    return str(_parsed(url).origin().with_path(PATH))


def _parsed(url: str) -> URL:
    try:
        parsed = URL(url)
        parsed.origin()  # ValueError if it is not absolute
    except ValueError as error:
        raise InvalidURL("The URL is malformed.") from error
    return parsed


def _whole(body: bytes) -> bytes:
    """Return the lines of a file that are read: a rule cut in the middle says something else."""
    body = body.removeprefix(_BYTE_ORDER_MARK)
    if len(body) <= MAX_BYTES:
        return body
    kept = body[:MAX_BYTES]
    return kept[: max(kept.rfind(b"\n"), kept.rfind(b"\r")) + 1]


def _lines_for_us(text: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the rules, with a value, of the groups that name us; of those for anybody if none does.

    A group is some lines User-agent and the rules below. Crawl-delay, which the RFC does not know,
    is a rule here as for those who brought it up. All else is passed over and ends no group.
    """
    ours: list[tuple[bytes, bytes]] = []
    anybodys: list[tuple[bytes, bytes]] = []
    is_named = is_for_us = is_for_anybody = is_in_rules = False
    for line in text.splitlines():
        name, _, value = line.partition(b"#")[0].partition(b":")
        name, value = name.strip().lower(), value.strip()
        if name == b"user-agent":
            if is_in_rules:
                is_for_us = is_for_anybody = is_in_rules = False
            is_for_us = is_for_us or _names_us(value)
            is_for_anybody = is_for_anybody or value == _ANYBODY
            is_named = is_named or is_for_us
        elif name in _RULES:
            is_in_rules = True
            # A path begins with a slash, so that what begins otherwise matches none.
            if name == b"crawl-delay" or value.startswith((b"/", _ANYBODY)):
                if is_for_us:
                    ours.append((name, value))
                if is_for_anybody:
                    anybodys.append((name, value))
    yield from ours if is_named else anybodys


def _names_us(value: bytes) -> bool:
    """Whether a line User-agent has our name; a version behind it, as some write, does no harm."""
    match = _PRODUCT.match(value)
    return match is not None and match[0].lower() == NAME.encode()


def _ascii(value: bytes) -> str:
    """Return a value with all but visible ASCII percent-encoded: what any database can keep."""
    return quote_from_bytes(value, safe=_VISIBLE)


def _decoded(text: bytes) -> bytes:
    """Undo percent-encoding. urllib's way would take two hundred times the room of hostile text."""
    return _ESCAPE.sub(lambda escape: bytes.fromhex(escape[1].decode()), text)


def _rule(name: bytes, pattern: bytes) -> _Rule:
    is_anchored = pattern.endswith(b"$")
    first, *others = pattern.removesuffix(b"$").split(_ANYBODY)
    *inner, last = others or [b""]
    # Several wildcards in a row are one.
    encoded = (first, *filter(None, inner), last) if others else (first,)
    parts = tuple(map(_decoded, encoded))
    weight = sum(map(len, parts)) + len(parts) - 1 + is_anchored
    return _Rule(name == b"allow", parts, is_anchored, weight)
