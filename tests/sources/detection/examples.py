"""Targets and short texts of our own making that detection is tried on."""

import datetime as dt

from sources.detection import Candidate, Text, WatchedTarget, detect
from sources.detection.panorama import Panorama, Reader

THURSDAY = dt.date(2024, 5, 16)

CORVIA = WatchedTarget(
    key=1,
    company="Corvia",
    aliases=("Corvia Systems",),
    products=("FaceLink",),
    demand="Stop selling face recognition to police",
    topics=("Police face recognition",),
    status="called_on",
)
LUMEN = WatchedTarget(
    key=2,
    company="Lumen Bank",
    aliases=("Lumen",),
    demand="End loans to coal mines",
    topics=("Fossil fuel finance",),
    status="called_on",
)
HALDEN = WatchedTarget(
    key=3,
    company="Halden Foods",
    demand="Join the Fair Harvest Code for farmworkers",
    topics=("Farmworker rights",),
    status="called_on",
)
EVERYBODY = (CORVIA, LUMEN, HALDEN)


def read(
    body: str, *targets: WatchedTarget, published: dt.date | None = THURSDAY
) -> list[Candidate]:
    """Detect in a new text."""
    return detect(None, Text(body, published_on=published), targets or EVERYBODY)


def as_read(body: str, target: WatchedTarget, published: dt.date = THURSDAY) -> list[str]:
    """Return the statuses that the grammar reads in a text of one sentence, extensions by name."""
    panorama = Panorama(Reader(Text(body, published_on=published), [target]), target)
    verdicts = [verdict for _, verdict in panorama.verdicts(0)]
    return ["extension" if verdict.extends else verdict.status for verdict in verdicts]
