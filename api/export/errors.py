"""What can stand in the way of an export.

::

    ExportError
    ├── ExportRefused      the folder holds something that no export put there
    ├── ExportRunning      another export writes to the same folder
    └── InconsistentData   a record refers to one that is not public
"""


class ExportError(Exception):
    """An export did not happen; the text says why, for people."""


class ExportRefused(ExportError):
    """The folder holds something else: nothing was touched."""


class ExportRunning(ExportError):
    """Another export to the same folder has not ended."""


class InconsistentData(ExportError):
    """A record refers to one that is not in the data set, so one of them should not be there."""
