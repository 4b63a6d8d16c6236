"""Campaigns of organizations of their own, and what they cite at an address."""

from django.contrib.auth.models import User

from campaigns.models import Campaign, Citation, Document, Membership, Organization, Role
from campaigns.services import CitationDraft, DocumentDraft, log_action
from tests.factories import NOW, make_campaign, make_organization

URL = "https://news.example/letter"


def shared_campaign(name: str, *with_: Organization, is_public: bool = False) -> Campaign:
    """A campaign of these organizations, or of one of its own."""
    campaign = make_campaign(slug=name, title=name, is_public=is_public)
    own = with_ or (make_organization(slug=f"of-{name}", name=f"Friends of {name}"),)
    campaign.shared_with.add(*own)
    return campaign


def cite(campaign: Campaign, title: str, url: str = URL) -> Document:
    """Log an action of the campaign with this source; return the document that it cites."""
    action = log_action(
        campaign=campaign,
        kind="open_letter",
        title=title,
        happened_on=NOW.date(),
        citations=[CitationDraft(document=DocumentDraft(url=url, title=title))],
    )
    return Citation.objects.get(action=action).document


def work_for(campaign: Campaign, role: Role = Role.EDITOR) -> User:
    """Somebody of the campaign's organization."""
    user = User.objects.create_user(f"{campaign.slug}-{role}")
    Membership.objects.create(user=user, organization=campaign.shared_with.get(), role=role)
    return user
