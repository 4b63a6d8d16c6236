"""Why a poll failed: pure."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Cause(TextChoices):
    """Why a poll failed, as stored and as shown. The values are public.

    The first family repeats :class:`outbound.errors.Cause` value by value: what kept us from
    getting an answer. The second judges the answer that we got.
    """

    DNS = "dns", _("the host name could not be found")
    REFUSED_ADDRESS = "refused_address", _("the host is not on the public internet")
    CONNECT = "connect", _("no connection could be made to the host")
    TLS = "tls", _("no secure connection could be made to the host")
    TIMEOUT = "timeout", _("the host took too long")
    TOO_LARGE = "too_large", _("the answer is too large")
    BAD_ENCODING = "bad_encoding", _("the answer could not be decompressed")
    TOO_MANY_REDIRECTS = "too_many_redirects", _("the URL redirects too many times")
    BAD_REDIRECT = "bad_redirect", _("the URL redirects to something that cannot be fetched")
    INCOMPLETE = "incomplete", _("the answer ended before it was complete")
    PROTOCOL = "protocol", _("the answer is not valid HTTP")

    INVALID_URL = "invalid_url", _("the URL cannot be fetched")
    FORBIDDEN = "forbidden", _("the host refused to show the page")
    NOT_FOUND = "not_found", _("the page is gone")
    TOO_MANY_REQUESTS = "too_many_requests", _("the host asked us to come less often")
    CLIENT_ERROR = "client_error", _("the host rejected the request")
    SERVER_ERROR = "server_error", _("the host has an error of its own")
    UNEXPECTED_STATUS = "unexpected_status", _("the host did not send the page")
    WRONG_TYPE = "wrong_type", _("the answer is not of the expected type")
    SELECTOR_GONE = "selector_gone", _("what the rules select is not there any more")
    NOT_A_FEED = "not_a_feed", _("the answer is not a feed")
    EMPTY = "empty", _("the answer holds no text")
    ERROR_PAGE = "error_page", _("the answer is an error page")
    LOGIN_PAGE = "login_page", _("the answer is a login page")
    BLOCKED_PAGE = "blocked_page", _("the host shows us a page that keeps robots out")
    PARSE_LIMITS = "parse_limits", _("the answer took too much time or memory to read")
    BAD_RULES = "bad_rules", _("the rules of the source cannot be followed: edit them")
    SUSPICIOUS_CHANGE = "suspicious_change", _("more changed at once than is plausible")
    ROBOTS = "robots", _("the host asks robots not to read this address")
    INTERRUPTED = "interrupted", _("the visit was cut off on our side before it ended")
    INTERNAL = "internal", _("something went wrong on our side; the log says what")


PERMANENT = frozenset(
    {
        Cause.REFUSED_ADDRESS,
        Cause.INVALID_URL,
        Cause.NOT_FOUND,
        Cause.WRONG_TYPE,
        Cause.NOT_A_FEED,
        Cause.SELECTOR_GONE,
        Cause.LOGIN_PAGE,
        Cause.BAD_RULES,
        Cause.ROBOTS,
    }
)
"""Causes that time alone hardly mends: somebody should look."""
