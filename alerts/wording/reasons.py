"""What somebody wants to hear about, and so why they get a mail."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from alerts.models import Event, Subscription
from alerts.wording.outcomes import Facts


def wish(subscription: Subscription) -> Facts:
    """Return what a subscription asks for: what to hear about, and how often."""
    cadence = str(subscription.get_cadence_display())
    if subscription.warns_of_expiry:
        cadence = _("%(cadence)s; and 30 and 7 days before something promised lapses") % {
            "cadence": cadence
        }
    return [(_("Alerts about"), subscription.followed), (_("How often"), cadence)]


def reasons(event: Event, subscriptions: Sequence[Subscription]) -> str:
    """Return why somebody gets this: "because you follow Amazon and its subsidiaries"."""
    if event.type == Event.Type.CORRECTED:
        return _(
            "You get this because you follow %(what)s, and were told, or would have been, "
            "what is corrected here."
        ) % {"what": _followed(subscriptions)}
    return _("You get this because you follow %(what)s.") % {"what": _followed(subscriptions)}


def digest_reasons(subscriptions: Sequence[Subscription]) -> str:
    """Return why somebody gets a digest."""
    return _("You get this because you follow %(what)s.") % {"what": _followed(subscriptions)}


def _followed(subscriptions: Sequence[Subscription]) -> str:
    return _(", and also ").join(dict.fromkeys(one.followed for one in subscriptions))
