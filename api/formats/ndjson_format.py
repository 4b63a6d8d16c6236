"""NDJSON: one record a line, as the list shows it in JSON (https://github.com/ndjson/ndjson-spec)."""

from __future__ import annotations

from collections.abc import Iterator

from api.formats.kinds import PAGE_SIZE, Format, Whole, dumps


class NdjsonFormat(Format):
    """All records of the list, whole."""

    name = "ndjson"
    media_type = "application/x-ndjson"
    ending = "ndjson"
    help = "All records of the list, one JSON object a line."
    broken_off = b"Incomplete: an error on the server broke this list off here. Ask again.\n"

    def write(self, whole: Whole) -> Iterator[bytes]:
        for items in whole.reading.pages(whole.selection, size=PAGE_SIZE):
            yield b"".join(dumps(item) + b"\n" for item in items)
