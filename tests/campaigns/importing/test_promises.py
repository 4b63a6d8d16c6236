"""What a preview finds nothing wrong with can be applied; all that is wrong is said at once."""

from __future__ import annotations

import random

import pytest
from django.db import transaction

from campaigns.models import Campaign, Document, Organization
from companies.models import Alias, Company
from tests.campaigns.importing.bringing import CHANGES, bring, plan
from tests.factories import make_campaign, make_company, make_organization

pytestmark = pytest.mark.django_db

LONG = "n" * 201
NAMED = "slug,name,parent,aliases\n"


@pytest.fixture
def zon() -> Company:
    """Amazon, which was called Zon in addresses, above Ring; Clear stands beside."""
    amazon = make_company("Amazon", slug="zon", aliases=("AWS",))
    amazon.slug = "amazon"
    amazon.save()
    make_company("Ring", slug="ring", parent=amazon)
    make_company("Clear", slug="clear")
    return amazon


@pytest.mark.parametrize(("row", "said"), [
    ("new,New,,Amazon", "aliases: “Amazon” is the name of a company (slug amazon)."),
    ("new,New,,aws", "aliases: “aws” is an alias of Amazon."),
    (f"new,New,,{LONG}", "aliases: “nnn"),
    (f"new,{LONG},,", "name: "),
    ("new,Aws,,", "name: “Amazon” goes by it already (slug amazon)."),
    ("amazon,Amazon,ring,", "parent: this would make it part of itself."),
    ("amazon,Amazon,amazon,", "parent: this would make it part of itself."),
    ("new,New,below,", "parent: “below” is unknown"),
    ("42,New,,", "slug: "),
    ("no slug,New,,", "slug: "),
    ("new,,,", "name: "),
])  # fmt: skip
def test_what_a_company_cannot_be_is_said_of_its_column(zon: Company, row: str, said: str) -> None:
    errors = plan("companies", f"{NAMED}{row}\n").rows[0].errors
    assert len(errors) == 1
    assert errors[0].startswith(said)


def test_everything_wrong_is_said_at_once_and_with_its_line(zon: Company) -> None:
    rows = (
        "a,First,,Twice\n"
        f"b,twice,nowhere,first; Clear; {LONG}\n"
        "ring,Ring,a,\n"
        "amazon,Amazon,amazon,\n"
        "a,Clear,,\n"
    )
    said = {
        row.source.line: [error.partition(":")[0] for error in row.errors]
        for row in plan("companies", NAMED + rows).rows
    }
    assert said == {
        2: [],
        3: ["parent", "name", "aliases", "aliases", "aliases"],
        4: [],
        5: ["parent"],
        6: ["slug", "name", "name"],
    }


def test_a_circle_is_found_through_rows_of_the_file(zon: Company) -> None:
    rows = plan("companies", f"{NAMED}n,New,ring,\namazon,Amazon,n,\n").rows
    assert [len(row.errors) for row in rows] == [1, 1]


def test_a_company_may_move_below_a_new_one_that_stands_below_another(zon: Company) -> None:
    bring("companies", f"{NAMED}top,Top,,\namazon,Amazon,top,\nleaf,Leaf,ring,\n")
    leaf = Company.objects.get(slug="leaf")
    assert leaf.parent
    assert leaf.parent.parent
    assert str(leaf.parent.parent.parent) == "Top"


def test_a_company_keeps_the_name_that_it_gives_up_as_an_alias(zon: Company) -> None:
    planned = bring("companies", f"{NAMED}amazon,Amazon Inc,,Amazon; AMAZON  INC\n")
    assert planned.rows[0].notes == ["aliases: “AMAZON INC” is its own name, and left out."]
    assert Alias.objects.get(name="Amazon").company == zon


POOL = (
    *("amazon,Amazon,,", "amazon,Zon,,Amazon", "amazon,,,", "zon,Amazon,,Zon", ",AWS,,Web"),
    *(",Amazon,clear,", ",Ring,,", "ring,Ring,new,Doorbell", "ring,Bell,,", "new,New,,"),
    *("new,New,ring,Ring", ",New,amazon,Bell", "other,Doorbell,,New", "clear,Clear,ring,Zon"),
    *("clear,AWS,,", "amazon,Amazon,clear,", ",Bell,,bell; BELL", "new,Straße,,STRASSE"),
    *(f",{LONG},,", f"clear,Clear,,{LONG}", "web,Web,zon,web", ",42,,", ",???,,"),
)  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_whatever_the_preview_lets_pass_is_written_and_then_changes_nothing(
    zon: Company, seed: int
) -> None:
    chance = random.Random(seed)
    clean_count = 0
    for _number in range(15):
        text = NAMED + "\n".join(chance.sample(POOL, k=chance.randint(1, 3))) + "\n"
        with transaction.atomic():
            if plan("companies", text).is_clean:
                clean_count += 1
                bring("companies", text)
                again = plan("companies", text)
                assert (again.is_clean, again.counts["create"]) == (True, 0), text
                assert not [row.changes for row in again.rows if row.changes], text
            transaction.set_rollback(True)
    assert clean_count > 1


def test_names_that_are_too_long_or_missing_are_refused_where_they_would_be_created(
    amazon: Campaign,
) -> None:
    head = "campaign,kind,title,happened_on,organizations,targets\n"
    rows = plan("actions", f"{head}amazon,petition,A,2018,{LONG},\n").rows
    rows += plan("actions", f"{head}amazon,petition,A,2018,,{LONG}\n").rows
    assert [row.errors[0].partition(":")[0] for row in rows] == ["organizations", "targets"]


def test_an_address_that_is_too_long_is_refused_in_every_row_that_names_it(
    amazon: Campaign,
) -> None:
    url = "https://a.example/" + "n" * 500
    head = "campaign,kind,title,happened_on,sources\n"
    rows = plan("actions", head + f"amazon,petition,A,2018,{url}\n" * 2).rows
    assert [len(row.errors) for row in rows] == [1, 1]
    change = f"a,amazon,Amazon,called_on,2018,,{url},\n"
    assert plan("status_changes", CHANGES + change).rows[0].errors[0].startswith("url: ")


def test_a_title_that_is_refused_does_not_stop_the_rows_that_are_imported_all_the_same(
    amazon: Campaign,
) -> None:
    head = "campaign,kind,title,happened_on,sources\n"
    rows = "".join(
        f"amazon,petition,{title},2018,https://a.example/1\n" for title in ("t" * 301, "T")
    )
    bring("actions", head + rows, skips_refused=True)
    assert Document.objects.get().title == "T"


def test_a_new_company_takes_no_slug_that_leads_elsewhere(zon: Company) -> None:
    make_campaign(slug="amazon", is_public=False)
    head = "campaign,kind,title,happened_on,organizations,targets\n"
    union = make_organization("Union", slug="zon")
    union.slug = "union"
    union.save()
    bring("actions", f"{head}amazon,petition,A,2018,Zon,Zon\n")
    assert Company.objects.get(name="Zon").slug == "zon-2"
    assert Organization.objects.get(name="Zon").slug == "zon-2"
