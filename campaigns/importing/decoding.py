"""From the bytes of a file to its text, and what is to be said of it. Pure."""

from __future__ import annotations

import codecs

from campaigns.importing.rows import UnreadableFile

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decode(content: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the text of a file in UTF-8, in UTF-16 with a mark, or as old Windows programs write.

    A single byte that is not UTF-8 does not make a file in UTF-8 one of Windows: every other
    letter beyond ASCII would be garbled.

    Returns:
        The text, and notes on how it was read, as sentences.

    Raises:
        UnreadableFile: it is in none of these, or partly in one and partly in another.
    """
    if content.startswith(_UTF16):
        try:
            return content.decode("utf-16"), ()
        except UnicodeDecodeError as error:
            raise UnreadableFile("The file breaks off: save it as “CSV UTF-8”.") from error
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
    if not content.decode("utf-8", "ignore").isascii():
        raise UnreadableFile(
            f"Line {line} has a character that is not in UTF-8, as the rest of the file is: "
            "type it anew, and save the file as “CSV UTF-8”."
        )
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"Line {line} is no text in UTF-8: save the file as “CSV UTF-8”."
        ) from error
    shown = text.split("\n")[line - 1].strip()[:80]
    note = (
        f"The file is not in UTF-8, and is read as Windows-1252. See whether line {line} is right, "
        f"“{shown}”; if it is not, save the file as “CSV UTF-8”."
    )
    return text, (note,)
