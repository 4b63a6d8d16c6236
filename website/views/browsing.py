"""Pages to find one's way: home, and one page for each noun."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campaigns.models import Campaign
from campaigns.visibility import public_companies, public_organizations, public_topics
from website import pages
from website.addresses import follows_moves, row_at


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The latest changes, and all campaigns."""
    return render(
        request, "website/home.html", {"page": pages.home_page(request.GET.get("page", "1"))}
    )


@require_safe
@follows_moves
def campaign(request: HttpRequest, slug: str) -> HttpResponse:
    """Who presses whom, where each target stands, and how it came to that."""
    found = row_at(Campaign.objects.public(), slug)
    return render(request, "website/campaign.html", {"page": pages.campaign_page(found)})


@require_safe
@follows_moves
def company(request: HttpRequest, slug: str) -> HttpResponse:
    """What is asked of a company and its subsidiaries, and what it answered."""
    found = row_at(public_companies().select_related("parent"), slug)
    return render(request, "website/company.html", {"page": pages.company_page(found)})


@require_safe
@follows_moves
def organization(request: HttpRequest, slug: str) -> HttpResponse:
    """What an organization asks, and what it did."""
    found = row_at(public_organizations().select_related("parent"), slug)
    return render(request, "website/organization.html", {"page": pages.organization_page(found)})


@require_safe
@follows_moves
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """The campaigns that share a subject."""
    found = row_at(public_topics(), slug)
    return render(request, "website/topic.html", {"page": pages.topic_page(found)})
