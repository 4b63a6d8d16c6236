"""Which addresses are those of one page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.extraction.links import normalize_url, secret_in, untracked, without_tracking

PAGE = "https://acme.example/news/1?id=7&page=2"


@pytest.mark.parametrize(
    "url",
    [
        "http://acme.example/news/1?id=7&page=2",
        "https://www.ACME.example/news/1/?page=2&id=7",
        "https://acme.example:443/news/1?id=7&page=2#comments",
        "https://user:secret@acme.example/news/1?id=7&page=2",
        "https://acme.example/n%65ws/1?id=7&page=2&utm_source=rss&UTM_medium=feed&fbclid=x&gclid=y",
        "https://acme.example/news/1;jsessionid=A1?id=7&page=2&source=rss----1a2b---4&partner=rss",
        " https://acme.example/news/1?id=7&page=2&mc_cid=1&at_campaign=x&CMP=rss&xtor=RSS-1 ",
    ],
)
def test_what_does_not_tell_a_page_from_another_does_not_count(url: str) -> None:
    assert normalize_url(url) == normalize_url(PAGE)


@pytest.mark.parametrize(
    "url",
    [
        "https://acme.example/news/2?id=7&page=2",
        "https://acme.example/News/1?id=7&page=2",
        "https://acme.example/news/1?id=8&page=2",
        "https://acme.example/news/1?id=7",
        "https://acme.example:8443/news/1?id=7&page=2",
        "https://press.acme.example/news/1?id=7&page=2",
        "https://acme.example/news/1?id=7&page=2&source=reuters",
    ],
)
def test_what_does_counts(url: str) -> None:
    assert normalize_url(url) != normalize_url(PAGE)


@pytest.mark.parametrize(
    "url", ["", "ftp://a.example/", "javascript:x", "/news", "http://", "http://[x/", "http://a:b/"]
)
def test_what_is_no_address_of_the_web_has_no_normal_form(url: str) -> None:
    assert normalize_url(url) == ""


@given(st.text(max_size=60))
def test_any_text_has_one_normal_form_that_is_stable(text: str) -> None:
    for url in (text, f"https://a.example/{text}"):
        normal = normalize_url(url)
        assert normalize_url(url.replace("https://", "http://")) == normal


def test_addresses_in_a_text_lose_what_tracks_them() -> None:
    text = "See https://www.acme.example/1?utm_source=a and http://b.example/2?q=1 (new)."
    assert without_tracking(text) == "See acme.example/1 and b.example/2?q=1 (new)."


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("https://a.example/1?utm_source=a&id=7&fbclid=x#top", "https://a.example/1?id=7"),
        ("https://a.example/1?b=2&a=%20x", "https://a.example/1?b=2&a=%20x"),
        ("http://a.example/?utm%5Fsource=a", "http://a.example/"),
        ("https://a.example/1?q", "https://a.example/1?q"),
    ],
)
def test_an_address_loses_what_tracks_and_keeps_the_rest_as_it_is(url: str, plain: str) -> None:
    assert untracked(url) == plain


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("api_key=s3cret", "api_key"),
        ("page=2&APIKEY=s3cret", "APIKEY"),
        ("access_token=x", "access_token"),
        ("password=x", "password"),
        ("X-Amz-Signature=4f1c", "X-Amz-Signature"),
        ("auth=Zm9vYmFyMTIzNDU2Nzg", "auth"),
        ("key=0b6f3a52-5b1c-4a8e-9d53-0f6f2a1f7c11", "key"),
        ("key=policy-news-of-2024-and-2025", ""),
        ("key=facial+recognition+of+2020", ""),
        ("token=", ""),
        ("keyword=moratorium&author=a1b2c3d4e5f6a7b8c9", ""),
        ("id=a1b2c3d4e5f6a7b8c9", ""),
    ],
)
def test_a_key_in_an_address_is_told_from_what_names_a_page(query: str, name: str) -> None:
    assert secret_in(f"https://acme.example/feed?{query}") == name
