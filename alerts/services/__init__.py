"""The verbs of alerts."""

from alerts.services.announcing import FindingNews, announce_findings, register_news
from alerts.services.bouncing import note_arrival, note_bounce, note_complaint
from alerts.services.capping import count_request
from alerts.services.composing import compose_digests, overdue_digests
from alerts.services.confirming import send_confirmation
from alerts.services.erasing import delete_unconfirmed, erase_subscriber
from alerts.services.estimating import Estimate, estimate_mails
from alerts.services.exporting import export_subscriber
from alerts.services.fanning_out import fan_out, owe_late_corrections
from alerts.services.foretelling import Audience, Foretold, audience_of, foretell
from alerts.services.mailing import send_mail
from alerts.services.managing import (
    change_settings,
    change_subscription,
    confirm_anew,
    end_subscriptions,
    managed_subscriber,
    pause_subscriber,
    resume_subscriber,
)
from alerts.services.overdue import (
    overdue_confirmations,
    overdue_fan_outs,
    overdue_mails,
    overdue_webhooks,
)
from alerts.services.pausing import is_paused, open_pause, pause_alerts, resume_alerts
from alerts.services.posting import send_webhooks
from alerts.services.reciting import Told, owed_to, recite
from alerts.services.registering import (
    AMENDABLE,
    amend_endpoint,
    check_endpoint,
    register_endpoint,
    rotate_secret,
    signing_secrets,
)
from alerts.services.replaying import replay_delivery, replay_failed
from alerts.services.subscribing import (
    confirm,
    subscribe,
    subscription_to_confirm,
    subscriptions_of,
    unsubscribe,
)
from alerts.services.switching import (
    disable_endpoint,
    enable_endpoint,
    owners_to_tell,
    remove_endpoint,
    tell_owners,
)
from alerts.services.trying import try_endpoint
from alerts.services.warning import warn_of_expiries

__all__ = [
    "AMENDABLE",
    "Audience",
    "Estimate",
    "FindingNews",
    "Foretold",
    "Told",
    "amend_endpoint",
    "announce_findings",
    "audience_of",
    "change_settings",
    "change_subscription",
    "check_endpoint",
    "compose_digests",
    "confirm",
    "confirm_anew",
    "count_request",
    "delete_unconfirmed",
    "disable_endpoint",
    "enable_endpoint",
    "end_subscriptions",
    "erase_subscriber",
    "estimate_mails",
    "export_subscriber",
    "fan_out",
    "foretell",
    "is_paused",
    "managed_subscriber",
    "note_arrival",
    "note_bounce",
    "note_complaint",
    "open_pause",
    "overdue_confirmations",
    "overdue_digests",
    "overdue_fan_outs",
    "overdue_mails",
    "overdue_webhooks",
    "owe_late_corrections",
    "owed_to",
    "owners_to_tell",
    "pause_alerts",
    "pause_subscriber",
    "recite",
    "register_endpoint",
    "register_news",
    "remove_endpoint",
    "replay_delivery",
    "replay_failed",
    "resume_alerts",
    "resume_subscriber",
    "rotate_secret",
    "send_confirmation",
    "send_mail",
    "send_webhooks",
    "signing_secrets",
    "subscribe",
    "subscription_to_confirm",
    "subscriptions_of",
    "tell_owners",
    "try_endpoint",
    "unsubscribe",
    "warn_of_expiries",
]
