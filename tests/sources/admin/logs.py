"""Logging from a link as a browser does it, and what is logged."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from campaigns.models import (
    Membership,
    Organization,
)

LOG = "/admin/log/"

LETTER = """<html lang="en"><head>
<title>85 groups ask Pinemart to end its caged egg contracts</title>
<meta property="og:site_name" content="Farm Herald">
<meta property="article:published_time" content="2024-03-05T09:00:00Z"></head><body><article>
<h1>85 groups ask Pinemart to end its caged egg contracts</h1>
<p>A coalition of more than 85 animal welfare and consumer groups, led by Hens First, sent an open
letter to Pinemart on Tuesday, asking the supermarket to stop buying eggs from caged hens.</p>
<p>Pinemart declined to comment. <b>"We &lt;script&gt;alert(1)&lt;/script&gt; expect an answer by
June", said a spokeswoman of the coalition.</b> The chain runs 900 shops in four countries and
has been asked about its suppliers by shareholders in the past two years.</p>
</article></body></html>"""

PAUSE = """<html lang="en"><head><title>Pinemart pauses caged egg purchases for one year</title>
<meta property="og:site_name" content="Farm Herald">
<meta property="article:published_time" content="2024-04-10T09:00:00Z"></head><body><article>
<p>Pinemart announced on Wednesday a one-year moratorium on buying eggs from caged hens. Shops in
Norway are exempt.</p><p>The retailer runs 900 shops in four countries, and had been asked about its
suppliers by shareholders and by groups of consumers in the past two years.</p></article></body>
</html>"""


def person(organization: Organization, role: str) -> Client:
    """Somebody at work for an organization."""
    user = User.objects.create_user(f"{role}-{organization.pk}")
    Membership.objects.create(user=user, organization=organization, role=role)
    client = Client()
    client.force_login(user)
    return client


def read(client: Client, url: str = "", text: str = "", **more: str) -> Any:
    return client.post(LOG, {"url": url, "text": text} | more)


def sent(answer: Any) -> dict[str, Any]:
    """The values of the page's form, as a browser would send them."""
    page = LexborHTMLParser(answer.content)
    values: dict[str, Any] = {}
    for field in page.css(".log-entry [name]:not([name=csrfmiddlewaretoken])"):
        attributes, name = field.attributes, field.attributes["name"] or ""
        if field.tag == "textarea":
            values[name] = field.text().removeprefix("\n")
        elif field.tag == "select":
            chosen = [option.attributes["value"] for option in field.css("option[selected]")]
            values[name] = chosen if "multiple" in attributes else (chosen or [""])[0]
        elif attributes.get("type") == "checkbox":
            if "checked" in attributes:
                values[name] = "on"
        elif field.tag == "input":
            values[name] = attributes.get("value") or ""
    return values


def buttons(answer: Any) -> list[str]:
    page = LexborHTMLParser(answer.content)
    return [button.attributes["value"] or "" for button in page.css(".log-buttons button")]


def errors(answer: Any) -> str:
    page = LexborHTMLParser(answer.content)
    return " | ".join(found.text() for found in page.css(".errorlist li, .errornote"))
