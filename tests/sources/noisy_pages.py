"""Pages of five kinds, each with a text that stays and a frame in which everything moves."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

STORIES = ("Ten charts about the cloud", "A shop opens in Leeds", "Why tea is late", "Rain in May")
LINKS = ("Products", "Careers", "Investors", "Newsroom", "Contact us")


@dataclass(frozen=True)
class Noise:
    """What differs between two visits to a page that nobody edited."""

    seed: int = 0
    updated: str = "3 May 2020"
    ago: str = "3 hours ago"
    views: str = "1,204"
    cookies: str = "none"
    newsletter: int = 0
    links: tuple[str, ...] = LINKS
    stories: tuple[str, ...] = STORIES
    most_read: tuple[str, ...] = STORIES[:2]
    headline_test: int = 0
    advert: int = 0
    greeting: str = "Good morning, reader!"
    weather: str = "Seattle 18°C, partly cloudy"
    ticker: str = "AMZN 185.32 +1.20 (+0.65%)"
    year: int = 2020
    is_randomised: bool = False
    hidden: int = 0


HEADLINES = ("One weird trick", "You will not believe it", "Shoppers love this")
ADVERTS = ("Garden chairs, now half price.", "Umbrellas for every budget.", "")
LETTERS = ("Our letter, once a week.", "Get the best of our blog.")


class Names:
    """The class names of one visit: words, or made by a machine and new each time."""

    def __init__(self, noise: Noise) -> None:
        self._noise = noise

    def __call__(self, name: str) -> str:
        if not self._noise.is_randomised:
            return f'class="{name}"'
        digest = hashlib.sha256(f"{name}{self._noise.seed}".encode()).hexdigest()
        return f'class="css-{digest[:7]} x{digest[7:10]}"'


def _items(titles: tuple[str, ...], noise: Noise) -> str:
    return "".join(f'<li><a href="/{title}?s={noise.seed}">{title}</a></li>' for title in titles)


def cookie_banner(noise: Noise) -> str:
    """A banner in one of three common forms, or none."""
    text = "We use cookies to measure visits and to show advertising. See our cookie notice."
    buttons = "<button>Accept all</button><button>Reject all</button>"
    forms = {
        "none": "",
        "named": f'<div id="onetrust-banner"><p>{text}</p>{buttons}</div>',
        "dialog": f'<div role="dialog" aria-label="Privacy"><h2>Privacy</h2><p>{text}</p></div>',
        "plain": f"<div><div><p>{text}</p><div>{buttons}</div></div></div>",
        "link": f"<section><p>{text}</p><p><a href='#' role='button'>Got it</a></p></section>",
    }
    return forms[noise.cookies]


def adverts(noise: Noise) -> str:
    """An advert in a frame, one as a text with a label, and one as a paid link."""
    text, names = ADVERTS[noise.advert], Names(noise)
    frame = f'<iframe src="https://ads.example/{noise.seed}">{text}</iframe>'
    if not text:
        return frame
    label = f"<div {names('x-slot')}><small>Advertisement</small><p>{text}</p></div>"
    return f'{frame}{label}<p><a rel="sponsored nofollow" href="https://ads.example">{text}</a></p>'


def framed(title: str, content: str, noise: Noise) -> str:
    """The content, within everything that a site puts around it."""
    names = Names(noise)
    modal = (
        f'<div hidden><p>Offer {noise.hidden}</p></div><p style="display: none">{noise.hidden}</p>'
    )
    return f"""<!doctype html><html lang="en"><head><title>{title}</title>
<meta name="csrf-token" content="{noise.seed}">
<script nonce="{noise.seed}">var a={noise.seed}</script>
</head><body>{cookie_banner(noise)}{modal}
<header {names("site-header")}><a href="/">Acme</a><p>{noise.greeting}</p></header>
<div {names("weather")}>{noise.weather}</div><div {names("ticker")}>{noise.ticker}</div>
<nav {names("menu")}><ul>{_items(noise.links, noise)}</ul></nav>
<main>{content}
<div {names("x-more")}><h3>Related stories</h3><ul>{_items(noise.stories, noise)}</ul></div>
</main>
<section aria-label="Most read"><ol>{_items(noise.most_read, noise)}</ol></section>
<section {names("x-top")}><h2>Most read</h2><ol>{_items(noise.most_read, noise)}</ol></section>
<div data-experiment="headline"><p>{HEADLINES[noise.headline_test]}</p></div>
<div {names("x-letter")}><h2>Sign up for our newsletter</h2><p>{LETTERS[noise.newsletter]}</p>
<form><input type="hidden" name="csrf" value="{noise.seed}"><input type="email"></form></div>
<p>{noise.views} people are reading this now</p>
<footer>© {noise.year} Acme. <a href="/cookies">Cookies</a></footer>
<p>© {noise.year} Acme</p><p>Page generated in 0.{noise.seed} seconds</p></body></html>"""


def news_article(noise: Noise) -> str:
    """A news article with its meta line, adverts within the text and a heading."""
    names = Names(noise)
    return framed(
        "Acme halts sales to the police",
        f"""<article><h1>Acme halts sales to the police</h1>
<p {names("meta")}>By Jane Doe | Updated {noise.updated} | {noise.views} views | 5 min read</p>
<div><span>Jane Doe</span> <time>{noise.ago}</time></div>
<p {names("lead")}>Acme will not sell face recognition to the police until June 2022. The pause
covers 10 states, the company said.</p>{adverts(noise)}
<h2>What the petition asked</h2>
<p>A petition with 50,000 signatures asked for it two years ago. Thorn keeps access.</p>
<p>“We listened,” a spokesperson said. It was 18°C outside on 3 May 2020.</p>
<p>{noise.views} shares</p><p>Comments ({noise.views})</p></article>""",
        noise,
    )


def press_release(noise: Noise) -> str:
    """A press release without an ``<article>``, in wrappers."""
    names = Names(noise)
    return framed(
        "Acme commits to cage-free eggs",
        f"""<div {names("wrapper")}><div {names("inner")}><h1>Acme commits to cage-free eggs</h1>
<p>Published: {noise.updated}</p>
<p>SEATTLE, June 10, 2020: Acme today announced that it will source only cage-free eggs by the end
of 2025.</p>{adverts(noise)}
<h2>About the commitment</h2><ul><li>All 1,200 shops in Europe</li><li>Liquid eggs</li></ul>
<p>Contact: press@acme.example</p></div></div>""",
        noise,
    )


def policy_page(noise: Noise) -> str:
    """A policy with a list of exemptions and a table of deadlines."""
    return framed(
        "Our policy on face recognition",
        f"""<h1>Our policy on face recognition</h1><p>Last updated: {noise.updated}</p>
<p>We do not sell face recognition to the police. Exempt are:</p>
<ul><li>Thorn</li><li>Marinus Analytics</li><li>The Red Cross</li></ul>
<h2>Deadlines</h2><table><tr><th>Region</th><th>Until</th><th>Audited</th></tr>
<tr><td>Europe</td><td>June 2022</td><td>✓</td></tr>
<tr><td>Asia</td><td>June 2023</td><td>✗</td></tr></table>
<p>The policy is in force from 1 July 2020.</p>{adverts(noise)}""",
        noise,
    )


def blog_index(noise: Noise) -> str:
    """The index of a blog: titles, teasers, dates and counters."""
    posts = "".join(
        f"""<article><h2><a href="/blog/{number}">{title}</a></h2><p>{teaser}</p>
<p>{noise.ago} · {noise.views} views · {noise.views} comments</p></article>"""
        for number, (title, teaser) in enumerate(
            [
                ("We pause sales", "A word on face recognition and the police."),
                ("Our first report", "What we learned from 40 audits."),
            ]
        )
    )
    return framed("Acme blog", f"<h1>Acme blog</h1>{adverts(noise)}{posts}", noise)


def government_page(noise: Noise) -> str:
    """A bill on a government's site."""
    names = Names(noise)
    return framed(
        "Bill 215: face recognition",
        f"""<div {names("content")}><h1>Bill 215: face recognition</h1>
<p>This page was last updated on {noise.updated} at 10:4{noise.hidden} am.</p>
<dl><dt>Status</dt><dd>In committee</dd><dt>Sponsor</dt><dd>Sen. Bell</dd></dl>
<h2>History</h2><ul><li>3 May 2020: read first time</li><li>Passed by 31 votes to 12</li></ul>
<p>The bill forbids the use of face recognition by the state. Comments close on 1 July 2020.</p>
{adverts(noise)}</div>""",
        noise,
    )


PAGES: dict[Callable[[Noise], str], list[tuple[str, str]]] = {
    news_article: [
        ("until June 2022", "until June 2023"),
        ("10 states", "12 states"),
        ("50,000 signatures", "100,000 signatures"),
        ("two years ago", "three years ago"),
        ("Thorn keeps access.", ""),
        ("Thorn keeps access.", "Thorn keeps access. Marinus does, too."),
        ("What the petition asked", "What the petition achieved"),
        ("will not sell", "will sell"),
        ("18°C outside on 3 May 2020", "18°C outside on 4 May 2020"),
        ("18°C outside", "19°C outside"),
        ("halts sales to the police</h1>", "resumes sales to the police</h1>"),
    ],
    press_release: [
        ("by the end\nof 2025", "by the end\nof 2030"),
        ("1,200 shops", "1,100 shops"),
        ("<li>Liquid eggs</li>", ""),
        ("<li>Liquid eggs</li>", "<li>Liquid eggs</li><li>Powder</li>"),
        ("June 10, 2020:", "June 11, 2020:"),
        ("About the commitment", "About the former commitment"),
        ("Contact: press@", "<p>We withdraw this.</p>Contact: press@"),
    ],
    policy_page: [
        ("<li>Thorn</li>", ""),
        ("<li>Thorn</li>", "<li>Thorn</li><li>Interpol</li>"),
        ("June 2022", "June 2024"),
        ("✗", "✓"),
        ("do not sell", "sell"),
        ("from 1 July 2020", "from 1 July 2021"),
        ("Deadlines", "Former deadlines"),
        ("<tr><td>Asia</td>", "<tr><td>Africa</td>"),
    ],
    blog_index: [
        ("We pause sales", "We resume sales"),
        ("40 audits", "41 audits"),
        ("What we learned from", "What we did not learn from"),
        ("Acme blog</h1>", "Acme blog</h1><article><h2>We stop</h2></article>"),
    ],
    government_page: [
        ("In committee", "Passed"),
        ("31 votes to 12", "32 votes to 12"),
        ("<li>3 May 2020: read first time</li>", ""),
        ("3 May 2020: read first time", "4 May 2020: read first time"),
        ("forbids", "allows"),
        ("Comments close on 1 July 2020.", "Comments close on 1 August 2020."),
        ("Sen. Bell", "Sen. Hill"),
    ],
}
"""Each kind of page, with edits of its text."""
