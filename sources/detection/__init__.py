"""Detection: which sentences of a text report that a watched target's status changed.

Pure: no I/O but reading its own lexicon once, no clock, no framework.
"""

from sources.detection.detector import detect
from sources.detection.model import Candidate, Text, WatchedTarget

__all__ = ["Candidate", "Text", "WatchedTarget", "detect"]
