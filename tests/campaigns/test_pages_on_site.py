"""The way from a record in the admin to its page: offered where there is one."""

import pytest
from django.test import Client

from tests.factories import make_campaign, make_company, make_organization, make_target, make_topic

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("is_public", [True, False])
def test_what_only_drafts_name_has_no_link_to_the_site(
    admin_client: Client, is_public: bool
) -> None:
    organization, topic = make_organization(), make_topic()
    parent = make_company()
    company = make_company(parent=parent)
    campaign = make_campaign(is_public=is_public, organizations=(organization,), topics=(topic,))
    make_target(campaign, company)
    for row in (company, parent, organization, topic):
        page = admin_client.get(
            f"/admin/{row._meta.label_lower.replace('.', '/')}/{row.pk}/change/"
        )
        assert page.status_code == 200
        assert ('class="viewsitelink"' in page.content.decode()) == is_public, row
