"""Records of every kind of the admin with texts as long as real ones, words without a break too."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import Group, User
from django.utils import timezone

from accounts.models import Invitation, SecondFactor
from alerts.cadences import Cadence
from alerts.models import Attempt, Digest, Pause
from api.models import Token
from campaigns.models import Citation, Membership, Role
from tests.access.worlds import make_half
from tests.alerts.factories import make_delivery, make_endpoint, make_subscription
from tests.factories import NOW, make_company, make_organization, make_product

LONG = (
    "Anti-Gesichtserkennungssoftwareverkaufsmoratoriumsverlängerungskampagne of the "
    "International Federation of Library Associations and of its members "
)
ADDRESS = "a.person.with.a.very.long.name.indeed@newsroom.international-federation.example"


def make_wide_records(person: User) -> None:
    """Make at least one record of each kind that the admin lists."""
    company = make_company(
        f"{LONG}Ltd", website=f"https://company.example/{'policy-' * 20}", aliases=(f"{LONG}Inc",)
    )
    make_company("Subsidiary", parent=company)
    organization = make_organization(LONG.strip())
    half = make_half(company, organization, is_public=True, word=LONG[:120])
    make_product(company, LONG[:90])
    for kind in ("action", "position", "response"):
        keys = {f"{name}_id": half.rows[name].pk for name in ("document", kind)}
        Citation.objects.create(quote=LONG * 3, **keys)
    other = User.objects.create_user(
        ADDRESS, ADDRESS, first_name="Maximiliana-Josephine", last_name="Featherstonehaugh-Smith"
    )
    Membership.objects.create(user=other, organization=organization, role=Role.MEMBER)
    Invitation.objects.create(
        organization=organization, email=f"x{ADDRESS}", created_at=NOW, expires_at=NOW
    )
    Group.objects.create(name=LONG[:140])
    SecondFactor.objects.create(user=other, name="default")
    Token.objects.create(name=LONG[:60], owner=person, key_hash="0" * 64, created_at=NOW)
    make_alerts(person)


def make_alerts(person: User) -> None:
    """Make what is sent, by mail and by webhook, one by one and in a digest."""
    now = timezone.now()
    Pause.objects.create(reason=LONG * 2, began_at=NOW, began_by=person, ended_at=NOW)
    subscription = make_subscription(email=ADDRESS)
    make_endpoint(name=LONG[:90], url=f"https://hooks.example/{'in/' * 40}")
    delivery = make_delivery(now=now)
    Attempt.objects.create(
        delivery=delivery, started_at=now, result="temporary_failure", detail=LONG * 2
    )
    Digest.objects.create(
        subscriber=subscription.subscriber,
        cadence=Cadence.WEEKLY,
        covers_until=now,
        created_at=now,
        next_attempt_at=now + dt.timedelta(days=1),
    )
