"""The filters that everything shares which happens to a target."""

from __future__ import annotations

from django.db.models import Q

from api.filters import CompanyFilter, ResourceFilters, SubsidiariesFilter, ThingFilter
from campaigns.models import Campaign, Target
from campaigns.visibility import public_companies, public_organizations, public_topics


class TargetFactFilters(ResourceFilters):
    """For rows with a ``target``: responses, outcomes, status changes."""

    company = CompanyFilter(
        public_companies,
        lambda keys: Q(target__company__in=keys),
        "Of targets that are this company.",
        "amazon",
    )
    include_subsidiaries = SubsidiariesFilter()
    organization = ThingFilter(
        public_organizations,
        lambda keys: Q(target__campaign__organizations__in=keys),
        "Of campaigns by this organization.",
        "aclu",
    )
    topic = ThingFilter(
        public_topics,
        lambda keys: Q(target__campaign__topics__in=keys),
        "Of campaigns on this topic.",
        "police-face-recognition",
    )
    campaign = ThingFilter(
        Campaign.objects.public,
        lambda keys: Q(target__campaign__in=keys),
        "Of this campaign.",
        "stop-selling-face-recognition-to-police",
    )
    target = ThingFilter(
        Target.objects.public, lambda keys: Q(target__in=keys), "Of this target.", 3
    )
