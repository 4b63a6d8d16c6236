"""``/api/v1/webhooks/``: the bearer of a token manages the webhooks of its owner."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from rest_framework.exceptions import NotAuthenticated, PermissionDenied, ValidationError
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from alerts import services
from alerts.errors import InvalidEndpoint
from alerts.models import Delivery, Endpoint
from api.links import absolute
from api.models import Token
from api.parameters import MOST_NUMBER, check_parameters
from api.problems import InvalidParameters, ParameterError
from api.webhook_records import EndpointSerializer, delivery_record, endpoint_record
from api.webhooks_schema import MOST_DELIVERIES, WebhooksSchema

_USUAL_DELIVERIES = 50
_COSTS = {"POST": 5, "PATCH": 5, "DELETE": 5}
_COST_OF_A_TEST = 60
"""It holds up a thread of the web server until the endpoint answers."""


class _OwnWebhooks(APIView):
    """What only the owner sees: nothing of it is kept on the way."""

    parser_classes = [JSONParser]
    schema = WebhooksSchema()
    known_parameters: tuple[str, ...] = ()

    def request_cost(self, request: Request) -> int:
        """Return what the request costs: more if it changes something."""
        return _COSTS.get(request.method or "", 1)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse who has no token for this, before anything is looked at."""
        super().initial(request, *args, **kwargs)
        token = self._token()
        if not token.manages_webhooks:
            raise PermissionDenied(_("This token may not manage webhooks."))
        check_parameters(request.query_params, self.known_parameters)

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        answer: Response = super().finalize_response(request, response, *args, **kwargs)
        answer["Cache-Control"] = "no-store"
        return answer

    def _token(self) -> Token:
        token = self.request.auth
        if not isinstance(token, Token):
            raise NotAuthenticated
        return token

    def _endpoints(self) -> Any:
        return Endpoint.objects.owned_by(self._token().owner).with_names().with_counts()

    def _endpoint(self, id: int) -> Endpoint:
        """Return an endpoint of the owner; others do not exist here."""
        found: Endpoint = get_object_or_404(self._endpoints(), pk=min(id, MOST_NUMBER))
        return found


class WebhooksView(_OwnWebhooks):
    """The webhooks of the token's owner."""

    http_method_names = ["get", "post", "options"]

    def get(self, request: Request) -> Response:
        """Answer with all of them: nobody owns more than a page."""
        found = [endpoint_record(endpoint) for endpoint in self._endpoints().order_by("pk")]
        return Response({"next": None, "previous": None, "results": found})

    @sensitive_variables("secret")
    def post(self, request: Request) -> Response:
        """Register one, and answer with its secret, which is shown this once."""
        asked = EndpointSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        columns = asked.columns()
        endpoint = Endpoint(owner=self._token().owner, **columns)
        try:
            secret = services.register_endpoint(endpoint=endpoint, now=timezone.now())
        except InvalidEndpoint as error:
            raise _refused(error) from error
        if not asked.validated_data.get("is_enabled", True):
            _switch(endpoint, is_enabled=False)
        body = endpoint_record(self._endpoint(endpoint.pk))
        headers = {"Location": body["url"]}
        return Response({**body, "secret": secret}, status=HTTPStatus.CREATED, headers=headers)


class WebhookView(_OwnWebhooks):
    """One webhook of the token's owner."""

    http_method_names = ["get", "patch", "delete", "options"]

    def get(self, request: Request, id: int) -> Response:
        """Answer with its settings, and how it goes."""
        return Response(endpoint_record(self._endpoint(id)))

    def patch(self, request: Request, id: int) -> Response:
        """Change what is given, and leave the rest."""
        endpoint = self._endpoint(id)
        asked = EndpointSerializer(data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        for name, value in asked.columns().items():
            setattr(endpoint, name, value)
        try:
            services.amend_endpoint(endpoint=endpoint)
        except InvalidEndpoint as error:
            raise _refused(error) from error
        if "is_enabled" in asked.validated_data:
            _switch(endpoint, is_enabled=asked.validated_data["is_enabled"])
        return Response(endpoint_record(self._endpoint(id)))

    def delete(self, request: Request, id: int) -> Response:
        """Remove it for good; what waits for it is not sent."""
        services.remove_endpoint(endpoint_id=self._endpoint(id).pk, now=timezone.now())
        return Response(status=HTTPStatus.NO_CONTENT)


class WebhookTestView(_OwnWebhooks):
    """A test of one webhook."""

    http_method_names = ["post", "options"]

    def request_cost(self, request: Request) -> int:
        """Return what the request costs: as much as the dearest of reads."""
        return _COST_OF_A_TEST

    def post(self, request: Request, id: int) -> Response:
        """Post a message of the type `test` now, and answer with what came back."""
        answer = services.try_endpoint(endpoint=self._endpoint(id), now=timezone.now())
        return Response({"arrived": answer.is_success, "detail": answer.detail})


class WebhookRotateView(_OwnWebhooks):
    """The secret of one webhook."""

    http_method_names = ["post", "options"]

    @sensitive_variables("secret")
    def post(self, request: Request, id: int) -> Response:
        """Answer with a new secret; for a while the old one goes on signing beside it."""
        secret = services.rotate_secret(endpoint=self._endpoint(id), now=timezone.now())
        return Response({"secret": secret})


class WebhookDeliveriesView(_OwnWebhooks):
    """What was owed to one webhook, and how it went, the latest first."""

    http_method_names = ["get", "options"]
    known_parameters = ("before", "limit")

    def get(self, request: Request, id: int) -> Response:
        """Answer with a page of it."""
        endpoint = self._endpoint(id)
        limit = _number(request, "limit", 1, MOST_DELIVERIES, _USUAL_DELIVERIES)
        before = _number(request, "before", 1, MOST_NUMBER, MOST_NUMBER)
        owed = Delivery.objects.filter(endpoint=endpoint, pk__lt=before).order_by("-pk")
        found = list(owed.select_related("event").prefetch_related("attempts")[: limit + 1])
        following = None
        if len(found) > limit:
            query = f"before={found[limit - 1].pk}&limit={limit}"
            following = absolute(f"{request.path}?{query}")
        records = [delivery_record(delivery) for delivery in found[:limit]]
        return Response({"next": following, "previous": None, "results": records})


def _switch(endpoint: Endpoint, *, is_enabled: bool) -> None:
    now: dt.datetime = timezone.now()
    if is_enabled:
        services.enable_endpoint(endpoint_id=endpoint.pk, now=now)
    else:
        because = _("Its owner disabled it.")
        services.disable_endpoint(
            endpoint_id=endpoint.pk, because=because, now=now, tells_owner=False
        )


def _refused(error: InvalidEndpoint) -> ValidationError:
    name = {"url": "address"}.get(error.field, error.field)
    return ValidationError({name: [str(error)]})


def _number(request: Request, name: str, least: int, most: int, usual: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 20 and least <= int(text) <= most):
        detail = _("%(name)s: a number from %(least)s to %(most)s is needed.")
        said = detail % {"name": name, "least": least, "most": most}
        raise InvalidParameters([ParameterError(name, said)])
    return int(text)
