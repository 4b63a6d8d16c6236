"""Read hostile documents and print what was opened meanwhile: a script for test_connections.

Its arguments: the address of a web site, the path of a file, and "parse" or, to prove that it sees
what it should, a way to open one of them.
"""

import json
import socket
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import feedparser

from sources.extraction import Unreadable, read_feed, read_page

SITE, SECRET, CONTROL = sys.argv[1:]
WATCHED = (
    "ftplib.",
    "http.client.",
    "os.exec",
    "os.posix_spawn",
    "os.system",
    "smtplib.",
    "socket.bind",
    "socket.connect",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.sendto",
    "subprocess.",
    "urllib.",
)
TEXT = (
    "<p>Acme suspended all sales of its scanner to the police on Monday, it said in a letter.</p>"
)


def entity(target: str) -> str:
    return (
        f'<!DOCTYPE rss [<!ENTITY inner SYSTEM "{target}"><!ENTITY % outer SYSTEM "{target}">'
        f' %outer;]><rss version="2.0"><channel><title>&inner;</title><item><guid>1</guid>'
        "<title>News &inner;</title><description>Sales stopped &inner;</description></item>"
        "</channel></rss>"
    )


def feeds(target: str) -> list[str]:
    item = "<item><guid>1</guid><title>News</title><description>Sales stopped</description></item>"
    return [
        entity(target),
        f'<!DOCTYPE rss SYSTEM "{target}"><rss version="2.0"><channel>{item}</channel></rss>',
        (
            f'<!DOCTYPE rss PUBLIC "-//x" "{target}"><rss version="2.0"><channel>{item}</channel>'
            "</rss>"
        ),
        f'<?xml-stylesheet href="{target}"?><rss version="2.0"><channel>{item}</channel></rss>',
        (
            '<rss version="2.0" xmlns:xi="http://www.w3.org/2001/XInclude"><channel>'
            f'<xi:include href="{target}"/><item><guid>1</guid><title>News</title><description>'
            f'<xi:include href="{target}" parse="text"/>Sales ended</description></item></channel>'
            "</rss>"
        ),
        (
            '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><title>News</title>'
            f'<content src="{target}" type="text/html"/><link href="{target}"/></entry></feed>'
        ),
        (
            '<rss version="2.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
            f'xsi:schemaLocation="x {target}"><channel>{item}</channel></rss>'
        ),
        target,
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "next_url": target,
                "items": [{"id": "1", "url": target, "content_text": "Sales stopped"}],
            }
        ),
    ]


def pages(target: str) -> list[str]:
    head = (
        f'<base href="{target}"><link rel="stylesheet" href="{target}"><script src="{target}">'
        f'</script><meta http-equiv="refresh" content="0; url={target}"><link rel="preload" '
        f'href="{target}"><link rel="canonical" href="{target}"><style>@import url({target});'
        "</style>"
    )
    body = (
        f'<img src="{target}" srcset="{target} 2x"><iframe src="{target}"></iframe>'
        f'<object data="{target}"></object><video src="{target}" poster="{target}"></video>'
        f'<svg><image href="{target}"/><use href="{target}#a"/></svg><form action="{target}">'
        f'<button></button></form><esi:include src="{target}"/><!--#include virtual="{target}"-->'
    )
    return [
        f"<!doctype html><title>News</title>{head}<main>{TEXT}{body}</main>",
        (
            f'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "{target}"><html '
            f'xmlns="http://www.w3.org/1999/xhtml"><body>{TEXT}</body></html>'
        ),
        (
            f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY e SYSTEM "{target}">]><html><body>'
            f"{TEXT}<p>&e;</p></body></html>"
        ),
        f'<html manifest="{target}"><body background="{target}">{TEXT}</body></html>',
    ]


def read_all() -> list[str]:
    """Read every document that names the site or the file, and return what came of it."""
    targets = (SITE, f"{SITE}/feed.dtd", f"file://{SECRET}", SECRET)
    return [
        *(read(read_feed, text, "application/xml", target) for target in targets
          for text in feeds(target)),
        *(read(read_page, text, "text/html; charset=utf-8") for target in targets
          for text in pages(target)),
    ]  # fmt: skip


def read(reader: Callable[..., object], text: str, *more: str) -> str:
    try:
        return repr(reader(text.encode(), *more))
    except Unreadable:
        return ""


def control() -> list[str]:
    if CONTROL == "connect":
        host, port = SITE.removeprefix("http://").split(":")
        socket.create_connection((host, int(port))).close()
    elif CONTROL == "urlopen":
        open_hastily(lambda: urllib.request.urlopen(SITE, timeout=0.2))
    elif CONTROL == "feedparser":
        socket.setdefaulttimeout(0.2)
        open_hastily(lambda: feedparser.parse(SITE))
    else:
        Path(SECRET).read_text(encoding="utf-8")
    return []


def open_hastily(open_: Callable[[], object]) -> None:
    """Call what will find nobody to answer it."""
    try:
        open_()
    except OSError:
        return


def main() -> None:
    opened: list[str] = []

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        is_secret = event == "open" and SECRET in str(arguments[0])
        if is_secret or event.startswith(WATCHED):
            opened.append(f"{event} {arguments!r}")

    sys.addaudithook(watch)
    found = read_all() if CONTROL == "parse" else control()
    sys.stdout.write(json.dumps({"opened": opened, "read": found}))


main()
