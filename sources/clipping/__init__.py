"""Clipping: what an article, letter or post says that an advocate would log, with the passages.

Pure: no I/O but the lexicon of detection, no clock, no framework.
"""

from sources.clipping.dating import is_date
from sources.clipping.model import Clipping, Count, Day, Found, Guess, Name, Passage
from sources.clipping.names import MOST_PHRASES
from sources.clipping.reader import TEXT_LENGTH, clip, phrases_of

__all__ = [
    "MOST_PHRASES",
    "TEXT_LENGTH",
    "Clipping",
    "Count",
    "Day",
    "Found",
    "Guess",
    "Name",
    "Passage",
    "clip",
    "is_date",
    "phrases_of",
]
