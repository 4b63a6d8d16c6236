"""Who asks: nobody in particular, or the bearer of a personal token (RFC 6750)."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from api.models import Token
from api.services import TokenError, find_token, note_use
from api.throttles import charge

_SCHEME = "bearer"
_REALM = 'Bearer realm="api"'


class TokenAuthentication(BaseAuthentication):
    """Reads ``Authorization: Bearer ftk_…``, and nothing else: no other scheme, no parameter.

    A token allows more requests, so it sets ``request.auth`` and no user: what is answered does not
    depend on who asks, but where texts are brought and webhooks managed.
    """

    @sensitive_variables("header", "secret")
    def authenticate(self, request: Request) -> tuple[None, Token] | None:
        """Return the token of a request; ``None`` without the header.

        Makes one query. A refused one counts as a request of the network that it comes from, so
        that nobody can try secrets without end.

        Raises:
            AuthenticationFailed: 401, whatever is in the header that is no good token.
            LimitReached: 429, there were too many.
        """
        header = request.META.get("HTTP_AUTHORIZATION")
        if header is None:
            return None
        now = timezone.now()
        scheme, secret = _parts(header)
        try:
            if scheme != _SCHEME:
                raise TokenError(_("Send a token as “Authorization: Bearer ftk_…”, or none."))
            token = find_token(secret=secret, now=now)
        except TokenError as error:
            charge(request, token=None, cost=1, now=now)
            raise AuthenticationFailed(str(error)) from None
        note_use(token=token, now=now)
        return None, token

    def authenticate_header(self, request: Request | HttpRequest) -> str:
        """Return ``WWW-Authenticate`` of a 401.

        A client that did not try a bearer token is told no error code: RFC 6750, section 3.1.
        """
        scheme, _secret = _parts(request.META.get("HTTP_AUTHORIZATION", ""))
        return f'{_REALM}, error="invalid_token"' if scheme == _SCHEME else _REALM


def _parts(header: str) -> tuple[str, str]:
    """Return the scheme in lower case, and what follows it."""
    scheme, _space, rest = header.partition(" ")
    return scheme[: len(_SCHEME) + 1].lower(), rest.strip(" ")
