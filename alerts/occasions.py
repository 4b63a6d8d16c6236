"""What an event is about, as the criteria of subscriptions and endpoints see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from django.db.models import Q

from campaigns.models import StatusChange, Target
from companies.models import Company

NOTHING_BEFORE = "none"
"""The status before the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What an event is about.

    Attributes:
        campaign_id: the campaign.
        company_id: the company that is pressed.
        above: the keys of the companies above that one.
        product_id: the product that the demand is about, if one is named.
        organization_ids: who presses.
        topic_ids: the subjects of the campaign.
        to_status: the status reached, "" if none is.
        from_status: the status before it; "" if the event is not about a step.
    """

    campaign_id: int
    company_id: int
    above: frozenset[int]
    product_id: int | None
    organization_ids: frozenset[int]
    topic_ids: frozenset[int]
    to_status: str = ""
    from_status: str = ""

    @classmethod
    def of_target(cls, target: Target, *, to_status: str = "", from_status: str = "") -> Self:
        """Read what a target belongs to: one query for the topics, one for the organizations, and
        one for each level of companies above, whoever subscribes."""
        campaign = target.campaign
        return cls(
            campaign_id=target.campaign_id,
            company_id=target.company_id,
            above=_above(target.company),
            product_id=target.product_id,
            organization_ids=frozenset(campaign.organizations.values_list("pk", flat=True)),
            topic_ids=frozenset(campaign.topics.values_list("pk", flat=True)),
            to_status=to_status,
            from_status=from_status,
        )

    @classmethod
    def of_change(cls, change: StatusChange) -> Self:
        """Read what a status change is about."""
        return cls.of_target(
            change.target,
            to_status=change.to_status or "",
            from_status=change.from_status or NOTHING_BEFORE,
        )

    def meets(self) -> Q:
        """Return the condition on criteria that want to hear of this."""
        companies = Q(company=None) | Q(company=self.company_id)
        if self.above:
            companies |= Q(includes_subsidiaries=True, company__in=self.above)
        return (
            (Q(campaign=None) | Q(campaign=self.campaign_id))
            & companies
            & (Q(product=None) | Q(product=self.product_id) if self.product_id else Q(product=None))
            & (Q(organization=None) | Q(organization__in=self.organization_ids))
            & (Q(topic=None) | Q(topic__in=self.topic_ids))
            & _among("to_statuses", self.to_status)
            & _among("from_statuses", self.from_status)
        )


def wrong_versions(change: StatusChange) -> list[StatusChange]:
    """Return what a status change corrects, and what that corrected in turn, the latest first."""
    versions: list[StatusChange] = []
    wrong = change.corrects
    while wrong is not None:
        wrong.target = change.target  # it is the same, by constraint of the log
        versions.append(wrong)
        wrong = wrong.corrects
    return versions


def _among(column: str, status: str) -> Q:
    anything = Q(**{column: ""})
    return anything | Q(**{f"{column}__contains": f",{status},"}) if status else anything


def _above(company: Company) -> frozenset[int]:
    """Return the keys of all companies above one."""
    keys: set[int] = set()
    ancestor = company.parent
    while ancestor is not None and ancestor.pk not in keys:
        keys.add(ancestor.pk)
        ancestor = ancestor.parent
    return frozenset(keys)
