"""Where sites have their feeds, as far as one can tell from an address: pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, quote, urlsplit

from sources.extraction.links import host_of, is_web, normalize_url

MAX_GUESSES = 12
"""Most addresses that are guessed: each costs the site a request."""

_USUAL = ("feed/", "rss.xml", "atom.xml", "feed.xml", "index.xml", "rss", "feed.json")
_BY_HOST = {
    ".blogspot.com": "/feeds/posts/default",
    ".medium.com": "/feed",
    ".substack.com": "/feed",
    ".tumblr.com": "/rss",
    ".wordpress.com": "/feed/",
}
_SERVICES = frozenset({"bsky.app", "github.com", "medium.com", "reddit.com", "youtube.com"})
_NOT_OWNERS = frozenset({"about", "explore", "features", "login", "marketplace", "orgs", "search"})
_FEED_PATH = re.compile(
    r"/(?:feeds?|rss|atom)(?:/|\.xml|\.php|/all|/posts/default)?/?$|/(?:feed|rss|atom|index)\.xml$"
    r"|\.(?:rss|atom|rdf)$|/feed\.json$|/(?:feeds?|rss)/[\w./-]{1,80}$",
    re.IGNORECASE,
)
_FEED_QUERY = re.compile(
    r"(?:^|&)(?:feed=(?:rss2?|atom)|format=(?:rss|atom|feed)|type=rss)\b", re.I
)


def looks_like_feed(url: str) -> bool:
    """Whether an address is one that feeds usually have."""
    if not is_web(url):
        return False
    parts = urlsplit(url)
    return bool(_FEED_PATH.search(parts.path) or _FEED_QUERY.search(parts.query))


def guesses(url: str) -> list[str]:
    """Return usual addresses of a site's feed, the likeliest first, at most :data:`MAX_GUESSES`.

    Of services that many use, the known forms alone; of other sites, below the path first, because
    a section of news is more to the point than all news. None for what is no http(s) URL.
    """
    if not is_web(url):
        return []
    found = list(_of_service(url))
    if not found and host_of(url) not in _SERVICES:
        found = list(_of_site(url))
    given = normalize_url(url)
    return [guess for guess in dict.fromkeys(found) if normalize_url(guess) != given][:MAX_GUESSES]


def _of_site(url: str) -> Iterator[str]:
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{_netloc(url)}"
    path = parts.path.rstrip("/")
    if path and not re.search(r"\.\w{1,5}$", path):
        for name in _USUAL[:3]:
            yield f"{origin}{path}/{name}"
    for name in _USUAL:
        yield f"{origin}/{name}"
    yield f"{origin}/?feed=rss2"


def _of_service(url: str) -> Iterator[str]:
    host = host_of(url)
    places = [quote(part, safe="@:~+.-_%") for part in urlsplit(url).path.split("/") if part]
    if host == "github.com":
        yield from _of_github(places)
    elif host == "youtube.com":
        yield from _of_youtube(places, parse_qs(urlsplit(url).query))
    elif host == "medium.com" and places:
        yield f"https://medium.com/feed/{places[0]}"
    elif path := next((path for end, path in _BY_HOST.items() if host.endswith(end)), ""):
        yield f"https://{host}{path}"
    elif host == "reddit.com" and places[:1] in (["r"], ["user"]):
        yield f"https://www.reddit.com/{'/'.join(places[:2])}/.rss"
    elif host == "bsky.app" and places[:1] == ["profile"] and len(places) > 1:
        yield f"https://bsky.app/profile/{places[1]}/rss"
    elif len(places) == 1 and re.fullmatch(r"@[\w.-]+", places[0]):
        # Mastodon is on any host; the others of the fediverse mostly do as it does.
        yield f"https://{_netloc(url)}/{places[0]}.rss"


def _of_github(places: list[str]) -> Iterator[str]:
    if not places or places[0].lower() in _NOT_OWNERS:
        return
    if len(places) == 1:
        yield f"https://github.com/{places[0]}.atom"
        return
    repository = f"https://github.com/{places[0]}/{places[1]}"
    order = ["releases", "tags", "commits"]
    # The page that one looks at says what one is after.
    order.sort(key=lambda name: name not in places[2:3])
    for name in order:
        yield f"{repository}/{name}.atom"


def _of_youtube(places: list[str], query: dict[str, list[str]]) -> Iterator[str]:
    feed = "https://www.youtube.com/feeds/videos.xml"
    if lists := query.get("list"):
        yield f"{feed}?playlist_id={quote(lists[0], safe='')}"
    elif places[:1] == ["channel"] and len(places) > 1:
        yield f"{feed}?channel_id={places[1]}"
    elif places[:1] == ["user"] and len(places) > 1:
        yield f"{feed}?user={places[1]}"


def _netloc(url: str) -> str:
    """Return host and port as written, without credentials."""
    return urlsplit(url).netloc.rpartition("@")[2]
