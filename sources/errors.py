"""What can go wrong with reviewing a finding, and with bringing a text.

::

    ReviewError
    ├── AlreadyReviewed    somebody was faster
    ├── AlreadyRecorded    the target has the proposed status: link the finding to that change
    ├── WrongTarget        the change to link to is another target's
    ├── ReasonMissing      nothing is dismissed or removed without a reason
    └── NoLabel            nothing says what should have been found
    PushError
    ├── PushRefused        the text cannot be taken in as it is
    └── SourceBusy         somebody is polling the source: try again
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from campaigns.models import StatusChange
    from sources.models import Review


class ReviewError(Exception):
    """Base of everything that refuses a review; nothing was written. ``str()`` is a sentence."""


class AlreadyReviewed(ReviewError):
    """The finding was reviewed meanwhile.

    Attributes:
        review: who decided what, and when.
    """

    def __init__(self, review: Review) -> None:
        super().__init__(
            _("%(who)s reviewed this finding on %(when)s UTC: %(verdict)s.")
            % {
                "who": review.reviewer or _("The trusted watch"),
                "when": date_format(timezone.localtime(review.reviewed_at), "j F Y, H:i"),
                "verdict": review.get_verdict_display(),
            }
        )
        self.review = review


class AlreadyRecorded(ReviewError):
    """The target has the proposed status already.

    Attributes:
        change: the status change which put it there.
    """

    def __init__(self, change: StatusChange) -> None:
        super().__init__(
            _("The target is “%(status)s” already: link the finding to the existing change.")
            % {"status": change.get_to_status_display()}
        )
        self.change = change


class WrongTarget(ReviewError):
    """The change to link to belongs to another target."""


class NoReviewer(ReviewError):
    """Whoever a finding is assigned to must be allowed to review it."""


class InvalidDeferral(ReviewError):
    """A finding is put off until a later day."""


class ReasonMissing(ReviewError):
    """Nothing is dismissed or removed without a reason."""


class NoLabel(ReviewError):
    """The finding cannot be in the backtest set, as the sentence says why."""


class PushError(Exception):
    """Base of everything that keeps a text out; nothing was written. ``str()`` is a sentence."""


class PushRefused(PushError):
    """The text cannot be taken in as it is, or not for this source."""


class SourceBusy(PushError):
    """Somebody is polling the source, or bringing another text."""
