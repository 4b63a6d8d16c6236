"""What can go wrong in the domain.

::

    CampaignError
    ├── AppendOnlyError            somebody tried to edit or delete a row of the log
    └── InvalidStatusChange        the change was refused, nothing was written
        ├── InvalidTransition      the step contradicts the history around it
        ├── NothingChanges         the target has that status already, and no new outcome is given
        ├── InvalidDate            dates in the wrong order, or in the future
        └── InvalidCorrection      what is to be corrected cannot be
"""

from __future__ import annotations


class CampaignError(Exception):
    """Base of everything that the domain refuses. ``str()`` is a sentence for the user."""


class AppendOnlyError(CampaignError):
    """Rows of the log are never updated or deleted; record a correction instead."""


class InvalidStatusChange(CampaignError):
    """A status change was refused, and nothing was written.

    Attributes:
        field: the argument of ``record_status_change`` that is at fault, for forms to mark.
    """

    def __init__(self, message: str, field: str = "to_status") -> None:
        super().__init__(message)
        self.field = field


class InvalidTransition(InvalidStatusChange):
    """The step contradicts the history around it."""


class NothingChanges(InvalidStatusChange):
    """The target has that status already, and no new outcome is given."""


class InvalidDate(InvalidStatusChange):
    """Dates are in the wrong order, or in the future."""


class InvalidCorrection(InvalidStatusChange):
    """What is to be corrected was corrected before, or belongs to another target."""
