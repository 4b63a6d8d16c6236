"""What can go wrong with reading an answer."""

from __future__ import annotations

from sources.causes import Cause


class Unreadable(Exception):
    """The answer is not what a source of its kind should give.

    Attributes:
        cause: the machine's word for it.
        detail: what was seen; it may quote the answer, so escape it wherever it is shown.
    """

    def __init__(self, cause: Cause, detail: str = "") -> None:
        super().__init__(cause, detail)
        self.cause = cause
        self.detail = detail
