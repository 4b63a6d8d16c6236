"""What can go wrong in alerts.

::

    AlertError
    ├── InvalidToken           a link is wrong, too old, or its subscription is over
    ├── InvalidAddress         this is no e-mail address
    ├── InvalidEndpoint        this endpoint cannot be kept as it is
    ├── QueueUnreachable       a wake-up could not be put into the queue; the sweep makes up for it
    └── ChannelFailure         a message did not go out
        ├── TemporaryFailure   worth another try
        │   └── ChannelDown    nothing can be sent to anybody now
        └── PermanentFailure   this recipient or this message was refused for good
"""

from __future__ import annotations


class AlertError(Exception):
    """Base of everything that alerts refuse. ``str()`` is a sentence for the user."""


class InvalidToken(AlertError):
    """The link is wrong, too old, or what it was made for is over."""


class InvalidAddress(AlertError):
    """This is no e-mail address."""


class InvalidEndpoint(AlertError):
    """An endpoint cannot be kept as it is. ``field`` names what is at fault."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


class QueueUnreachable(AlertError):
    """The broker does not take a task. Nothing is lost: the row is still due."""


class ChannelFailure(AlertError):
    """A message did not go out. ``str()`` is what the other side said."""


class TemporaryFailure(ChannelFailure):
    """Worth another try: nobody answered, or the answer was "later"."""


class ChannelDown(TemporaryFailure):
    """Nobody answers, or we are refused whoever the recipient: not the time for another message."""


class PermanentFailure(ChannelFailure):
    """The recipient or the message was refused for good."""
