"""Webhooks as JSON, and JSON as webhooks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.validators import URLValidator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework import serializers

from alerts.models import Delivery, Endpoint, Event, State
from alerts.models.criteria import NOTHING, packed
from api.links import absolute
from campaigns.models import Campaign
from campaigns.statuses import Status
from campaigns.visibility import (
    public_companies,
    public_organizations,
    public_products,
    public_topics,
)

CRITERIA = ("campaign", "company", "organization", "topic", "product")
STATUSES_BEFORE = (NOTHING, *Status.values)


class _Text(serializers.CharField):
    """A text, and nothing that could be turned into one."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class _Truth(serializers.BooleanField):
    """True or false, and nothing that is like it."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class _Number(serializers.PrimaryKeyRelatedField[Any]):
    """The number of a record that is public at this moment; or null."""

    def __init__(self, public: Callable[[], QuerySet[Any]]) -> None:
        super().__init__(queryset=Campaign.objects.none(), required=False, allow_null=True)
        self._public = public

    def get_queryset(self) -> QuerySet[Any]:
        return self._public()

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, int) or isinstance(data, bool) or not 0 < data < 2**63:
            self.fail("incorrect_type", data_type=type(data).__name__)
        return super().to_internal_value(data)


class _Choices(serializers.ListField):
    """A list of words out of some, each once."""

    def __init__(self, words: tuple[str, ...], *, allow_empty: bool = True) -> None:
        super().__init__(
            child=serializers.ChoiceField(choices=words), required=False, allow_empty=allow_empty
        )


def _public_campaigns() -> QuerySet[Campaign]:
    return Campaign.objects.filter(published_at__isnull=False)


class EndpointSerializer(serializers.Serializer[Endpoint]):
    """What an owner decides about a webhook; what is not given stays, or is as in the admin."""

    name = _Text(max_length=100)
    address = _Text(max_length=500, validators=[URLValidator(schemes=["http", "https"])])
    format = serializers.ChoiceField(choices=Endpoint.Format.values, required=False)
    event_types = _Choices(tuple(Event.Type.values), allow_empty=False)
    is_enabled = _Truth(required=False)
    includes_subsidiaries = _Truth(required=False)
    to_statuses = _Choices(tuple(Status.values))
    from_statuses = _Choices(STATUSES_BEFORE)
    campaign = _Number(_public_campaigns)
    company = _Number(public_companies)
    organization = _Number(public_organizations)
    topic = _Number(public_topics)
    product = _Number(public_products)

    def to_internal_value(self, data: Any) -> Any:
        """Refuse members that nobody knows, as everywhere in this API."""
        unknown = sorted(set(data) - set(self.fields)) if isinstance(data, dict) else []
        if unknown:
            raise serializers.ValidationError({name: [_("Unknown member.")] for name in unknown})
        return super().to_internal_value(data)

    def columns(self) -> dict[str, Any]:
        """Return what was given, as the columns of an endpoint."""
        given = {name: value for name, value in self.validated_data.items() if name != "is_enabled"}
        if "address" in given:
            given["url"] = given.pop("address")
        usual = [Event.Type.RECORDED, Event.Type.CORRECTED]
        types = given.get("event_types", None if self.partial else usual)
        if types is not None:
            given["event_types"] = f",{','.join(dict.fromkeys(types))},"
        for name in ("to_statuses", "from_statuses"):
            if name in given:
                given[name] = packed(given[name])
        return given


def endpoint_record(endpoint: Any) -> dict[str, Any]:
    """Return an endpoint, annotated with its counts, as JSON; its secret is not in it."""
    return {
        "id": endpoint.pk,
        "url": absolute(reverse("api:webhook", args=[endpoint.pk])),
        "name": endpoint.name,
        "address": endpoint.url,
        "format": endpoint.format,
        "event_types": endpoint.types,
        **{name: getattr(endpoint, f"{name}_id") for name in CRITERIA},
        "includes_subsidiaries": endpoint.includes_subsidiaries,
        "to_statuses": endpoint.statuses_reached,
        "from_statuses": endpoint.statuses_left,
        "is_enabled": endpoint.disabled_at is None,
        "disabled_at": endpoint.disabled_at,
        "disabled_because": endpoint.disabled_because,
        "failing_since": endpoint.failing_since,
        "created_at": endpoint.created_at,
        "deliveries": {state.value: getattr(endpoint, f"{state}_count") for state in State},
    }


def delivery_record(delivery: Delivery) -> dict[str, Any]:
    """Return a delivery with its event and attempts as JSON."""
    is_waiting = delivery.state == State.WAITING
    return {
        "id": delivery.pk,
        "webhook_id": f"evt_{delivery.event_id}_{delivery.endpoint_id}",
        "sequence": delivery.event_id,
        "type": delivery.event.type,
        "state": delivery.state,
        "created_at": delivery.created_at,
        "next_attempt_at": delivery.next_attempt_at if is_waiting else None,
        "delivered_at": delivery.delivered_at,
        "attempts": [
            {
                "started_at": attempt.started_at,
                "result": attempt.result,
                "detail": attempt.detail,
            }
            for attempt in delivery.attempts.all()
        ],
    }
