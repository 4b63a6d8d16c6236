"""Addresses as pages and feeds write them: pure."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit, urlunsplit

_TRACKING = re.compile(
    r"utm_\w+|at_\w+|mc_[ce]id|(?:[dfgt]|fb|tt|tw|y|ms)cl(?:k)?id|gclsrc|[wg]braid|igsh(?:id)?|"
    r"li_fat_id|srsltid|mkt_tok|_hs(?:enc|mi)|hsctatracking|ns_\w+|s?cmp(?:id)?|ito|smid|smtyp|"
    r"emc|ocid|ref_(?:src|url)|__twitter_impression|(?:php|j)sess(?:ion)?id|(?:fb|ga|pk|mtm)_\w+|"
    r"wt\.\w+|xtor|trk\w*|guccounter|guce_\w+"
)
# Names that mean something on many sites, but not with such a value.
_REFERRER = re.compile(r"source|partner|ref|referrer|from|via|feed|medium")
_FROM_A_FEED = re.compile(r"(?:rss|feed|atom)(?:[\W_\d].*)?", re.DOTALL)
_SECRET = re.compile(
    r"(?:x[-_]?)?(?:api|app|access|auth|private|secret|subscription|user|rss|feed)?[-_]?(?:key|token)|"
    r"(?:client[-_]?)?secret|pass(?:w(?:or)?d)?|pwd|auth(?:orization)?|bearer|"
    r"(?:x-amz-)?sig(?:nature)?|x-amz-credential"
)
# "key" and "token" alone name other things as well; then a secret is long and mixes its signs.
_PERHAPS_SECRET = re.compile(r"key|token|pass|auth|sig")
_RANDOM = re.compile(
    r"(?=.*[0-9])(?=.*[a-z])[a-z0-9_.~+/=]{16,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    re.IGNORECASE,
)
_SESSION = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}
_URL = re.compile(r"\bhttps?://[^\s<>\"']{1,2000}", re.IGNORECASE)


def absolute(base_url: str, url: str) -> str:
    """Return the URL, made absolute if it is relative; "" for none, and for what is none."""
    try:
        return urljoin(base_url, url.strip()) if url.strip() else ""
    except ValueError:
        return ""


def is_web(url: str) -> bool:
    """Whether this is an http(s) URL with a host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in _PORTS and bool(parts.netloc)


def host_of(url: str) -> str:
    """Return the host in lower case, without "www."; "" if there is none."""
    try:
        host = urlsplit(url.strip()).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.").rstrip(".")


def normalize_url(url: str) -> str:
    """Return what is left of an http(s) URL without all that does not tell one page from another.

    The scheme, "www.", the default port, credentials, the case of the host, a slash at the end,
    the fragment, parameters that track who came from where, and the order of the others do not
    count. "" for what is no such URL. What is returned is there to be compared, not fetched.
    """
    host = host_of(url)
    if not host or not is_web(url.strip()):
        return ""
    parts = urlsplit(url.strip())
    try:
        port = "" if parts.port in (None, *_PORTS.values()) else f":{parts.port}"
    except ValueError:
        return ""
    pairs = sorted(
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _is_tracking(name.lower(), value.lower())
    )
    path = unquote(_SESSION.sub("", parts.path)).rstrip("/")
    return f"{host}{port}{path}?{urlencode(pairs)}".rstrip("?")


def untracked(url: str) -> str:
    """Return an http(s) URL as it is, without its fragment and what tracks who came from where."""
    parts = urlsplit(url.strip())
    pairs = parts.query.split("&")
    kept = [pair for pair in pairs if not _tracks(pair)]
    return urlunsplit(parts._replace(query="&".join(kept), fragment=""))


def _tracks(pair: str) -> bool:
    name, _, value = pair.lower().partition("=")
    return _is_tracking(unquote(name), unquote(value))


def secret_in(url: str) -> str:
    """Return the name of the parameter of a URL that looks like somebody's key; "" if none does."""
    for name, value in parse_qsl(urlsplit(url).query):
        if not _SECRET.fullmatch(name.lower()):
            continue
        if not _PERHAPS_SECRET.fullmatch(name.lower()) or _RANDOM.fullmatch(value):
            return name
    return ""


def without_tracking(text: str) -> str:
    """Return the text with each URL that it shows in its normal form."""
    return _URL.sub(lambda found: normalize_url(found.group()) or found.group(), text)


def _is_tracking(name: str, value: str) -> bool:
    if _TRACKING.fullmatch(name):
        return True
    return bool(_REFERRER.fullmatch(name) and _FROM_A_FEED.fullmatch(value))
