"""Files go on naming records by slugs and names that they went by before."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from campaigns.models import Action, Campaign, Membership, Organization
from campaigns.services.merging import merge_organizations
from companies.merging import merge_companies
from companies.models import Company
from tests.campaigns.importing.bringing import HEAD, ROW, bring, plan
from tests.factories import NOW, make_company, make_organization

pytestmark = pytest.mark.django_db


def test_a_campaign_is_known_by_the_slug_that_it_went_by(amazon: Campaign) -> None:
    amazon.slug = "rekognition"
    amazon.save()
    rows = bring("actions", HEAD + ROW + ROW.replace("amazon,", "rekognition,").replace("k1", "k2"))
    assert rows.counts["create"] == 2
    assert Action.objects.filter(campaign=amazon).count() == 2


def test_two_slugs_of_a_campaign_do_not_make_two_rows_of_one_key(amazon: Campaign) -> None:
    amazon.slug = "rekognition"
    amazon.save()
    rows = plan("actions", HEAD + ROW + ROW.replace("amazon,", "rekognition,")).rows
    assert rows[1].errors == ["key: line 2 has the same."]


def test_the_old_slug_of_a_draft_of_others_is_unknown(amazon: Campaign) -> None:
    amazon.slug = "rekognition"
    amazon.save()
    outsider = User.objects.create_user("outsider")
    Membership.objects.create(user=outsider, organization=make_organization(), role="manager")
    assert plan("actions", HEAD + ROW, person=outsider).rows[0].errors == [
        "campaign: “amazon” is unknown."
    ]


def test_a_merged_company_does_not_come_back(amazon: Campaign) -> None:
    kept = make_company("Ring", slug="ring")
    gone = make_company("Ring LLC", slug="ring-llc")
    merge_companies(kept=kept, duplicate=gone, merged_by=None, now=NOW)
    rows = plan("companies", "slug,name\nring-llc,Ring\n").rows
    assert rows[0].record == kept
    assert rows[0].notes == ["slug: “ring-llc” leads to “ring”."]
    bring("companies", "slug,name,parent\n,Ring LLC,\nblink,Blink,ring-llc\n")
    assert Company.objects.get(slug="blink").parent == kept
    bring("actions", HEAD + ROW.replace("Ring", "Ring LLC"))
    assert not Company.objects.filter(name="Ring LLC").exists()


def test_a_merged_organization_does_not_come_back(amazon: Campaign) -> None:
    kept, last = make_organization("Civil Liberties", slug="aclu"), make_organization("Union")
    gone = make_organization("ACLU", slug="the-aclu")
    merge_organizations(kept=kept, duplicate=gone, merged_by=None, now=NOW)
    row = bring("actions", HEAD + ROW).rows[0]
    assert row.notes[0] == "organizations: “ACLU” was merged into “Civil Liberties”."
    assert list(Action.objects.get().organizations.all()) == [kept]
    named = bring("organizations", "slug,name\n,aclu\n")
    assert named.counts["unchanged"] == 1
    merge_organizations(kept=last, duplicate=kept, merged_by=None, now=NOW)
    assert plan("organizations", "slug,name\n,ACLU\n").rows[0].record == last
    assert Organization.objects.count() == 1


def test_the_name_of_an_organization_that_was_deleted_makes_a_new_one(amazon: Campaign) -> None:
    make_organization("ACLU").delete()
    row = plan("actions", HEAD + ROW).rows[0]
    assert "organization “ACLU”" in row.creates


def test_a_name_that_somebody_bears_again_is_theirs(amazon: Campaign) -> None:
    kept, gone = make_organization("Civil Liberties"), make_organization("ACLU")
    merge_organizations(kept=kept, duplicate=gone, merged_by=None, now=NOW)
    again = make_organization("ACLU")
    bring("actions", HEAD + ROW)
    assert list(Action.objects.get().organizations.all()) == [again]
