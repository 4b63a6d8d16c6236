"""Sources that tell a bill's status, and what waits for it."""

import datetime as dt

from campaigns.models import Bill, Target
from campaigns.statuses import Status
from config.demo.site import Site
from sources.kinds import SourceKind
from sources.models import Poll, Source
from sources.services import poll_sources
from tests.factories import make_change, make_outcome_draft, make_target
from tests.sources.factories import make_source

NOW = dt.datetime(2024, 1, 2, 12, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
FIRST_STEP = ("2019-02-21", "lower", "Read first time. To print.", ["introduction", "reading-1"])
COMMITTEE = ("2019-03-11", "lower", "Referred to Com. on PUB. S.", ["referral-committee"])
SIGNED = ("2019-10-08", "executive", "Approved by the Governor.", ["executive-signature"])


def poll(source: Source, moment: dt.datetime = NOW) -> Poll:
    """Poll a source once, due or not."""
    [result] = poll_sources(source_ids=[source.pk], now=moment)
    source.refresh_from_db()
    return result


def followed(
    site: Site, bill: Bill, body: bytes, form: str = "openstates-v3", **rules: str
) -> Source:
    """A source that tells a bill's status."""
    kind = "application/xml" if form == "billstatus" else "application/json"
    return make_source(
        site.set("/bills/one", body, headers={"Content-Type": kind}),
        kind=SourceKind.BILL,
        bill=bill,
        rules={"form": form, **rules},
    )


def waiting_for(bill: Bill, recorded_at: dt.datetime = NOW) -> Target:
    """A target whose outcome in force waits for a bill."""
    draft = make_outcome_draft(kind="conditional_halt", expires_on=None, condition_bill=bill)
    target = make_target()
    make_change(target, Status.PAUSED, dt.date(2019, 1, 15), recorded_at, outcome=draft)
    target.refresh_from_db()
    return target
