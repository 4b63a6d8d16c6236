"""The one writer of a bill's record for its tracker; of what waits for a bill it knows nothing."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.dates import Precision
from campaigns.models import Bill
from sources.extraction.bills import BillReading, is_same_bill


class WrongBill(Exception):
    """An answer is of another bill than the one that its source is to follow."""


@transaction.atomic
def follow_tracker(*, bill: Bill, reading: BillReading) -> tuple[Bill, bool]:
    """Bring a bill on record up to a reading; its history gets a version if anything changed.

    Only what the tracker knows better is written: the status and its day, and of the rest what is
    missing. The record is never set back: a reading whose status is older than the recorded one
    changes nothing, for a person may have noted what the tracker does not tell, such as a pause.

    Returns:
        The bill as it is on record now, and whether its status is another one than before.

    Raises:
        WrongBill: the reading is of another bill; nothing was written.
    """
    refuse_another(bill=bill, reading=reading)
    bill = Bill.objects.select_for_update().get(pk=bill.pk)
    before = bill.status
    if _is_newer(bill, reading):
        bill.status = reading.status
        bill.status_on = reading.status_on
        bill.status_precision = Precision.DAY
    _fill_in(bill, reading)
    bill.save()
    return bill, bill.status != before


def refuse_another(*, bill: Bill, reading: BillReading) -> None:
    """Raise :class:`WrongBill` if a reading is of another bill than the one on record."""
    if not is_same_bill(reading, bill.identifier, bill.session):
        raise WrongBill(
            _("The answer is about %(read)s (%(session)s), not about %(bill)s.")
            % {"read": reading.identifier, "session": reading.session, "bill": bill}
        )


def _is_newer(bill: Bill, reading: BillReading) -> bool:
    if bill.status_on is None:
        return True
    if reading.status_on is None:
        return False
    if bill.status == reading.status:
        # The same day known better: "in June" becomes "on 10 June".
        return bill.status_precision != Precision.DAY and reading.status_on >= bill.status_on
    return reading.status_on >= bill.status_on


def _fill_in(bill: Bill, reading: BillReading) -> None:
    bill.url = bill.url or reading.url
    known, told = bill.introduced_on, bill.status_on
    if known is None or (told and told < known and bill.status_precision == Precision.DAY):
        # The database refuses a bill that was older than its introduction.
        bill.introduced_on = reading.introduced_on
