"""Nothing of another organization shows or moves, whatever address or key is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.contrib.admin.sites import site
from django.db.models import Model
from django.test import Client
from django.urls.resolvers import RoutePattern

from campaigns.models import Campaign
from companies.access import visible
from companies.workbench import Workbench
from tests.access.addresses import WITHIN, addresses, links
from tests.access.deeds import address, listing, superuser
from tests.access.forms import filled_form
from tests.access.worlds import ROLES, SECRET, World, make_world, stored
from tests.holding import held

pytestmark = pytest.mark.django_db

OF_CAMPAIGNS = (
    *("campaign", "target", "action", "response", "document", "status change", "outcome"),
    *("source", "finding", "snapshot", "lost quote", "membership", "invitation"),
)
MOST_PAGES = 400
REFUSED = (302, 400, 403, 404, 405)


made_world = held(make_world)


@pytest.fixture
def world(made_world: World) -> World:
    """Two organizations that share nothing, as they were made."""
    return deepcopy(made_world)


def benches() -> list[admin.ModelAdmin[Any]]:
    """Return the pages of every kind of record that members work with."""
    return [bench for bench in site._registry.values() if isinstance(bench, Workbench)]


def shows(client: Client, url: str, **query: Any) -> bool:
    """Whether an answer has the word that stands in all that belongs to the others."""
    response = client.get(url, query)
    assert response.status_code < 500
    return SECRET in response.content.decode(errors="replace")


@pytest.mark.parametrize("role", ROLES)
def test_a_walk_along_all_links_never_meets_another_organization(role: str, world: World) -> None:
    client = world.client(role)
    waiting, seen = ["/admin/"], {"/admin/"}
    while waiting and len(seen) < MOST_PAGES:
        url = waiting.pop(0)
        response = client.get(url)
        assert response.status_code in (200, 302), (url, response.status_code)
        text = response.content.decode(errors="replace")
        assert SECRET not in text, url
        fresh = [link for link in dict.fromkeys(links(text, url)) if link not in seen]
        waiting += fresh
        seen.update(fresh)
    assert len(seen) > 50


@pytest.mark.parametrize("record", OF_CAMPAIGNS)
def test_no_address_of_another_organization_answers(record: str, world: World) -> None:
    row = world.hidden.rows[record]
    client, before = world.client("manager"), stored(row)
    for url in addresses(row):
        for response in (client.get(url), client.post(url, {"post": "yes", "action": "accept"})):
            assert response.status_code in REFUSED, (url, response.status_code)
            assert SECRET not in response.content.decode(errors="replace"), url
    assert stored(row) == before
    assert not shows(
        client, f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"
    )


@pytest.mark.parametrize("bench", benches(), ids=lambda bench: bench.opts.model_name)
def test_autocompletes_offer_nothing_of_another_organization(bench: Any, world: World) -> None:
    client = world.client("manager")
    for field in bench.opts.get_fields():
        if field.is_relation and not field.auto_created and field.related_model in site._registry:
            asked = {
                "app_label": bench.opts.app_label,
                "model_name": bench.opts.model_name,
                "field_name": field.name,
            }
            for term in ("", SECRET):
                assert not shows(client, "/admin/autocomplete/", term=term, **asked), field


@pytest.mark.parametrize("bench", benches(), ids=lambda bench: bench.opts.model_name)
def test_a_query_string_asks_for_the_filters_of_a_list_and_nothing_else(
    bench: Any, world: World
) -> None:
    client = world.client("manager")
    for lookup in lookups_of(bench.model):
        response = client.get(listing(bench.model), {lookup: "a"})
        assert response.status_code == 400, lookup


def lookups_of(model: type[Model]) -> Iterator[str]:
    """Yield lookups through every relation of a model, and of its own texts."""
    for field in model._meta.get_fields():
        if field.is_relation and field.related_model:
            name = field.name
            for far in field.related_model._meta.concrete_fields:
                if far.get_internal_type() in ("CharField", "TextField"):
                    yield f"{name}__{far.name}__startswith"
        elif field.concrete and field.get_internal_type() in ("CharField", "TextField"):
            yield f"{field.name}__startswith"


@pytest.mark.parametrize("record", OF_CAMPAIGNS)
def test_a_form_takes_no_key_of_another_organization(record: str, world: World) -> None:
    row = world.draft.rows[record]
    bench = site._registry[type(row)]
    client = world.client("manager")
    request: Any = type("Asked", (), {"user": world.users["manager"]})()
    if not bench.has_change_permission(request, row) or record in ("finding", "lost quote"):
        assert client.post(address(row), {}).status_code != 500
        return
    data = filled_form(client, address(row))
    form = client.get(address(row)).context["adminform"].form
    before = stored(row)
    for name, field in form.fields.items():
        if not isinstance(field, forms.ModelChoiceField) or field.queryset is None:
            continue
        hidden = hidden_key(field.queryset.model, world)
        if hidden is None:
            continue
        many = isinstance(field, forms.ModelMultipleChoiceField)
        sent = data | {name: [hidden] if many else hidden}
        response = client.post(address(row), sent)
        assert response.status_code == 200, name
        assert name in response.context["adminform"].form.errors
    assert stored(row) == before


def hidden_key(model: type[Model], world: World) -> Any:
    """Return the key of a row of this kind that our manager does not see, if there is one."""
    seen = visible(model._default_manager.all(), world.users["manager"]).values("pk")
    return model._default_manager.exclude(pk__in=seen).values_list("pk", flat=True).first()


def test_parts_of_a_form_take_no_key_of_another_organization(world: World) -> None:
    action, document = world.draft.rows["action"], world.hidden.rows["document"]
    data = filled_form(superuser(world), address(action))
    data |= {
        "citations-TOTAL_FORMS": "1",
        "citations-0-action": action.pk,
        "citations-0-document": document.pk,
        "citations-0-quote": "stolen",
    }
    response = world.client("manager").post(address(action), data)
    assert response.status_code == 200
    assert not action.citations.exists()  # type: ignore[attr-defined]


def test_a_record_does_not_move_to_where_its_writer_may_not_write(world: World) -> None:
    action = world.draft.rows["action"]
    data = filled_form(superuser(world), address(action)) | {"campaign": world.public.campaign.pk}
    response = world.client("member").post(address(action), data)
    assert "editor of the organization" in response.content.decode()
    assert stored(action)["campaign_id"] == world.draft.campaign.pk  # type: ignore[index]


def test_nobody_but_an_editor_publishes(world: World) -> None:
    for who in ("member", "outsider", "stranger", "editor"):
        data = {"action": "publish", "_selected_action": world.draft.campaign.pk}
        world.client(who).post("/admin/campaigns/campaign/", data)
        published = Campaign.objects.get(pk=world.draft.campaign.pk).is_public
        assert published == (who == "editor")


@pytest.fixture
def divided(world: World) -> World:
    """Our editor and manager are mere members of the other organization, too."""
    for role in ("editor", "manager"):
        world.users[role].memberships.create(organization=world.theirs, role="member")
    return world


@pytest.mark.parametrize(
    "sent",
    [
        {"action": "publish"},
        # Of several actions Django takes the one of the index.
        {"action": ["publish", "export_csv"], "index": "0"},
        # Whatever is no 0 means all rows of the list.
        {"action": "publish", "select_across": "true"},
        {"action": "publish", "select_across": "2"},
    ],
    ids=["plain", "by_index", "across", "across_two"],
)
def test_an_action_from_a_list_is_refused_whole_if_one_row_does_not_allow_it(
    sent: dict[str, Any], divided: World
) -> None:
    mixed = [divided.draft.campaign.pk, divided.hidden.campaign.pk]
    if "select_across" in sent:
        mixed = mixed[:1]
    data = sent | {"_selected_action": mixed}
    response = divided.client("editor").post("/admin/campaigns/campaign/", data, follow=True)
    assert "Nothing was done" in response.content.decode()
    for half in (divided.draft, divided.hidden):
        assert not Campaign.objects.get(pk=half.campaign.pk).is_public


def test_nobody_trusts_a_watch_where_they_are_no_manager(divided: World) -> None:
    source, client = divided.draft.rows["source"], divided.client("manager")
    target = divided.hidden.rows["target"]
    data = filled_form(client, address(source))
    row = int(data["watches-TOTAL_FORMS"]) - 1
    data |= {f"watches-{row}-target": target.pk, f"watches-{row}-is_trusted": "on"}
    response = client.post(address(source), data)
    assert "Your role does not allow this" in response.content.decode()
    assert not target.watches.exists()  # type: ignore[attr-defined]


def test_nobody_takes_a_watch_away_where_they_are_no_manager(divided: World) -> None:
    source: Any = divided.draft.rows["source"]
    watch = source.watches.create(target=divided.hidden.rows["target"])
    client = divided.client("manager")
    data = filled_form(client, address(source)) | {"watches-1-DELETE": "on"}
    assert data["watches-1-id"] == watch.pk
    response = client.post(address(source), data)
    assert "Your role does not allow this" in response.content.decode()
    assert source.watches.filter(pk=watch.pk).exists()


def test_a_campaign_stays_shared_with_an_organization_of_who_edits_it(world: World) -> None:
    campaign, client = world.draft.campaign, world.client("editor")
    campaign.shared_with.add(world.theirs)
    data = filled_form(client, address(campaign))
    for chosen, said in (
        ([world.theirs.pk], "one of your organizations"),
        ([world.ours.pk], "can take away: Theirs"),
    ):
        response = client.post(address(campaign), data | {"shared_with": chosen})
        assert said in response.content.decode()
    assert campaign.shared_with.count() == 2


def test_nobody_changes_or_removes_their_own_membership(world: World) -> None:
    own = world.users["manager"].memberships.get()
    client = world.client("manager")
    assert client.post(address(own), {"role": "member"}).status_code == 403
    assert client.post(address(own, "delete"), {"post": "yes"}).status_code == 403


def test_a_steward_of_a_source_whom_nobody_sees_stays_when_the_source_is_saved(
    world: World,
) -> None:
    source: Any = world.draft.rows["source"]
    source.stewards.add(world.users["outsider"])
    client = world.client("manager")
    data = filled_form(client, address(source))
    assert client.post(address(source), data | {"stewards": []}).status_code == 302
    assert list(source.stewards.all()) == [world.users["outsider"]]


def test_who_has_no_work_here_does_not_come_in(world: World) -> None:
    for who in ("stranger", "anonymous"):
        response = world.client(who).get("/admin/")
        assert response.status_code == 302
        assert "/admin/login/" in response["Location"]


def test_a_member_signs_in_with_a_password_and_a_stranger_does_not(world: World) -> None:
    for who, status in (("member", 302), ("stranger", 200)):
        user = world.users[who]
        user.set_password("a long secret")
        user.save()
        sent = {"username": user.username, "password": "a long secret"}
        assert Client().post("/admin/login/", sent).status_code == status


def test_routes_of_lists_have_no_keys_that_the_walk_does_not_know() -> None:
    for bench in benches():
        for pattern in bench.get_urls():
            assert isinstance(pattern.pattern, RoutePattern)
            assert set(list(pattern.pattern.converters)[1:]) <= set(WITHIN), pattern
