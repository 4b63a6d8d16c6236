"""How the articles of a feed fare, on the form of its source."""

from __future__ import annotations

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sources.models import Article, Source

_SHOWN = 10


def articles_in_words(source: Source) -> SafeString | str:
    """Return how many articles wait, were read and were given up, with the latest that failed."""
    articles = source.articles.all()
    counts = articles.aggregate(
        **{state: Count("pk", filter=Q(state=state)) for state in Article.State.values}
    )
    if not any(counts.values()):
        return "—"
    failed = articles.exclude(state=Article.State.READ).exclude(last_cause="")[:_SHOWN]
    return format_html(
        "<div>{}</div>{}",
        _("%(waiting)d waiting, %(read)d read, %(given_up)d given up") % counts,
        format_html_join(
            "",
            '<div><a href="{}" rel="noreferrer noopener nofollow">{}</a>: {} {} — {}</div>',
            (
                (
                    article.url,
                    article,
                    article.get_last_cause_display(),
                    article.last_detail and f"({article.last_detail})",
                    _what_next(article),
                )
                for article in failed
            ),
        ),
    )


def _what_next(article: Article) -> str:
    if article.state == Article.State.GIVEN_UP:
        return _("given up: its entry was judged instead")
    next_visit_at = timezone.localtime(article.next_visit_at)
    return _("tried again at %s UTC") % date_format(next_visit_at, "j M Y, H:i")
